/**
 * The plots that reports need, from the numbers that metrics give.
 */

import type { ConfusionMatrix } from '../metrics/confusion';
import type { HeatMapPlot, LinePlot } from './types';

/** One model's learning curve. */
export interface LearningCurve {
  /** The model's name. */
  name: string;
  /** At least one, by rising rows. */
  points: readonly {
    /** Rows learned; above 0. */
    rows: number;
    /** The accuracy then, from 0 to 1. */
    accuracy: number;
  }[];
}

/**
 * Accuracy against rows learned, rows on a logarithmic axis.
 *
 * @param curves at least one, with names of their own
 */
export function learningCurvePlot(
  title: string,
  curves: readonly LearningCurve[],
  subtitle?: string,
): LinePlot {
  return {
    type: 'line',
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    x: { name: 'Rows learned', scale: 'log' },
    y: { name: 'Accuracy', unit: '%', max: 100 },
    series: curves.map(({ name, points }) => ({
      name,
      points: points.map(({ rows, accuracy }) => [rows, 100 * accuracy] as const),
    })),
  };
}

/** One point of a reliability curve; the bins of a `Calibration` metric are such. */
export interface ReliabilityPoint {
  /** Mean predicted probability of a bin's rows, from 0 to 1. */
  confidence: number;
  /** The fraction of them for which it came true, from 0 to 1. */
  accuracy: number;
}

/**
 * How often predictions of each probability came true, with the diagonal that a
 * calibrated model follows.
 *
 * @param curves at least one model, with at least one bin; leave out bins without rows
 */
export function reliabilityPlot(
  title: string,
  curves: readonly { name: string; bins: readonly ReliabilityPoint[] }[],
  subtitle?: string,
): LinePlot {
  const axis = { unit: '%', min: 0, max: 100 };
  return {
    type: 'line',
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    x: { name: 'Predicted probability', ...axis },
    y: { name: 'Observed frequency', ...axis },
    series: [
      {
        name: 'perfectly calibrated',
        reference: true,
        points: [
          [0, 0],
          [100, 100],
        ],
      },
      ...curves.map(({ name, bins }) => ({
        name,
        points: bins.map(({ confidence, accuracy }) => [100 * confidence, 100 * accuracy] as const),
      })),
    ],
  };
}

/**
 * A confusion matrix: counts as numbers, shares of each actual class as colours,
 * so that rare classes show as well.
 *
 * @param classNames one for each class; their numbers by default
 */
export function confusionPlot(
  title: string,
  matrix: ConfusionMatrix,
  classNames: readonly string[] = Array.from({ length: matrix.numClasses }, (_, i) => String(i)),
): HeatMapPlot {
  const classes = Array.from({ length: matrix.numClasses }, (_, i) => i);
  const share = (actual: number, predicted: number): number =>
    (100 * matrix.at(actual, predicted)) / Math.max(1, matrix.actualTotal(actual));
  return {
    type: 'heatMap',
    title,
    rows: [...classNames],
    columns: [...classNames],
    rowName: 'Actual class',
    columnName: 'Predicted class',
    values: classes.map((actual) => classes.map((predicted) => share(actual, predicted))),
    // Empty cells stay empty: zeros would hide the few that are not.
    labels: classes.map((actual) =>
      classes.map((predicted) => {
        const count = matrix.at(actual, predicted);
        return count === 0 ? '' : String(count);
      }),
    ),
    valueName: '% of the row',
  };
}
