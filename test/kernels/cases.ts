/**
 * The inputs that every instruction set's kernels are run on.
 *
 * The child processes that run the kernels and the test that knows the right
 * answers both make the cases from here, so only results travel between them.
 */

import type { BasePredictor } from '../reference/arithmetic';
import { fma } from '../support/floats';
import { place } from '../support/guarded';
import { Random } from '../support/random';

/** Every remainder of a group of sixteen lanes, twice over, and real row lengths. */
export const sizes = [...Array.from({ length: 33 }, (_, index) => index + 1), 784, 785, 1000];

const offsets = [0, 1, 2, 3];

export interface DotCase {
  a: Float32Array;
  b: Float32Array;
}

/** Ordinary numbers, numbers of very different sizes, and products that underflow. */
const dotFlavours: ((random: Random) => number)[] = [
  (random) => random.normal(),
  (random) => random.normal() * 2 ** (random.below(41) - 20),
  (random) => random.normal() * 1e-22,
];

export function* dotCases(): Generator<DotCase> {
  const random = new Random(11);
  yield { a: new Float32Array(0), b: new Float32Array(0) };
  for (const size of sizes) {
    for (const draw of dotFlavours) {
      for (const offsetA of offsets) {
        for (const offsetB of offsets) {
          const a = place(
            random.floats(size, () => draw(random)),
            offsetA,
          );
          const b = place(
            random.floats(size, () => draw(random)),
            offsetB,
          );
          yield { a, b };
        }
      }
    }
  }
}

/** Pairs of sixteen elements. */
export function* shortDotCases(): Generator<DotCase> {
  for (const { a, b } of dotCases()) if (a.length === 16) yield { a, b };
}

export interface UpdateCase {
  weights: Float32Array;
  input: Float32Array;
  step: number;
  bound: number;
}

/** Steps that are no floats, a bound that bites often, and none at all. */
const updateScalars = [
  { step: 0.1, bound: 5 },
  { step: -0.7, bound: 0.3 },
  { step: 1e-3, bound: Number.POSITIVE_INFINITY },
];

export function* updateCases(): Generator<UpdateCase> {
  const random = new Random(12);
  for (const size of sizes) {
    for (const scalars of updateScalars) {
      for (const offsetWeights of offsets) {
        for (const offsetInput of offsets) {
          const weights = place(random.floats(size), offsetWeights);
          yield { weights, input: place(random.floats(size), offsetInput), ...scalars };
        }
      }
    }
  }
}

export type ElementwiseKernel = 'exp' | 'log' | 'sigmoid';
export const elementwiseKernels: readonly ElementwiseKernel[] = ['exp', 'log', 'sigmoid'];

/** Values all over each function's stated domain, ends included. */
export function elementwiseInputs(kernel: ElementwiseKernel): Float32Array {
  const random = new Random(13);
  const count = 20_000;
  if (kernel === 'log') {
    const spread = random.floats(count, () => 10 ** random.between(-29.99, 29.99));
    const nearOne = random.floats(count, () => 1 + random.normal() * 10 ** random.between(-7, -1));
    const edges = [1, 1 - 2 ** -24, 1 + 2 ** -23, Math.SQRT1_2, Math.SQRT2, 0.5, 2, 1.01e-30, 9e29];
    return Float32Array.from([...spread, ...nearOne, ...edges]);
  }
  const limit = kernel === 'exp' ? 87 : 30;
  const spread = random.floats(count, () => random.between(-limit, limit));
  const nearZero = random.floats(count, () => random.normal() * 10 ** random.between(-8, 0));
  return Float32Array.from([...spread, ...nearZero, 0, -0, limit, -limit, 2 ** -149]);
}

export interface GateCase {
  hyperplanes: Float32Array;
  bias: Float32Array;
  sideInfo: Float32Array;
  rows: number;
  planes: number;
  size: number;
}

const gateShapes = [
  ...sizes.map((size) => ({ rows: 1 + (size % 5), planes: 1 + ((size * 7) % 37), size })),
  { rows: 67, planes: 5, size: 9 },
  { rows: 1, planes: 64, size: 784 },
  { rows: 129, planes: 1, size: 3 },
  { rows: 16, planes: 16, size: 16 },
  { rows: 3, planes: 513, size: 2 },
];

/**
 * Half of the planes are offset to the very sum of some row, or to the float
 * just below it, so that the bits depend on every bit of that sum.
 */
export function* gateCases(): Generator<GateCase> {
  const random = new Random(14);
  for (const { rows, planes, size } of gateShapes) {
    const hyperplanes = place(random.floats(planes * size), random.below(4));
    const sideInfo = place(random.floats(rows * size), random.below(4));
    const offsetOf = (plane: number): number => {
      if (plane % 4 >= 2) return plane % 4 === 2 ? 0 : random.normal();
      const row = random.below(rows);
      let sum = 0;
      for (let j = 0; j < size; j++) {
        sum = fma(hyperplanes[plane * size + j], sideInfo[row * size + j], sum);
      }
      return plane % 4 === 0 ? sum : below(sum);
    };
    const bias = place(
      Float32Array.from({ length: planes }, (_, plane) => offsetOf(plane)),
      1,
    );
    yield { hyperplanes, bias, sideInfo, rows, planes, size };
  }
}

/** The next float towards minus infinity, for finite floats other than zero. */
function below(value: number): number {
  const float = Float32Array.of(value);
  new Int32Array(float.buffer)[0] += value > 0 ? -1 : 1;
  return float[0];
}

export interface BaseCase {
  basePredictor: BasePredictor;
  input: Float32Array;
  rows: number;
  size: number;
  predClipping: number;
}

const basePredictors: BasePredictor[] = ['minMax', 'probabilities', 'logits'];

export function* baseCases(): Generator<BaseCase> {
  const random = new Random(15);
  for (const basePredictor of basePredictors) {
    const draw =
      basePredictor === 'probabilities' ? () => random.uniform() : () => random.normal() * 3;
    for (const predClipping of [1e-3, 1e-4, 0.1]) {
      for (const size of sizes) {
        const rows = 1 + random.below(3);
        const input = place(random.floats(rows * size, draw), random.below(4));
        // A constant row, and a row that is nothing but extremes.
        if (random.below(3) === 0) input.fill(0.25, 0, size);
        if (random.below(3) === 0) input.set(random.floats(size, () => random.below(2)));
        yield { basePredictor, input, rows, size, predClipping };
      }
    }
  }
}
