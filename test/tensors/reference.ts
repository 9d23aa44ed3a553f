/**
 * The layers that are trained by gradients, in float64 and straight from their
 * formulas: what the native ones are held against. Beside each sum stands the sum
 * of its terms' magnitudes, which says how far float32 may be from it.
 */

// Looked up once: in jest's sandbox, globals cost more than the arithmetic.
const { abs } = Math;

/** As `ActivationKind` of types/tensors.d.ts, whose members have no values at run time. */
export const activations = { linear: 0, relu: 1, sigmoid: 2, elu: 3, tanh: 4 } as const;
export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as ActivationName[];

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export const activationOf: Record<ActivationName, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  sigmoid,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
};

/** The derivative, from what the activation gave. */
export const slopeOf: Record<ActivationName, (y: number) => number> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
  elu: (y) => (y > 0 ? 1 : y + 1),
  tanh: (y) => 1 - y * y,
};

type Values = ArrayLike<number>;

export interface Shape {
  rows: number;
  inputs: number;
  units: number;
}

/** Sums of products, and the sums of their terms' magnitudes. */
export interface Sums {
  values: Float64Array;
  magnitudes: Float64Array;
}

/** A matrix of rows one after the other, or its transpose. */
interface Matrix {
  data: Values;
  width: number;
  transposed?: boolean;
}

/** left · right, the former with `rows` rows, the latter with `columns` columns. */
function product(rows: number, columns: number, depth: number, left: Matrix, right: Matrix): Sums {
  const values = new Float64Array(rows * columns);
  const magnitudes = new Float64Array(rows * columns);
  const [leftRow, leftDepth] = left.transposed ? [1, left.width] : [left.width, 1];
  const [rightDepth, rightColumn] = right.transposed ? [1, right.width] : [right.width, 1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let value = 0;
      let magnitude = 0;
      for (let k = 0; k < depth; k++) {
        const term =
          left.data[row * leftRow + k * leftDepth] *
          right.data[k * rightDepth + column * rightColumn];
        value += term;
        magnitude += abs(term);
      }
      values[row * columns + column] = value;
      magnitudes[row * columns + column] = magnitude;
    }
  }
  return { values, magnitudes };
}

/** input · kernel + bias */
export function affine(
  { rows, inputs, units }: Shape,
  input: Values,
  kernel: Values,
  bias: Values | null,
): Sums {
  const left = { data: input, width: inputs };
  const result = product(rows, units, inputs, left, { data: kernel, width: units });
  if (bias !== null) {
    for (let index = 0; index < rows * units; index++) {
      result.values[index] += bias[index % units];
      result.magnitudes[index] += abs(bias[index % units]);
    }
  }
  return result;
}

/** Gradients of an affine map by what it takes, from the gradient of what it gives. */
export interface AffineGradients {
  input: Sums;
  kernel: Sums;
  bias: Sums;
}

export function affineGradients(
  { rows, inputs, units }: Shape,
  input: Values,
  kernel: Values,
  gradient: Values,
): AffineGradients {
  const delta = { data: gradient, width: units };
  const turned = { data: input, width: inputs, transposed: true };
  const ones = { data: new Float64Array(rows).fill(1), width: rows };
  return {
    input: product(rows, inputs, units, delta, { data: kernel, width: units, transposed: true }),
    kernel: product(inputs, units, rows, turned, delta),
    bias: product(1, units, rows, ones, delta),
  };
}

/** What stands before the linear part and before the gate's sigmoid. */
export function gateDeltas(
  linear: Values,
  gate: Values,
  outputGradient: Values,
): { linear: Float64Array; gate: Float64Array } {
  return {
    linear: Float64Array.from(outputGradient, (g, index) => g * gate[index]),
    gate: Float64Array.from(
      outputGradient,
      (g, index) => g * linear[index] * gate[index] * (1 - gate[index]),
    ),
  };
}

export function addSums(a: Sums, b: Sums): Sums {
  return {
    values: a.values.map((value, index) => value + b.values[index]),
    magnitudes: a.magnitudes.map((value, index) => value + b.magnitudes[index]),
  };
}
