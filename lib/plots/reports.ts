/**
 * The plots that reports need, from the numbers that metrics give.
 */

import type { ConfusionMatrix } from '../metrics/confusion';
import type { HeatMapPlot, LinePlot, PlotCounts, PlotSeries } from './types';

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
  /** Rows in the bin; where every bin has them, intervals of 95 % are drawn. */
  count?: number;
  /** Where the bin begins; with this and `high`, the rows of one model's bins are drawn. */
  low?: number;
  /** Where the bin ends. */
  high?: number;
}

/** 97.5 % of a normal distribution lie below this. */
const NORMAL_QUANTILE = 1.959964;

/**
 * The 95 % interval of a fraction that was seen in so many rows (Wilson 1927), from 0
 * to 1: unlike the normal one it stays there, also for few rows.
 */
function wilsonInterval(fraction: number, rows: number): [low: number, high: number] {
  const z = NORMAL_QUANTILE ** 2 / rows;
  const middle = (fraction + z / 2) / (1 + z);
  const half = Math.sqrt(z * fraction * (1 - fraction) + (z * z) / 4) / (1 + z);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
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
  const counts = curves.length === 1 ? countsOf(curves[0].bins) : undefined;
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
      ...curves.map(({ name, bins }) => reliabilitySeries(name, bins)),
    ],
    ...(counts === undefined ? {} : { counts }),
  };
}

function reliabilitySeries(name: string, bins: readonly ReliabilityPoint[]): PlotSeries {
  const points = bins.map(
    ({ confidence, accuracy }) => [100 * confidence, 100 * accuracy] as const,
  );
  const ranges = bins.flatMap(({ accuracy, count }) => {
    if (count === undefined) return [];
    const [low, high] = wilsonInterval(accuracy, count);
    return [[100 * low, 100 * high] as const];
  });
  return { name, points, ...(ranges.length === points.length ? { ranges } : {}) };
}

function countsOf(bins: readonly ReliabilityPoint[]): PlotCounts | undefined {
  const known = bins.flatMap(({ low, high, count }) =>
    low === undefined || high === undefined || count === undefined
      ? []
      : [{ low: 100 * low, high: 100 * high, count }],
  );
  return known.length === bins.length && known.length > 0
    ? { name: 'Rows', bins: known }
    : undefined;
}

/** Options of {@link confusionPlot}. */
export interface ConfusionPlotOptions {
  /** What stands in the cells beside their colours; default `counts`. */
  cells?: 'counts' | 'counts and shares' | 'nothing';
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
  { cells = 'counts' }: ConfusionPlotOptions = {},
): HeatMapPlot {
  const classes = Array.from({ length: matrix.numClasses }, (_, i) => i);
  const share = (actual: number, predicted: number): number => {
    const total = matrix.actualTotal(actual);
    return total === 0 ? 0 : (100 * matrix.at(actual, predicted)) / total;
  };
  const label = (actual: number, predicted: number): string => {
    const count = matrix.at(actual, predicted);
    // Empty cells stay empty: zeros would hide the few that are not.
    if (count === 0) return '';
    const rows = count.toLocaleString('en-US', { maximumFractionDigits: 1 });
    return cells === 'counts and shares'
      ? `${rows}\n${share(actual, predicted).toFixed(1)} %`
      : rows;
  };
  return {
    type: 'heatMap',
    title,
    rows: [...classNames],
    columns: [...classNames],
    rowName: 'Actual class',
    columnName: 'Predicted class',
    values: classes.map((actual) => classes.map((predicted) => share(actual, predicted))),
    ...(cells !== 'nothing' && {
      labels: classes.map((actual) => classes.map((predicted) => label(actual, predicted))),
    }),
    valueName: '% of the row',
    // All of the scale, so that colours of two matrices can be compared.
    min: 0,
    max: 100,
  };
}
