/**
 * One call that trains a model on MNIST and measures it: the yardstick of this
 * field, and the counterpart of PyGLN's helper `utils.evaluate_mnist`, so that
 * figures of both can be put side by side.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Classifier } from '../classifier';
import { describe, GlnError } from '../errors';
import { evaluate } from '../metrics/evaluate';
import type { EvaluationReport } from '../metrics/report';
import { withProgress } from '../terminal/progress';
import { loadMnist, type MnistData, type MnistPart } from './mnist';
import { gatherLabels, gatherRows, shuffledIndices } from './shuffle';

/** How far a run is, given to `onProgress` after every batch. */
export interface MnistProgress {
  /** The running epoch, from 0. */
  epoch: number;
  /** Rows learned in this epoch. */
  rowsDone: number;
  /** Rows of an epoch. */
  rowsTotal: number;
  /** Of this epoch's rows, the fraction predicted right before it was learned. */
  prequentialAccuracy: number;
  /** Rows a second inside `learn`, over the whole run so far. */
  rowsPerSecond: number;
}

/** Options of {@link evaluateMnist}. */
export interface EvaluateMnistOptions {
  /** Tell this class, 0 to 9, from all others: for a binary model. Default: all ten classes. */
  mnistClass?: number;
  /** Passes over the training rows, at least 1; default 1. */
  numEpochs?: number;
  /** Straighten the images; default true. Without effect on `data`. */
  deskewed?: boolean;
  /** Seed of the order of the training rows, the same in every epoch; default 0. */
  shuffleSeed?: number;
  /** Rows a call of `learn`, at least 1; default 1024. */
  batchSize?: number;
  /** Draw a progress bar on stderr; default: when stderr is a terminal. */
  progress?: boolean;
  /** Data already loaded, taken as they are; default: `loadMnist`. */
  data?: MnistData;
  /** Called after every batch; what it throws ends the run. */
  onProgress?: (progress: MnistProgress) => void;
}

/** What {@link evaluateMnist} returns. Accuracies are fractions from 0 to 1. */
export interface MnistReport {
  /** Test accuracy after the last epoch. */
  accuracy: number;
  /** Test accuracy after each epoch. */
  epochAccuracies: number[];
  /** Accuracy on each epoch's training rows, every row predicted before it was learned. */
  prequentialAccuracies: number[];
  /** All metrics of the test rows after the last epoch. */
  report: EvaluationReport;
  /** Rows learned, epochs counted separately. */
  rowsLearned: number;
  /** Seconds spent inside `learn`: no loading, shuffling or testing. */
  seconds: number;
  /** `rowsLearned / seconds`. */
  rowsPerSecond: number;
}

/**
 * Trains the model on the shuffled training rows, once or more, and tests it on
 * the test rows after each epoch.
 *
 * @param model a classifier of 784 inputs with 10 classes, or 2 with `mnistClass`
 * @throws GlnError `ERR_GLN_SHAPE` when the model does not fit the data;
 *   `ERR_GLN_OPTION` for a bad option; and whatever `loadMnist` and the model throw
 */
export async function evaluateMnist(
  model: Classifier,
  options: EvaluateMnistOptions = {},
): Promise<MnistReport> {
  const { mnistClass, numEpochs = 1, deskewed = true, shuffleSeed = 0, batchSize = 1024 } = options;
  requireInteger('numEpochs', numEpochs, 1, Number.MAX_SAFE_INTEGER);
  requireInteger('batchSize', batchSize, 1, Number.MAX_SAFE_INTEGER);
  requireInteger('shuffleSeed', shuffleSeed, 0, Number.MAX_SAFE_INTEGER);
  if (mnistClass !== undefined) requireInteger('mnistClass', mnistClass, 0, 9);
  requireModel('inputSize', model.inputSize, 784);
  requireModel('numClasses', model.numClasses, mnistClass === undefined ? 10 : 2);

  const data = options.data ?? (await loadMnist({ deskew: deskewed }));
  const train = withTask(data.train, mnistClass);
  const test = withTask(data.test, mnistClass);
  const order = shuffledIndices(train.size, shuffleSeed);
  const epochAccuracies: number[] = [];
  const prequentialAccuracies: number[] = [];
  const stopwatch = { rows: 0, seconds: 0 };
  let report: EvaluationReport | undefined;
  for (let epoch = 0; epoch < numEpochs; epoch++) {
    const label = numEpochs === 1 ? 'learning' : `epoch ${epoch + 1}/${numEpochs}`;
    const enabled = options.progress ?? process.stderr.isTTY === true;
    const right = await withProgress({ total: train.size, label, enabled, always: true }, (bar) =>
      learnEpoch(model, train, order, batchSize, stopwatch, (rowsDone, rowsRight) => {
        const prequentialAccuracy = rowsRight / rowsDone;
        bar.update(rowsDone, { accuracy: `${(100 * prequentialAccuracy).toFixed(2)} %` });
        const rowsPerSecond = stopwatch.rows / stopwatch.seconds;
        const rowsTotal = train.size;
        options.onProgress?.({ epoch, rowsDone, rowsTotal, prequentialAccuracy, rowsPerSecond });
      }),
    );
    report = evaluate(model, test.images, test.labels, { batchSize });
    epochAccuracies.push(report.accuracy);
    prequentialAccuracies.push(right / train.size);
  }
  if (report === undefined) throw new GlnError('ERR_GLN_OPTION', 'numEpochs: expected at least 1');
  return {
    accuracy: report.accuracy,
    epochAccuracies,
    prequentialAccuracies,
    report,
    rowsLearned: stopwatch.rows,
    seconds: stopwatch.seconds,
    rowsPerSecond: stopwatch.rows / stopwatch.seconds,
  };
}

/** Learns all rows in the given order; returns how many were predicted right before. */
async function learnEpoch(
  model: Classifier,
  train: MnistPart,
  order: Uint32Array,
  batchSize: number,
  stopwatch: { rows: number; seconds: number },
  onBatch: (rowsDone: number, rowsRight: number) => void,
): Promise<number> {
  const rowSize = model.inputSize;
  const rows = new Float32Array(Math.min(batchSize, order.length) * rowSize);
  let rowsRight = 0;
  for (let start = 0; start < order.length; start += batchSize) {
    const indices = order.subarray(start, start + batchSize);
    const batch = rows.subarray(0, indices.length * rowSize);
    gatherRows(train.images, rowSize, indices, batch);
    const labels = gatherLabels(train.labels, indices);

    const started = performance.now();
    const predicted = model.learn(batch, labels);
    stopwatch.seconds += (performance.now() - started) / 1000;
    stopwatch.rows += indices.length;

    rowsRight += labels.reduce((sum, label, row) => sum + Number(predicted[row] === label), 0);
    onBatch(start + indices.length, rowsRight);
    // Signals, timers and the progress bar get their turn between batches.
    await nextTurn();
  }
  return rowsRight;
}

/** The part with labels for the task: all classes, or one against the rest. */
function withTask(part: MnistPart, mnistClass: number | undefined): MnistPart {
  if (mnistClass === undefined) return part;
  return { ...part, labels: part.labels.map((label) => Number(label === mnistClass)) };
}

function requireInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
    const message = `expected an integer ${range}, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
  }
}

function requireModel(name: string, value: number, expected: number): void {
  if (value !== expected) {
    const message = `expected ${expected} for this task, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_SHAPE', `model.${name}: ${message}`);
  }
}
