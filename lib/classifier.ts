/**
 * What evaluation asks of a model, whichever model it is.
 *
 * Metrics and benchmarks depend on this shape and not on a class, so that every
 * member of the family, and a user's own model, can be measured by them.
 */

/** Options of a call that predicts. */
export interface PredictOptions {
  /** What the gates look at, one row for each input row; needed when `sideInfoSize` was given. */
  sideInfo?: Rows;
  /** Probabilities instead of classes. */
  returnProbs?: boolean;
  /** Where the result is written, instead of into a new array. */
  out?: Float32Array | Uint32Array;
  /**
   * With `returnProbs`, where the classes are written as well, one a row: the
   * model's own, which are not always those of the largest probability.
   */
  outClasses?: Uint32Array;
}

/** How much each row counts: finite numbers of at least 0, one a row, or one number for all. */
export type Weights = number | readonly number[] | Float32Array | Float64Array;

/** Options of a call that learns. */
export interface LearnOptions extends PredictOptions {
  /**
   * How much each row counts; default 1. A row of weight 0 is predicted and
   * changes nothing; a weight of 2 doubles the step.
   */
  weights?: Weights;
}

/**
 * Rows as a flat row-major array, or nested. Anything but a Float32Array is
 * copied. Where values in double precision are given that float32 does not hold,
 * base predictions are computed from them as they are; gates see float32.
 */
export type Rows =
  | Float32Array
  | Float64Array
  | readonly number[]
  | readonly (readonly number[] | Float32Array | Float64Array)[];

/** Targets: class numbers, or booleans of a binary model. */
export type Labels =
  | number
  | boolean
  | readonly number[]
  | readonly boolean[]
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A model that predicts classes and learns from labelled rows. */
export interface Classifier {
  /** Values a row. */
  readonly inputSize: number;
  /** Classes; 2 for a binary model. */
  readonly numClasses: number;
  /** Predicts (and, given targets, learns): classes, or probabilities with `returnProbs`. */
  predict(
    input: Rows,
    target?: Labels,
    options?: PredictOptions & { returnProbs?: false },
  ): Uint32Array;
  /** Predicts (and, given targets, learns): probabilities, laid out as of {@link learn}. */
  predict(
    input: Rows,
    target: Labels | undefined,
    options: PredictOptions & { returnProbs: true },
  ): Float32Array;
  /** Learns row after row; returns the predictions from before each row's update. */
  learn(input: Rows, target: Labels, options?: LearnOptions & { returnProbs?: false }): Uint32Array;
  /**
   * Learns row after row; returns the probabilities from before: p(1) of a binary model, else one
   * a class for each row.
   */
  learn(input: Rows, target: Labels, options: LearnOptions & { returnProbs: true }): Float32Array;
}
