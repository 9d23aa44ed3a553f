/**
 * Rates of layers: a factor of the rate for each, and for the last one, too.
 */

import fc from 'fast-check';
import { GLN, type GLNOptions } from '../../lib/index';
import { compareLearning } from '../support/comparison';
import { digest } from '../support/gln';
import { expectComplaint } from '../support/misuse';
import { runs } from '../support/property';
import { Random } from '../support/random';
import { weightedPlans } from './weighted-plans';

const random = new Random(21);
const input = random.floats(200 * 70);
const labels = Array.from({ length: 200 }, () => random.below(3));
const options: GLNOptions = {
  inputSize: 70,
  layerSizes: [9, 4],
  numClasses: 3,
  learningRate: 1e-3,
};

function taught(added: Partial<GLNOptions>): GLN {
  const model = new GLN({ ...options, ...added });
  model.learn(input, labels);
  return model;
}

describe('layerRates', () => {
  it.each([
    ['short rows', {}, 40],
    ['long rows', { wide: true }, 5],
  ] as const)('and averages are learned as the specification says: %s', (_, limits, count) => {
    let learned = 0;
    fc.assert(
      fc.property(weightedPlans({ rateShares: { min: 0.01, max: 0.5 }, ...limits }), (plan) => {
        learned += compareLearning(plan);
      }),
      runs(count),
    );
    expect(learned).toBeGreaterThan(10 * count);
  });

  it('of one change nothing', () => {
    const plain = digest(taught({}).parameters());
    expect(digest(taught({ layerRates: [1, 1, 1] }).parameters())).toBe(plain);
    expect(digest(taught({ layerRates: [1, 1, 0.5] }).parameters())).not.toBe(plain);
  });

  it('are factors of the rate', () => {
    // Halves are exact, so the bits must agree.
    const scaled = taught({ layerRates: [0.5, 0.5, 0.5], learningRate: 2e-3 });
    expect(digest(scaled.parameters())).toBe(digest(taught({}).parameters()));
  });

  it('each move their own layer', () => {
    // A factor so small that no weight near 1 / 71 can move.
    [0, 1, 2].forEach((still) => {
      const layerRates = [0, 1, 2].map((layer) => (layer === still ? 1e-30 : 1));
      taught({ layerRates })
        .parameters()
        .forEach(({ weights }, layer) => {
          const initial = Math.fround(1 / [71, 10, 5][layer]);
          expect(weights.every((weight) => weight === initial)).toBe(layer === still);
        });
    });
  });

  it('decide which steps overshoot, in each layer by its own rate', () => {
    // Rows of a length that the plain rate overshoots on: learned one by one, in any
    // split the bits are the same. With a small factor they are chained again.
    const rate = { learningRate: 1, basePredictor: 'logits' as const };
    const cut = (added: Partial<GLNOptions>, rows: number) => {
      const model = new GLN({ ...options, ...rate, ...added });
      for (let first = 0; first < 200; first += rows) {
        model.learn(
          input.subarray(first * 70, (first + rows) * 70),
          labels.slice(first, first + rows),
        );
      }
      return digest(model.parameters());
    };
    expect(cut({}, 1)).toBe(cut({}, 200));
    const layerRates = [1e-4, 1, 1];
    expect(cut({ layerRates }, 1)).not.toBe(cut({ layerRates }, 200));
  });

  it('are copied, and kept in the options', () => {
    const layerRates = [1, 0.5, 0.25];
    const model = taught({ layerRates });
    layerRates[0] = 7;
    expect(model.options.layerRates).toEqual([1, 0.5, 0.25]);
    expect(Object.isFrozen(model.options.layerRates)).toBe(true);
    expect(taught({}).options.layerRates).toBeUndefined();
    const copy = GLN.fromParameters(model.options, model.parameters());
    // One by one: chains of rows would end elsewhere, as the copy counts from 0.
    for (let t = 0; t < 10; t++) {
      const row = input.subarray(70 * t, 70 * t + 70);
      expect(copy.learn(row, labels[t])).toEqual(model.learn(row, labels[t]));
    }
    expect(digest(copy.parameters())).toBe(digest(model.parameters()));
  });

  it.each([
    [[1, 1]],
    [[1, 1, 1, 1]],
    [[]],
    [1],
    ['1'],
    [null],
    [Float32Array.of(1, 1, 1)],
    [[1, 0, 1]],
    [[1, -1, 1]],
    [[1, Number.NaN, 1]],
    [[1, 1e39, 1]],
    [[1, '1', 1]],
    [[1, undefined, 1]],
  ])('that are %p are refused', (layerRates) => {
    const bad = { ...options, layerRates } as GLNOptions;
    expectComplaint(() => new GLN(bad), { code: 'ERR_GLN_OPTION', names: 'layerRates' });
  });
});
