/**
 * From counts and sums to the figures that people compare.
 *
 * One convention settles every quotient of counts: 0/0 is 0. A class that was
 * never predicted has precision 0, one that never occurred has recall 0, and macro
 * averages run over all classes, those included. Losses and areas have no such
 * worst value: where no row determines them, they are NaN (null in JSON).
 */

import type { AreaUnderCurve } from './auc';
import type { Calibration, CalibrationBin } from './calibration';
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
  /** Area under the ROC curve of the class's probability, see `AreaUnderCurve`. */
  auc: number;
  /** Rows of this class, or their summed weight. */
  support: number;
}

/** Unweighted means over the classes. */
export interface MacroMetrics {
  /** Mean over classes of the share of rows predicted as the class that are of it. */
  precision: number;
  /** Mean over classes of the share of their rows that were found. */
  recall: number;
  /** Mean over classes of the harmonic mean of precision and recall. */
  f1: number;
}

/** What `evaluate` returns, and what `RunningMetrics` tells at any moment. */
export interface EvaluationReport {
  /** Rows evaluated; those of weight 0 are none. */
  numRows: number;
  /** Their summed weight; `numRows` without weights. */
  weight: number;
  /** Classes of the model; 2 for a binary one. */
  numClasses: number;
  /** Fraction of rows predicted right. */
  accuracy: number;
  /** Mean recall of the classes that occurred: accuracy as if all were equally frequent. */
  balancedAccuracy: number;
  /** Mean logarithmic loss of the probabilities in nats; see `evaluate`. */
  logLoss: number;
  /** Mean squared error of the probabilities; see `BrierScore`. */
  brierScore: number;
  /** Area under the ROC curve; of several classes, the mean of each against the rest. */
  auc: number;
  /** How far the exact area may be from `auc`, which counts scores in bins. */
  aucErrorBound: number;
  /** Expected calibration error; see `Calibration`. */
  calibrationError: number;
  /** The curve behind it, what was predicted and what happened; `reliabilityPlot` draws it. */
  reliability: CalibrationBin[];
  /** Counts of actual against predicted classes. */
  confusion: ConfusionMatrix;
  /** Metrics of every class, in order of class. */
  classes: ClassMetrics[];
  /** Means of the classes' metrics. */
  macro: MacroMetrics;
}

/** What a report is made of. */
export interface ReportParts {
  numRows: number;
  /** Kept by the report: not to be counted in any more. */
  confusion: ConfusionMatrix;
  logLoss: number;
  brierScore: number;
  auc: AreaUnderCurve;
  calibration: Calibration;
}

/** Builds the report that counts and sums imply. */
export function makeReport(parts: ReportParts): EvaluationReport {
  const { numRows, confusion, auc, calibration } = parts;
  const { numClasses } = confusion;
  const areas = auc.areas();
  const macroArea = auc.mean(areas);
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
      auc: areas[label].area,
      support,
    });
  }
  const occurred = classes.filter(({ support }) => support > 0);
  return {
    numRows,
    weight: confusion.total,
    numClasses,
    accuracy: confusion.value,
    balancedAccuracy: meanOf(occurred, 'recall'),
    logLoss: parts.logLoss,
    brierScore: parts.brierScore,
    auc: macroArea.area,
    aucErrorBound: macroArea.errorBound,
    calibrationError: calibration.value,
    reliability: calibration.curve(),
    confusion,
    classes,
    macro: {
      precision: meanOf(classes, 'precision'),
      recall: meanOf(classes, 'recall'),
      f1: meanOf(classes, 'f1'),
    },
  };
}

function meanOf(classes: readonly ClassMetrics[], key: keyof ClassMetrics): number {
  return quotient(
    classes.reduce((sum, metrics) => sum + metrics[key], 0),
    classes.length,
  );
}

function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
