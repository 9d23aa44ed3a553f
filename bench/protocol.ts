/**
 * What the command line and the processes that measure tell each other. The
 * instruction set is no part of a request: it is forced through the environment,
 * before the addon loads.
 */

/** One case, to be measured in a process of its own. */
export interface Request {
  case: string;
  threads: number;
  /** Samples of everything that is timed. */
  repeats: number;
  /** Shorter samples and fewer rows. */
  quick: boolean;
}

/** All samples of one quantity. */
export interface Measurement {
  /** What was measured, said exactly: numbers of rows that differ between runs are part of it. */
  metric: string;
  /** The same without such numbers: what instruction sets and thread counts are compared by. */
  quantity: string;
  unit: string;
  values: number[];
}

export interface Answer {
  /** The instruction set that ran. */
  isa: string;
  /** Hash of what the case computed when it was checked: the same wherever it runs. */
  digest: string;
  measurements: Measurement[];
}

/** One line of the output. */
export interface Line {
  case: string;
  isa: string;
  threads: number;
  metric: string;
  /** The median of the samples. */
  value: number;
  /**
   * `peak` is a fraction of the multiply-add peak, `bandwidth` one of the copy
   * bandwidth, both measured in the same process.
   */
  unit: string;
  /** The interquartile range of the samples. */
  spread: number;
}
