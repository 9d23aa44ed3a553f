/**
 * What evaluation asks of a model that predicts numbers, whichever model it is: the
 * sister of `classifier.ts`.
 */
import type { Rows, Weights } from './classifier';

/** What a regressor predicts, one number a row in each array. */
export interface Predictions {
  /** Expected values of the target, in its units. */
  means: Float64Array;
  /**
   * Variances of the target around them, above 0, in its units squared; absent where a
   * model says nothing of them.
   */
  variances?: Float64Array;
}

/** Numbers to be predicted: one, or one a row. */
export type RealTargets = number | readonly number[] | Float32Array | Float64Array;

/** Options of a call that predicts. */
export interface RegressorPredictOptions {
  /** What the gates look at, one row for each input row; needed when `sideInfoSize` was given. */
  sideInfo?: Rows;
  /** Where the result is written, instead of into new arrays; one element a row in each. */
  out?: Predictions;
}

/** Options of a call that learns. */
export interface RegressorLearnOptions extends RegressorPredictOptions {
  /** How much each row counts; default 1. A row of weight 0 is predicted and changes nothing. */
  weights?: Weights;
}

/** A model that predicts numbers and learns from rows with targets. */
export interface Regressor {
  /** Values a row. */
  readonly inputSize: number;
  /** Predicts; changes nothing. */
  predict(input: Rows, options?: RegressorPredictOptions): Predictions;
  /** Learns row after row; returns the predictions from before each row's update. */
  learn(input: Rows, target: RealTargets, options?: RegressorLearnOptions): Predictions;
}
