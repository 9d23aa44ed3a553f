/** From what processes answered and predicted to the figures of one model. */
import { RunningMetrics } from 'gated-linear-networks';
import type { Part } from '../data/catalogue';
import { interquartileRange, median } from '../statistics';
import type { Predicted, Run } from './run-peer';

/** Probabilities of two implementations that are nearer than this are the same. */
export const TOLERANCE = 1e-3;

/**
 * The share of rows on which that must hold. A row within rounding of a hyperplane
 * may fall on either side of it, and then the two honestly differ.
 */
export const LEAST_SHARE = 0.99;

/** How well an implementation of the same network agrees with ours. */
export interface Agreement {
  /** The largest difference of any probability. */
  largest: number;
  /** The median over the rows of a row's largest difference. */
  median: number;
  /** The share of rows whose probabilities all agree to {@link TOLERANCE}. */
  share: number;
}

/** Samples of a quantity, and what is reported of them. */
export interface Samples {
  median: number;
  /** The interquartile range. */
  spread: number;
  values: number[];
}

/** A line of `--json`, of a model that ran. */
export interface Figure {
  dataset: string;
  peer: string;
  title: string;
  version: string;
  threads: number;
  rowsACall: number;
  learnRows: number;
  testRows: number;
  learnRowsPerSecond: Samples;
  predictRowsPerSecond: Samples;
  /** How many times as fast ours learned, each sample by that of the same round; null where ours did not run. */
  oursTimesAsFast: Samples | null;
  learnRowsPerCpuSecond: Samples;
  /** The same as {@link oursTimesAsFast} of processor time. */
  oursTimesLessCpu: Samples | null;
  /** Of the rows to learn, each predicted before it was learned; null for batch learners. */
  prequentialAccuracy: number | null;
  prequentialLogLoss: number | null;
  testAccuracy: number;
  testLogLoss: number;
  /** Null where the system does not tell. */
  peakBytes: number | null;
  addedBytes: number | null;
  /** Null but for implementations of the same network. */
  agreement: Agreement | null;
}

/** A line of `--json`, of a model that did not. */
export interface Skipped {
  dataset: string;
  peer: string;
  title: string;
  skipped: string;
}

export type Line = Figure | Skipped;

export function isSkipped(line: Line): line is Skipped {
  return 'skipped' in line;
}

export function samplesOf(values: readonly number[]): Samples {
  return { median: median(values), spread: interquartileRange(values), values: [...values] };
}

/** Accuracy and log loss, by the package's own definitions for every model. */
export function score(
  { labels }: Part,
  { probabilities, classes }: Predicted,
  numClasses: number,
): { accuracy: number; logLoss: number } {
  const metrics = new RunningMetrics(numClasses);
  metrics.updateBatch({ labels, probabilities, classes });
  const { accuracy, logLoss } = metrics.snapshot();
  return { accuracy, logLoss };
}

/** Compares all predictions of two runs, those from before learning and those of the test. */
export function agreementOf(run: Run, ours: Run): Agreement {
  const differences = [
    ...rowDifferences(run.learn, ours.learn),
    ...rowDifferences(run.test, ours.test),
  ];
  return {
    largest: differences.reduce((most, value) => Math.max(most, value), 0),
    median: median(differences),
    share: differences.filter((value) => value <= TOLERANCE).length / differences.length,
  };
}

/** Each row's largest difference of a probability. */
function rowDifferences(a: Predicted | undefined, b: Predicted | undefined): number[] {
  if (a === undefined || b === undefined) throw new Error('expected predictions of every row');
  const width = a.probabilities.length / a.classes.length;
  return Array.from(a.classes, (_, r) => {
    let most = 0;
    for (let at = r * width; at < (r + 1) * width; at++) {
      most = Math.max(most, Math.abs(a.probabilities[at] - b.probabilities[at]));
    }
    return most;
  });
}

/** Median of what all processes told of their memory; null where one did not. */
export function memoryOf(runs: readonly Run[], key: 'peakBytes' | 'addedBytes'): number | null {
  const values = runs.flatMap(({ answer }) => answer[key] ?? []);
  return values.length === runs.length ? median(values) : null;
}
