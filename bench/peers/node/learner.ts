/** What the program of this folder needs to know of a model. */
import type { Job } from '../protocol';

/** Where predictions go: probabilities and classes of the rows of one call. */
export interface Predictions {
  probabilities: Float32Array;
  classes: Uint8Array;
}

/** A model under measurement. */
export interface Learner {
  readonly version: string;
  readonly rowsACall: number;
  /** Predicts rows, then learns them. */
  learn(rows: Float32Array, labels: Uint8Array, out: Predictions): void;
  predict(rows: Float32Array, out: Predictions): void;
  dispose(): void;
}

/**
 * Loads what a model needs and returns what makes one: twice, since the first is
 * thrown away after a warm-up.
 */
export type Open = (job: Job) => Promise<() => Learner>;

/** Probabilities that a model gives a row: 1 of two classes, else one a class. */
export function outputWidth({ numClasses }: Job): number {
  return numClasses === 2 ? 1 : numClasses;
}

/** Writes a row's predictions from probabilities of all classes, of which the largest wins. */
export function takeClassProbabilities(
  all: ArrayLike<number>,
  start: number,
  numClasses: number,
  row: number,
  { probabilities, classes }: Predictions,
): void {
  let sum = 0;
  let best = 0;
  for (let c = 0; c < numClasses; c++) {
    sum += all[start + c];
    if (all[start + c] > all[start + best]) best = c;
  }
  classes[row] = best;
  const share = (c: number) => (sum > 0 ? Math.min(all[start + c] / sum, 1) : 1 / numClasses);
  if (numClasses === 2) probabilities[row] = share(1);
  else for (let c = 0; c < numClasses; c++) probabilities[row * numClasses + c] = share(c);
}
