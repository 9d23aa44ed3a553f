/**
 * What the command line and the processes that learn tell each other. Rows and
 * results go through files of plain little-endian numbers, so that a process in any
 * language reads them in one go and its memory is its own.
 */

/** How a GLN is made: the same for every implementation of it. */
export interface NetworkOptions {
  layerSizes: number[];
  contextMapSize: number;
  basePredictor: 'minMax' | 'probabilities' | 'logits';
  contextBias: boolean;
  learningRate: number;
  predClipping: number;
  weightClipping: number;
}

/** What one process is asked, as JSON on its standard input. */
export interface Job {
  /** Which model of the program: its name in the program's own list. */
  model: string;
  threads: number;
  seed: number;
  inputSize: number;
  numClasses: number;
  /** Rows to learn, and rows to test with. */
  counts: { learn: number; test: number };
  /** Rows in float32 and classes in bytes, the rows to learn before those to test with. */
  files: { rows: string; labels: string };
  network: NetworkOptions;
  /** Weights, hyperplanes and offsets of every layer in turn, in float32. */
  parameters: string;
  /** Rates of the models that are no GLN: what suits these rows best. */
  rates: { sgd: number; adam: number; brain: number };
  /** The preset that suits these rows. */
  preset: 'tabular' | 'mnist-online';
  /** Where results go: see {@link Results}. */
  out: string;
}

/** What a process prints at its end, as one line of JSON. */
export interface Answer {
  /** What ran, such as `numpy 1.24.2`. */
  version: string;
  /** Rows that one call learned; all of them for those that need them all at once. */
  rowsACall: number;
  /** Whether each row was predicted before it was learned. */
  online: boolean;
  /** Seconds of learning all rows once, predictions from before included. */
  learnSeconds: number;
  /** Processor time of the same, of all threads: nearly deaf to what else the machine does. */
  learnCpuSeconds: number;
  /** Seconds of predicting the rows to test with. */
  predictSeconds: number;
  /** Largest resident memory of the process, in bytes; null where nobody tells. */
  peakBytes: number | null;
  /** How much of it came after libraries were loaded and rows were read. */
  addedBytes: number | null;
}

/**
 * Files of results in {@link Job.out}: probabilities in float32, one a row of two
 * classes and else one a class, and classes in bytes. Those of `learn` are from
 * before each row was learned; models that are not online have none.
 */
export const RESULTS = {
  learn: { probabilities: 'learn.f32', classes: 'learn.u8' },
  test: { probabilities: 'test.f32', classes: 'test.u8' },
} as const;

/** The exit status of a process whose libraries are missing; stderr says which. */
export const MISSING_STATUS = 3;
