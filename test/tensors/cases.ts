/**
 * The layers that every instruction set is run on: one source for the processes
 * that run them and for the test that knows the right answers.
 */

import { place } from '../support/guarded';
import { Random } from '../support/random';
import {
  type ActivationName,
  activationNames,
  activationOf,
  type Shape,
  sigmoid,
} from './reference';

/** Each remainder of lanes and of tiles, and sizes that are cut into several blocks. */
const shapes: readonly [rows: number, inputs: number, units: number][] = [
  [1, 1, 1],
  [1, 5, 3],
  [2, 1, 17],
  [3, 16, 16],
  [4, 15, 31],
  [5, 17, 15],
  [6, 32, 64],
  [7, 33, 65],
  [8, 2, 80],
  [1, 128, 64],
  [12, 129, 33],
  [13, 257, 1],
  [17, 40, 47],
  [97, 20, 70],
  [100, 130, 35],
  [192, 3, 5],
  [1, 300, 200],
  [145, 140, 130],
];

export interface TensorCase extends Shape {
  activation: ActivationName;
  hasBias: boolean;
  wantsInputGradient: boolean;
  input: Float32Array;
  kernel: Float32Array;
  bias: Float32Array;
  gateKernel: Float32Array;
  gateBias: Float32Array;
  outputGradient: Float32Array;
  /** What the layers gave, for the backward passes; not what they give for `input`. */
  output: Float32Array;
  linear: Float32Array;
  gate: Float32Array;
}

export function* tensorCases(): Generator<TensorCase> {
  const random = new Random(31);
  let index = 0;
  for (const [rows, inputs, units] of shapes) {
    const activation = activationNames[index % activationNames.length];
    const draw = (length: number, value: () => number = () => random.normal()) =>
      place(random.floats(length, value), random.below(4));
    const activated = () => activationOf[activation](random.normal());
    yield {
      rows,
      inputs,
      units,
      activation,
      hasBias: index % 4 !== 3,
      wantsInputGradient: index % 5 !== 4,
      input: draw(rows * inputs),
      kernel: draw(inputs * units),
      bias: draw(units),
      gateKernel: draw(inputs * units),
      gateBias: draw(units),
      outputGradient: draw(rows * units),
      output: draw(rows * units, activated),
      linear: draw(rows * units),
      gate: draw(rows * units, () => sigmoid(2 * random.normal())),
    };
    index++;
  }
}

/** Arguments of activations: small, ordinary, at the ends, and beyond them. */
export function activationInputs(): Float32Array {
  const random = new Random(32);
  const spread = random.floats(4000, () => random.between(-86, 86));
  const near = random.floats(4000, () => random.normal() * 10 ** random.between(-9, 1));
  const ends = [0, -0, 87, -87, 88, 1e30, -1e30, 2 ** -149, -(2 ** -149)];
  return Float32Array.from([...spread, ...near, ...ends, ...endless]);
}
export const endless = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

export interface OptimizerCase {
  parameters: Float32Array;
  gradients: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  velocity: Float32Array;
}

export function* optimizerCases(): Generator<OptimizerCase> {
  const random = new Random(33);
  for (const size of [1, 2, 15, 16, 17, 31, 64, 1001]) {
    const draw = (value: () => number = () => random.normal()) =>
      place(random.floats(size, value), random.below(4));
    yield {
      parameters: draw(),
      gradients: draw(),
      mean: draw(),
      variance: draw(() => random.uniform()),
      velocity: draw(),
    };
  }
}
/** Numbers that are no floats. */
export const adamRule = { stepSize: 0.0123, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
export const sgdRule = { rate: 0.1, momentum: 0.9 };
