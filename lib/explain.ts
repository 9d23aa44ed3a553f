/**
 * What a prediction is made of: a network's collapsed weights for one row.
 */
import { checkKeys, native } from './calls';
import type { Rows } from './classifier';
import type { Network } from './network';
import { toClass } from './rows';

/** Options of `explain`. */
export interface ExplainOptions {
  /** What the gates look at; needed when `sideInfoSize` was given. */
  sideInfo?: Rows;
  /** The class whose logit is explained; default the predicted one. */
  target?: number;
}

/**
 * One class's logit as a linear function of the base logits, with the row's
 * contexts, and the neurons whose logits are clipped, held fixed:
 * `logit` = `bias` + Σ `contributions`, to float32's rounding.
 */
export interface Explanation {
  /** The class that is explained. */
  target: number;
  /**
   * Its logit, unclamped; of a binary network's class 0, minus that of class 1. With
   * `aggregation: 'switching'` the last neuron's: a mixture is not linear.
   */
  logit: number;
  /** What does not depend on the row's base logits: bias inputs and clipped neurons. */
  bias: number;
  /** One number for each base logit, [baseSize]. */
  weights: Float64Array;
  /** The row's base logits, [baseSize]. */
  base: Float32Array;
  /** `weights` times `base`, [baseSize]. */
  contributions: Float64Array;
}

const EXPLAIN_KEYS = new Set(['sideInfo', 'target']);

/** See {@link Explanation}. */
export function explain(network: Network, row: Rows, options: ExplainOptions): Explanation {
  checkKeys(options, EXPLAIN_KEYS);
  const { base, sideInfo } = network.prepareRow(row, options.sideInfo);
  const target =
    options.target === undefined
      ? predictedClass(network, base, sideInfo)
      : toClass(options.target, 0, network.options.numClasses);
  const weights = new Float64Array(network.baseSize);
  const baseLogits = new Float32Array(network.baseSize);
  const chosen = network.shapes.networks === 1 ? 0 : target;
  const found = native(() => network.native.explain(base, sideInfo, chosen, weights, baseLogits));
  // One network predicts class 1; class 0 has the opposite logit. Subtracting keeps
  // zeros positive.
  const opposite = network.shapes.networks === 1 && target === 0;
  const signed = (value: number) => (opposite ? 0 - value : value);
  const ofTarget = weights.map(signed);
  return {
    target,
    logit: signed(found.logit),
    bias: signed(found.constant),
    weights: ofTarget,
    base: baseLogits,
    contributions: ofTarget.map((weight, i) => weight * baseLogits[i]),
  };
}

function predictedClass(
  network: Network,
  base: Float32Array | Float64Array,
  sideInfo: Float32Array,
): number {
  const classes = new Uint32Array(1);
  native(() => network.native.run(base, sideInfo, 1, null, 0, classes, null, null));
  return classes[0];
}
