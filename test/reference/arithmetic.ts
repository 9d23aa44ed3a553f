/**
 * The scalar functions of the Bernoulli GLN in float64.
 *
 * They stand apart from the network so that tests of kernels can use the same
 * definitions without a network around them.
 */

export type BasePredictor = 'minMax' | 'probabilities' | 'logits';

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function logit(probability: number): number {
  // log1p keeps small probabilities exact: 1 - p would round them away.
  return Math.log(probability) - Math.log1p(-probability);
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** B = ln((1-ε)/ε): the largest logit that a neuron may pass on. */
export function logitBound(predClipping: number): number {
  return Math.log((1 - predClipping) / predClipping);
}

/** Layer 0's inputs: the base predictor's probabilities, clipped, as logits. */
export function baseLogits(
  row: ArrayLike<number>,
  basePredictor: BasePredictor,
  predClipping: number,
): number[] {
  const values = Array.from(row);
  if (basePredictor === 'logits') return values;
  const probabilities = basePredictor === 'minMax' ? minMax(values) : values;
  return probabilities.map((p) => logit(clamp(p, predClipping, 1 - predClipping)));
}

function minMax(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  // A constant row says nothing about the target, and 0/0 would poison every weight.
  if (low === high) return values.map(() => 0.5);
  return values.map((value) => (value - low) / (high - low));
}
