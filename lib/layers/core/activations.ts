/**
 * Functions that a dense layer applies to each of its values, named as in Keras;
 * softmax looks at the whole last axis.
 */
import { checkedChoice } from '../../checks';

/**
 * `linear` x; `relu` max(x, 0); `sigmoid` 1 / (1 + e^-x); `elu` x or e^x - 1, where
 * x < 0; `tanh`; `softmax` e^x over the sum of e^x along the last axis.
 */
export type ActivationName = 'linear' | 'relu' | 'sigmoid' | 'elu' | 'tanh' | 'softmax';

/** `ActivationKind` of the addon's contract; softmax is made here of linear values. */
const KINDS: Readonly<Record<ActivationName, number>> = {
  linear: 0,
  relu: 1,
  sigmoid: 2,
  elu: 3,
  tanh: 4,
  softmax: 0,
};

/** @throws GlnError `ERR_GLN_OPTION` for anything but a name of an activation. */
export function checkedActivation(value: unknown): ActivationName {
  return checkedChoice('activation', value, Object.keys(KINDS) as ActivationName[]);
}

/** What native code is told. */
export function activationKind(activation: ActivationName): number {
  return KINDS[activation];
}

/** Applies softmax to each row, in place. */
export function softmax(values: Float32Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const largest = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let i = 0; i < width; i++) {
      // In double precision, as is the sum; only the quotient is rounded.
      const power = Math.exp(row[i] - largest);
      sum += power;
      row[i] = power;
    }
    for (let i = 0; i < width; i++) row[i] /= sum;
  }
}

/**
 * The way back through softmax: p ⊙ (g - g · p), row by row.
 *
 * @param output p
 * @param gradient g
 * @param target where the result goes
 */
export function softmaxBackward(
  output: Float32Array,
  gradient: Float32Array,
  width: number,
  target: Float32Array,
): void {
  for (let start = 0; start < output.length; start += width) {
    let mean = 0;
    for (let i = start; i < start + width; i++) mean += output[i] * gradient[i];
    for (let i = start; i < start + width; i++) target[i] = output[i] * (gradient[i] - mean);
  }
}
