/**
 * Measures any classifier on labelled rows, without teaching it anything.
 *
 * It depends on the `Classifier` shape alone, so that all models of the family,
 * and models of the user, are measured by the same rule.
 */

import type { Classifier, Labels, Rows } from '../classifier';
import { describe, GlnError } from '../errors';
import { flatRows } from '../rows';
import { ConfusionMatrix } from './confusion';
import { asClasses } from './labels';
import { type EvaluationReport, makeReport } from './report';

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** What the gates look at, one row for each row of `x`; for models with a `sideInfoSize`. */
  sideInfo?: Rows;
  /** Rows a call of the model, at least 1; default 1000. It does not change the result. */
  batchSize?: number;
}

/**
 * The least probability that the logarithmic loss admits: a model that gives
 * the true class probability 0 pays 34.5 nats for the row and not infinity.
 */
const LEAST_PROBABILITY = 1e-15;

/**
 * Predicts every row and compares with its label.
 *
 * Classes are the model's own (of a network: the argmax of its unclamped
 * logits), probabilities serve the loss alone: clamped probabilities tie where
 * a model is sure, and their argmax would cost accuracy.
 *
 * `logLoss` is the mean of -ln p(true class). A binary model gives p(1) and
 * 1 - p(1). One-vs-all probabilities of several classes are divided by their
 * sum first; when that sum is 0, every class counts as equally likely. p is
 * raised to 1e-15 where it is lower. Precision, recall and F1 define 0/0 as 0.
 *
 * @param x rows of `model.inputSize` values, at least one
 * @param y one class for each row, from 0 to `model.numClasses` - 1
 * @throws GlnError `ERR_GLN_SHAPE` when there is no row or lengths do not fit;
 *   `ERR_GLN_LABEL` when a label is no class; `ERR_GLN_TYPE` or
 *   `ERR_GLN_OPTION` for a wrong argument; `ERR_GLN_VALUE` when the model
 *   returns a probability that is none
 */
export function evaluate(
  model: Classifier,
  x: Rows,
  y: Labels,
  options: EvaluateOptions = {},
): EvaluationReport {
  const { inputSize, numClasses } = model;
  const batchSize = options.batchSize ?? 1000;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    const message = `expected an integer >= 1, got ${describe(batchSize)}`;
    throw new GlnError('ERR_GLN_OPTION', `batchSize: ${message}`);
  }
  const rows = flatRows(x, inputSize, 'x');
  if (rows.length === 0 || rows.length % inputSize !== 0) {
    const message = `expected one or more rows of ${inputSize} values, got ${rows.length} values`;
    throw new GlnError('ERR_GLN_SHAPE', `x: ${message}`);
  }
  const numRows = rows.length / inputSize;
  const labels = asClasses('y', y, numRows, numClasses);
  const sideInfoSize = rowSizeOf(options.sideInfo, numRows);
  const sideInfo =
    options.sideInfo === undefined
      ? undefined
      : flatRows(options.sideInfo, sideInfoSize, 'sideInfo');
  if (
    sideInfo !== undefined &&
    (numRows * sideInfoSize !== sideInfo.length ||
      !(sideInfoSize >= 1) ||
      !Number.isInteger(sideInfoSize))
  ) {
    const message = `expected ${numRows} rows of equal length, got ${sideInfo.length} values`;
    throw new GlnError('ERR_GLN_SHAPE', `sideInfo: ${message}`);
  }

  const confusion = new ConfusionMatrix(numClasses);
  let loss = 0;
  for (let start = 0; start < numRows; start += batchSize) {
    const end = Math.min(numRows, start + batchSize);
    const batch = rows.subarray(start * inputSize, end * inputSize);
    const predictOptions =
      sideInfo === undefined
        ? {}
        : { sideInfo: sideInfo.subarray(start * sideInfoSize, end * sideInfoSize) };
    const classes = model.predict(batch, undefined, { ...predictOptions, returnProbs: false });
    const probabilities = model.predict(batch, undefined, { ...predictOptions, returnProbs: true });
    const batchLabels = labels.subarray(start, end);
    countBatch(confusion, batchLabels, classes);
    loss +=
      numClasses === 2
        ? binaryLoss(batchLabels, probabilities)
        : oneVersusAllLoss(batchLabels, probabilities, numClasses);
  }
  return makeReport(confusion, loss / numRows);
}

/** Values a row of side information, whose size only the model knows. */
function rowSizeOf(sideInfo: Rows | undefined, numRows: number): number {
  const first: unknown = sideInfo?.[0];
  const nested = Array.isArray(first) || ArrayBuffer.isView(first);
  return nested ? (first as ArrayLike<number>).length : (sideInfo?.length ?? 0) / numRows;
}

function countBatch(confusion: ConfusionMatrix, labels: Uint32Array, classes: Uint32Array): void {
  requireLength(classes, labels.length, 'classes');
  labels.forEach((label, row) => {
    confusion.add(label, classes[row]);
  });
}

/** Summed loss of rows for which the model gave the probability of class 1. */
function binaryLoss(labels: Uint32Array, probabilities: Float32Array): number {
  requireLength(probabilities, labels.length, 'probabilities');
  let loss = 0;
  labels.forEach((label, row) => {
    const one = requireProbability(probabilities[row]);
    loss -= Math.log(Math.max(label === 1 ? one : 1 - one, LEAST_PROBABILITY));
  });
  return loss;
}

/** Summed loss of rows for which the model gave each class's own probability. */
function oneVersusAllLoss(
  labels: Uint32Array,
  probabilities: Float32Array,
  numClasses: number,
): number {
  requireLength(probabilities, labels.length * numClasses, 'probabilities');
  let loss = 0;
  labels.forEach((label, row) => {
    const start = row * numClasses;
    let sum = 0;
    for (let position = start; position < start + numClasses; position++) {
      sum += requireProbability(probabilities[position]);
    }
    const share = sum > 0 ? probabilities[start + label] / sum : 1 / numClasses;
    loss -= Math.log(Math.max(share, LEAST_PROBABILITY));
  });
  return loss;
}

function requireLength(values: ArrayLike<number>, expected: number, what: string): void {
  if (values.length !== expected) {
    const message = `expected ${expected} ${what} from predict, got ${values.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `model: ${message}`);
  }
}

function requireProbability(value: number | undefined): number {
  if (value === undefined || !(value >= 0 && value <= 1)) {
    const message = `expected probabilities from 0 to 1 from predict, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_VALUE', `model: ${message}`);
  }
  return value;
}
