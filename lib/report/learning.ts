/** Learning curves: how a model did over all rows so far, and over the latest ones. */
import type { LinePlot, PlotAxis, PlotSeries } from '../plots/types';
import type { LearningPoint, ReportPlot } from './content';

/** The latest rows are one part in so many of all, at least; points are as far apart. */
const PARTS = 64;
/** And so many times the root of all, since fewer would show chance alone. */
const ROOTS = 3;
const LEAST_ROWS = 100;

/** A point of a curve, after so many rows. */
interface CurvePoint {
  rows: number;
}

/** A mean over the rows since an earlier point. */
export interface RecentPoint extends CurvePoint {
  /** Rows that came before those. */
  after: number;
  mean: number;
}

/** What a curve shows of its points. */
export interface CurveLook<Point extends CurvePoint> {
  title: string;
  /** Logarithmic to see how soon a model learned, linear to see when data changed. */
  scale: 'linear' | 'log';
  y: PlotAxis;
  /** A mean over all rows up to the point; of squares for a root mean square. */
  mean: (point: Point) => number;
  /** From a mean to what is shown; by default the mean itself. */
  shown?: (mean: number) => number;
  /** A word on how to read it. */
  text: string;
}

/** How many rows are the latest ones: 1, 2 or 5 times a power of ten. */
export function recentRows(points: readonly CurvePoint[]): number {
  const rows = points.at(-1)?.rows ?? 0;
  const least = Math.max(LEAST_ROWS, ROOTS * Math.sqrt(rows), rows / PARTS);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

/**
 * What means over all rows so far say of the latest rows alone: no row between two
 * points is left out, however far apart they are.
 *
 * @param rows how many the latest are, at least; up to the next point more
 * @param meanOf a point's mean over all rows so far
 */
export function recentPoints<Point extends CurvePoint>(
  points: readonly Point[],
  rows: number,
  meanOf: (point: Point) => number,
): RecentPoint[] {
  const recent: RecentPoint[] = [];
  let [after, sumBefore, next] = [0, 0, 0];
  for (const point of points) {
    for (; points[next].rows <= point.rows - rows; next++) {
      after = points[next].rows;
      sumBefore = meanOf(points[next]) * after;
    }
    const count = point.rows - after;
    if (count < rows) continue;
    recent.push({
      rows: point.rows,
      after,
      mean: (meanOf(point) * point.rows - sumBefore) / count,
    });
  }
  return recent;
}

/** The curve; none of fewer than two points, which are no line. */
export function curvePlots<Point extends CurvePoint>(
  learning: readonly Point[],
  { title, scale, y, mean, shown = (value) => value, text }: CurveLook<Point>,
): ReportPlot[] {
  if (learning.length < 2) return [];
  const window = recentRows(learning);
  const recent = recentPoints(learning, window, mean);
  const all: PlotSeries = {
    name: 'all rows so far',
    points: learning.map((point) => [point.rows, shown(mean(point))]),
  };
  const latest: PlotSeries = {
    name: `latest ${window.toLocaleString('en-US')} rows`,
    points: recent.map((point) => [point.rows, shown(point.mean)]),
  };
  const x = { name: 'Rows learned', ...(scale === 'log' ? { scale } : { min: 0 }) };
  const series = recent.length < 2 ? [all] : [latest, all];
  const plot: LinePlot = { type: 'line', title, x, y, series };
  return [{ plot, text }];
}

/** Accuracy by a logarithm of rows, and log loss by rows; none where nothing was learned. */
export function learningPlots(learning: readonly LearningPoint[]): ReportPlot[] {
  return [
    ...curvePlots(learning, {
      title: 'Learning curve',
      scale: 'log',
      y: { name: 'Accuracy', unit: '%', max: 100 },
      mean: ({ accuracy }) => accuracy,
      // A difference of sums may end a hair beyond what a mean can be.
      shown: (accuracy) => 100 * Math.min(1, Math.max(0, accuracy)),
      text:
        'Each row was predicted before it was learned, so this is accuracy on rows not seen ' +
        'before. Each step to the right multiplies the rows: it shows how soon the model learned.',
    }),
    ...curvePlots(learning, {
      title: 'Prequential log loss',
      scale: 'linear',
      y: { name: 'Log loss', unit: 'nats', min: 0 },
      mean: ({ logLoss }) => logLoss,
      shown: (logLoss) => Math.max(0, logLoss),
      text:
        'Lower is better; an answer that is sure and wrong costs most. Rows are in their order: ' +
        'a rise of the latest rows that lasts means that the data changed.',
    }),
  ];
}
