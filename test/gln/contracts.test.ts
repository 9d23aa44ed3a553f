/**
 * What every caller may rely on, whatever the network: predicting leaves no trace,
 * results land where they were asked for, parameters go out and come in unharmed.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import { digest, flat } from '../support/gln';
import { build, learn, sideInfoOf, state, taught } from '../support/models';
import { plans, rateOf, rowsOf } from '../support/plans';
import { runs } from '../support/property';
import { Random } from '../support/random';

describe('predict', () => {
  it('changes nothing, and says the same again', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const { model, rows, input } = taught(plan);
        const before = state(model);
        const options = { returnProbs: true as const, ...sideInfoOf(plan, rows) };
        const first = model.predict(input, undefined, options);
        expect(model.predict(input, undefined, options)).toEqual(first);
        model.predict(input, undefined, sideInfoOf(plan, rows));
        expect(state(model)).toEqual(before);
        model.dispose();
      }),
      runs(60),
    );
  });

  it('with targets is learning', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const rows = rowsOf(plan);
        const learner = build(plan);
        const predictor = build(plan);
        const probabilities = learn(learner, plan, rows);
        const options = { returnProbs: true as const, ...sideInfoOf(plan, rows) };
        const labels = rows.map((row) => row.label);
        const input = flat(rows.map((row) => row.input));
        expect(predictor.predict(input, labels, options)).toEqual(probabilities);
        expect(state(predictor)).toEqual(state(learner));
        learner.dispose();
        predictor.dispose();
      }),
      runs(40),
    );
  });

  it('gives a row the same class alone and among others', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const { model, rows, input } = taught(plan);
        const together = model.predict(input, undefined, sideInfoOf(plan, rows));
        const alone = rows.map((row) => {
          const [found] = model.predict(row.input, undefined, sideInfoOf(plan, [row]));
          return found;
        });
        expect(Array.from(together)).toEqual(alone);
        model.dispose();
      }),
      runs(60),
    );
  });

  it('gives the class of the largest probability, where one is', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const { model, rows, input } = taught(plan);
        const sideInfo = sideInfoOf(plan, rows);
        const classes = model.predict(input, undefined, sideInfo);
        const probabilities = model.predict(input, undefined, { returnProbs: true, ...sideInfo });
        const width = probabilities.length / rows.length;
        expect(width).toBe(plan.options.numClasses === 2 ? 1 : plan.options.numClasses);
        classes.forEach((found, row) => {
          const ofRow = probabilities.subarray(row * width, (row + 1) * width);
          if (width === 1) {
            // Rounding brings sums next to zero to a probability of exactly one half.
            if (ofRow[0] !== 0.5) expect(found).toBe(Number(ofRow[0] > 0.5));
          } else {
            expect(ofRow[found]).toBe(Math.max(...ofRow));
          }
        });
        model.dispose();
      }),
      runs(60),
    );
  });
});

describe('out', () => {
  const rows = 5;
  const input = new Random(6).floats(rows * 4);

  it.each([2, 3])('is filled and returned, with %i classes', (numClasses) => {
    const model = new GLN({ inputSize: 4, layerSizes: [3], numClasses });
    const width = numClasses === 2 ? 1 : numClasses;
    const probabilities = new Float32Array(rows * width).fill(-1);
    const fresh = model.predict(input, undefined, { returnProbs: true });
    const given = model.predict(input, undefined, { returnProbs: true, out: probabilities });
    expect(given).toBe(probabilities);
    expect(probabilities).toEqual(fresh);
    const classes = new Uint32Array(rows).fill(99);
    expect(model.predict(input, undefined, { out: classes })).toBe(classes);
    expect(classes).toEqual(model.predict(input));
  });

  it('takes what learning returns', () => {
    const labels = [0, 1, 1, 0, 1];
    const model = new GLN({ inputSize: 4, layerSizes: [3] });
    const twin = new GLN({ inputSize: 4, layerSizes: [3] });
    const out = new Float32Array(rows).fill(-1);
    expect(model.learn(input, labels, { returnProbs: true, out })).toBe(out);
    expect(out).toEqual(twin.learn(input, labels, { returnProbs: true }));
    const single = new Float32Array(1).fill(-1);
    const row = input.subarray(0, 4);
    expect(model.learn(row, 1, { returnProbs: true, out: single })).toBe(single);
    expect(single).toEqual(twin.learn(row, 1, { returnProbs: true }));
  });

  it('is the caller’s alone: results of earlier calls stay as they were', () => {
    const model = new GLN({ inputSize: 4, layerSizes: [3], learningRate: 0.1 });
    const row = input.subarray(0, 4);
    const first = model.predict(row, undefined, { returnProbs: true });
    const copy = first.slice();
    model.learn(row, 1);
    const second = model.predict(row, undefined, { returnProbs: true });
    expect(first).toEqual(copy);
    expect(second).not.toEqual(copy);
  });
});

describe('parameters', () => {
  it('build a network that goes on to the same bits', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const rows = rowsOf(plan);
        const half = Math.ceil(rows.length / 2);
        const model = build(plan);
        learn(model, plan, rows.slice(0, half));
        const rate = rateOf(plan);
        // The copy begins to count its rows anew; its schedule begins where this one is.
        const copy = GLN.fromParameters(
          { ...plan.options, learningRate: (t) => rate(t + half) },
          model.parameters(),
        );
        if (half < rows.length) {
          const rest = rows.slice(half);
          expect(learn(copy, plan, rest)).toEqual(learn(model, plan, rest));
        }
        expect(digest(copy.parameters())).toBe(digest(model.parameters()));
      }),
      runs(40),
    );
  });

  it('are copies', () => {
    const model = new GLN({ inputSize: 4, layerSizes: [3] });
    const before = digest(model.parameters());
    for (const { weights, hyperplanes, hyperplaneBias } of model.parameters()) {
      for (const array of [weights, hyperplanes, hyperplaneBias]) array.fill(7);
    }
    expect(digest(model.parameters())).toBe(before);
  });

  it('start at one over the inputs, with hyperplanes of the promised kind', () => {
    const options = { inputSize: 64, layerSizes: [50], contextMapSize: 8 };
    for (const contextBias of [false, true]) {
      for (const bias of [false, true]) {
        const layers = new GLN({ ...options, bias, contextBias, seed: 9 }).parameters();
        [64, 50].forEach((size, index) => {
          const { weights, hyperplanes, hyperplaneBias } = layers[index];
          const initial = Math.fround(1 / (size + Number(bias)));
          expect(weights.every((weight) => weight === initial)).toBe(true);
          expect(hyperplaneBias.some((offset) => offset !== 0)).toBe(contextBias);
          for (let start = 0; start < hyperplanes.length; start += 64) {
            const length = Math.hypot(...hyperplanes.subarray(start, start + 64));
            // Unit length to float32's rounding; else √64 in the mean with a spread of
            // √½, and seven of those spreads come up once in 10^11.
            if (contextBias) expect(Math.abs(length - 1)).toBeLessThan(1e-6);
            else expect(Math.abs(length - 8)).toBeLessThan(5);
          }
        });
      }
    }
  });
});
