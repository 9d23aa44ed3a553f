/** Random small Gaussian networks with rows to learn, as plain data. */
import fc from 'fast-check';
import type { GaussianGLNOptions } from '../../lib';
import type { GaussianLayer } from '../reference/gaussian';
import { Random } from '../support/random';

export interface GaussianPlan {
  options: GaussianGLNOptions & { layerSizes: number[]; biasLength: number };
  rate: number;
  rowCount: number;
  seed: number;
}

/** Networks of both rules, with bounds that bite. */
export const gaussianPlans: fc.Arbitrary<GaussianPlan> = fc
  .record({
    inputSize: fc.integer({ min: 1, max: 19 }),
    layerSizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
    contextMapSize: fc.integer({ min: 0, max: 4 }),
    biasLength: fc.integer({ min: 0, max: 4 }),
    rule: fc.constantFrom('paper' as const, 'robust' as const),
    minVariance: fc.constantFrom(0.01, 0.3, 0.7),
    maxVariance: fc.constantFrom(0.8, 1.5, 1e5),
    inputVariance: fc.constantFrom(0.3, 1, 2.5),
    meanLimit: fc.constantFrom(1.5, 1e60),
    weightRange: fc.constantFrom([-1000, 1000] as const, [-0.3, 0.4] as const),
    threads: fc.constantFrom(1, 2),
    rate: fc.constantFrom(0.0003, 0.003),
    rowCount: fc.integer({ min: 1, max: 60 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(({ rate, rowCount, seed, ...options }) => ({
    options: { ...options, seed, standardize: false, learningRate: rate },
    rate,
    rowCount,
    seed,
  }));

/** Rows and targets of a plan. */
export function rowsOf({ options, rowCount, seed }: GaussianPlan): {
  rows: Float32Array;
  targets: Float64Array;
} {
  const random = new Random(seed);
  return {
    rows: random.floats(rowCount * options.inputSize),
    targets: Float64Array.from({ length: rowCount }, () => 1.5 * random.normal()),
  };
}

/** Parameters with weights of both signs, so that precisions come out of every size. */
export function layersOf({ options, seed }: GaussianPlan): GaussianLayer[] {
  const random = new Random(seed + 1);
  const { inputSize, layerSizes, contextMapSize = 4, biasLength } = options;
  const below = [inputSize, ...layerSizes];
  const list = <Item>(length: number, make: () => Item) => Array.from({ length }, make);
  const exact = () => Math.fround(random.normal());
  return [...layerSizes, 1].map((neurons, k) => {
    const inputs = below[k] + biasLength;
    return {
      weights: list(neurons, () =>
        list(2 ** contextMapSize, () => list(inputs, () => (1 + 2 * random.normal()) / inputs)),
      ),
      hyperplanes: list(neurons, () => list(contextMapSize, () => list(inputSize, exact))),
      hyperplaneBias: list(neurons, () => list(contextMapSize, exact)),
    };
  });
}
