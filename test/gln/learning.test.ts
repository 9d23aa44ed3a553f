/**
 * What learning promises: the same calls give the same bits, and neither threads,
 * nor the way rows are cut into calls, nor the form they are handed over in, matter.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import { expectClose } from '../support/closeness';
import { digest, flat } from '../support/gln';
import { build, learnSplit, sideInfoOf, state } from '../support/models';
import { plans, rowsOf, unstableShares } from '../support/plans';
import { runs } from '../support/property';
import { Random } from '../support/random';

describe('learn', () => {
  it('repeats to the bit for the same seed and calls', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const first = learnSplit(plan, plan.splits);
        const second = learnSplit(plan, plan.splits);
        expect(second.probabilities).toEqual(first.probabilities);
        expect(state(second.model)).toEqual(state(first.model));
      }),
      runs(50),
    );
  });

  it('does not depend on the number of threads', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const [one, three] = [1, 3].map((threads) =>
          learnSplit({ ...plan, options: { ...plan.options, threads } }, plan.splits),
        );
        expect(three.probabilities).toEqual(one.probabilities);
        expect(state(three.model)).toEqual(state(one.model));
      }),
      runs(40),
    );
  });

  it('draws other hyperplanes for another seed', () => {
    const options = { inputSize: 3, layerSizes: [4], contextBias: true };
    const digests = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) =>
      digest(new GLN({ ...options, seed }).parameters()),
    );
    expect(new Set(digests).size).toBe(digests.length);
    expect(digest(new GLN(options).parameters())).toBe(digests[0]);
  });

  it.each([
    ['anywhere', [5, 1], { min: 0.01, max: 1 }],
    ['where weight clipping bites', [0.02, 0.1, 0.25], unstableShares],
  ])('gives the same in any split into calls: %s', (_, weightClippings, rateShares) => {
    const limits = { updateModes: ['online' as const], weightClippings, rateShares };
    let clipped = 0;
    fc.assert(
      fc.property(plans(limits), (plan) => {
        const single = learnSplit(plan, [1]);
        for (const splits of [[plan.rowCount], plan.splits]) {
          const other = learnSplit(plan, splits);
          expectClose(other.probabilities, single.probabilities, { absolute: 1e-5 });
          const expected = single.model.parameters();
          other.model.parameters().forEach(({ weights }, index) => {
            const inputs = [plan.options.inputSize, ...plan.options.layerSizes][index];
            // The scale is the initial weight's, as against the specification.
            const tolerance = { relative: 1e-5, scale: 1 / (inputs + Number(plan.options.bias)) };
            expectClose(weights, expected[index].weights, tolerance, `layer ${index}`);
          });
        }
        const limit = Math.fround(plan.options.weightClipping);
        const isClipped = (weight: number) => Math.abs(weight) === limit;
        const layers = single.model.parameters();
        clipped += layers.some(({ weights }) => weights.some(isClipped)) ? 1 : 0;
      }),
      runs(80),
    );
    if (weightClippings[0] < 1) expect(clipped).toBeGreaterThan(40);
  });

  it('only reads its arguments', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const rows = rowsOf(plan);
        const model = build(plan);
        const input = flat(rows.map((row) => row.input));
        const labels = Uint32Array.from(rows, (row) => row.label);
        const options = { returnProbs: true as const, ...sideInfoOf(plan, rows) };
        const before = [input.slice(), labels.slice(), options.sideInfo?.slice()];
        model.learn(input, labels, Object.freeze(options));
        expect([input, labels, options.sideInfo]).toEqual(before);
        model.dispose();
      }),
      runs(30),
    );
  });

  it('takes the same rows in any form', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const rows = rowsOf(plan);
        const labels = rows.map((row) => row.label);
        const nested = rows.map((row) => Array.from(row.input));
        const side = rows.map((row) => Array.from(row.sideInfo));
        const shared = new Float32Array(new SharedArrayBuffer(4 * nested.flat().length));
        shared.set(nested.flat());
        const forms = [
          { input: Float32Array.from(nested.flat()), sideInfo: Float32Array.from(side.flat()) },
          { input: nested.flat(), sideInfo: side.flat() },
          { input: nested, sideInfo: side },
          { input: Float64Array.from(nested.flat()), sideInfo: Float64Array.from(side.flat()) },
          { input: shared, sideInfo: side },
        ];
        const ends = forms.map(({ input, sideInfo }) => {
          const model = build(plan);
          const given = plan.options.sideInfoSize === undefined ? {} : { sideInfo };
          const probabilities = model.learn(input, labels, { returnProbs: true, ...given });
          return { probabilities, ...state(model) };
        });
        for (const end of ends) expect(end).toEqual(ends[0]);
      }),
      runs(40),
    );
  });

  it('takes the same targets in any form', () => {
    const input = new Random(5).floats(6 * 4);
    const labels = [0, 1, 1, 0, 1, 0];
    const forms = [
      labels,
      labels.map(Boolean),
      Uint8Array.from(labels),
      Uint16Array.from(labels),
      Uint32Array.from(labels),
      Int8Array.from(labels),
      Int16Array.from(labels),
      Int32Array.from(labels),
      Float32Array.from(labels),
      Float64Array.from(labels),
    ];
    const ends = forms.map((target) => {
      const model = new GLN({ inputSize: 4, layerSizes: [3] });
      return { classes: model.learn(input, target), ...state(model) };
    });
    for (const end of ends) expect(end).toEqual(ends[0]);
    const alone = new GLN({ inputSize: 4, layerSizes: [3] });
    const again = new GLN({ inputSize: 4, layerSizes: [3] });
    expect(alone.learn(input.subarray(0, 4), true)).toEqual(again.learn(input.subarray(0, 4), 1));
    expect(state(alone)).toEqual(state(again));
  });
});
