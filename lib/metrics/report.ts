/**
 * From counts to the figures that people compare, and to a text that they read.
 *
 * One convention settles every quotient: 0/0 is 0. A class that was never
 * predicted has precision 0, one that never occurred has recall 0, and macro
 * averages run over all classes, those included.
 */

import { GlnError } from '../errors';
import { formatTable } from '../terminal/table';
import type { ConfusionMatrix } from './confusion';

/** Metrics of one class, itself against the rest; fractions from 0 to 1. */
export interface ClassMetrics {
  /** The class. */
  label: number;
  /** Of the rows predicted as this class, the fraction that is of it. */
  precision: number;
  /** Of the rows of this class, the fraction predicted as it. */
  recall: number;
  /** Harmonic mean of precision and recall. */
  f1: number;
  /** Rows of this class. */
  support: number;
}

/** Unweighted means over the classes. */
export interface MacroMetrics {
  precision: number;
  recall: number;
  f1: number;
}

/** What `evaluate` returns. */
export interface EvaluationReport {
  /** Rows evaluated. */
  numRows: number;
  /** Classes of the model; 2 for a binary one. */
  numClasses: number;
  /** Fraction of rows predicted right. */
  accuracy: number;
  /** Mean logarithmic loss of the probabilities in nats; see `evaluate`. */
  logLoss: number;
  /** Counts of actual against predicted classes. */
  confusion: ConfusionMatrix;
  /** Metrics of every class, in order of class. */
  classes: ClassMetrics[];
  /** Means of the classes' metrics. */
  macro: MacroMetrics;
}

/** Options of {@link formatReport}. */
export interface FormatReportOptions {
  /** A name for every class, in order; the class numbers by default. */
  classNames?: readonly string[];
}

// A matrix with more columns wraps in a terminal; its largest cells tell more.
const MOST_MATRIX_CLASSES = 20;
const MOST_CONFUSIONS = 20;

/** Builds the report that a confusion matrix and a mean loss imply. */
export function makeReport(confusion: ConfusionMatrix, logLoss: number): EvaluationReport {
  const { numClasses, total } = confusion;
  const classes: ClassMetrics[] = [];
  for (let label = 0; label < numClasses; label++) {
    const hits = confusion.at(label, label);
    const support = confusion.actualTotal(label);
    const predicted = confusion.predictedTotal(label);
    classes.push({
      label,
      precision: quotient(hits, predicted),
      recall: quotient(hits, support),
      f1: quotient(2 * hits, support + predicted),
      support,
    });
  }
  const mean = (pick: (metrics: ClassMetrics) => number): number =>
    classes.reduce((sum, metrics) => sum + pick(metrics), 0) / numClasses;
  return {
    numRows: total,
    numClasses,
    accuracy: quotient(confusion.correct, total),
    logLoss,
    confusion,
    classes,
    macro: {
      precision: mean((metrics) => metrics.precision),
      recall: mean((metrics) => metrics.recall),
      f1: mean((metrics) => metrics.f1),
    },
  };
}

/**
 * The report as aligned text, several lines without a trailing newline: the
 * metrics of every class, then the confusion matrix (of more than 20 classes:
 * the 20 most frequent confusions).
 *
 * @throws GlnError `ERR_GLN_SHAPE` when there is not one name a class
 */
export function formatReport(report: EvaluationReport, options: FormatReportOptions = {}): string {
  const names = options.classNames ?? report.classes.map(({ label }) => String(label));
  if (names.length !== report.numClasses) {
    const message = `expected ${report.numClasses} names, got ${names.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `classNames: ${message}`);
  }
  const nameOf = (label: number): string => names[label] ?? String(label);
  const parts = [
    `${report.numRows} rows, accuracy ${percent(report.accuracy)} %, ` +
      `log loss ${report.logLoss.toFixed(4)}`,
    formatClasses(report, nameOf),
    report.numClasses <= MOST_MATRIX_CLASSES
      ? formatMatrix(report.confusion, nameOf)
      : formatConfusions(report.confusion, nameOf),
  ];
  return parts.join('\n\n');
}

function formatClasses(report: EvaluationReport, nameOf: (label: number) => string): string {
  const rows = report.classes.map(({ label, precision, recall, f1, support }) => [
    nameOf(label),
    percent(precision),
    percent(recall),
    percent(f1),
    String(support),
  ]);
  const { precision, recall, f1 } = report.macro;
  const mean = ['macro average', percent(precision), percent(recall), percent(f1)];
  rows.push([...mean, String(report.numRows)]);
  return formatTable(['class', 'precision %', 'recall %', 'F1 %', 'support'], rows);
}

function formatMatrix(confusion: ConfusionMatrix, nameOf: (label: number) => string): string {
  const labels = confusion.toArray().map((_, label) => nameOf(label));
  const rows = confusion.toArray().map((counts, actual) => [
    nameOf(actual),
    // Empty cells as dots: the eye finds the confusions at once.
    ...counts.map((count) => (count === 0 ? '.' : String(count))),
  ]);
  return formatTable(['actual \\ predicted', ...labels], rows);
}

function formatConfusions(confusion: ConfusionMatrix, nameOf: (label: number) => string): string {
  const cells: { actual: number; predicted: number; count: number }[] = [];
  confusion.counts.forEach((count, cell) => {
    const actual = Math.floor(cell / confusion.numClasses);
    const predicted = cell % confusion.numClasses;
    if (count > 0 && actual !== predicted) cells.push({ actual, predicted, count });
  });
  cells.sort((one, other) => other.count - one.count);
  const rows = cells
    .slice(0, MOST_CONFUSIONS)
    .map(({ actual, predicted, count }) => [nameOf(actual), nameOf(predicted), String(count)]);
  if (rows.length === 0) return 'no confusions';
  return formatTable(['actual', 'predicted', 'rows'], rows, { leftColumns: 2 });
}

function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(2);
}
