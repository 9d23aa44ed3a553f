/** Which pictures a report on predicted numbers has, as plain data. */
import type { RunningRegressionMetrics } from '../metrics/running-regression';
import type { LinePlot } from '../plots/types';
import type { ColumnContribution, ReportPlot } from './content';
import { curvePlots } from './learning';
import { contributionPlots } from './plots';

/** How well a model did after so many rows: over all of them. */
export type NumberPoint = {
  rows: number;
  rootMeanSquaredError: number;
  negativeLogLikelihood: number;
};

/** What the pictures of a regressor are made of. */
export interface NumberContent {
  /** What is predicted. */
  target: string;
  metrics: RunningRegressionMetrics;
  /** Empty where nothing was learned. */
  learning: readonly NumberPoint[];
  /** In the target's units; the largest first. */
  contributions: readonly ColumnContribution[];
}

/** Bars of the histogram of residuals: odd, so that one stands for none; more leave no room for names. */
const RESIDUAL_BINS = 11;
/** Part of the residuals that the bars reach over; the ends hold the others. */
const SHOWN_RESIDUALS = 0.98;

/** The pictures that the content is enough for. */
export function numberPlots(content: NumberContent): ReportPlot[] {
  return [
    ...learningPlots(content),
    ...predictionPlots(content),
    ...residualPlots(content),
    ...intervalPlots(content),
    ...contributionPlots(content.contributions, {
      unit: `of ${content.target}`,
      towards: 'made it larger',
      away: 'made it smaller',
      text: 'How much each column moved predictions from the usual number, over the latest rows.',
    }),
  ];
}

/** Points at which rows had been counted; where none were, nothing is known. */
export function knownPoints(learning: readonly NumberPoint[]): NumberPoint[] {
  return learning.filter((point) => Object.values(point).every(Number.isFinite));
}

function learningPlots({ learning: points, target }: NumberContent): ReportPlot[] {
  const learning = knownPoints(points);
  return [
    ...curvePlots(learning, {
      title: 'Learning curve',
      scale: 'log',
      y: { name: 'Root mean squared error', unit: `of ${target}`, min: 0 },
      mean: (point) => point.rootMeanSquaredError ** 2,
      // A difference of sums may end a hair below 0.
      shown: (square) => Math.sqrt(Math.max(0, square)),
      text:
        'Each row was predicted before it was learned, so these are errors on rows not seen ' +
        'before. Each step to the right multiplies the rows: it shows how soon the model learned.',
    }),
    ...curvePlots(learning, {
      title: 'Prequential log likelihood',
      scale: 'linear',
      y: { name: 'Negative log likelihood', unit: 'nats' },
      mean: (point) => point.negativeLogLikelihood,
      text:
        'Lower is better; being far off where the predicted deviation is small costs most. Rows ' +
        'are in their order: a rise of the latest rows that lasts means that the data changed.',
    }),
  ];
}

function predictionPlots({ metrics, target }: NumberContent): ReportPlot[] {
  const { sample } = metrics;
  if (sample.length === 0) return [];
  const ends = sample.flatMap((row) => [row.target, row.mean]);
  const low = ends.reduce((least, value) => Math.min(least, value));
  const high = ends.reduce((most, value) => Math.max(most, value));
  return [
    {
      plot: {
        type: 'scatter',
        title: 'Predicted against actual',
        x: { name: `Actual ${target}` },
        y: { name: `Predicted ${target}` },
        points: sample.map((row) => [row.target, row.mean]),
        reference: {
          name: 'as predicted',
          points: [
            [low, low],
            [high, high],
          ],
        },
      },
      text: `Points below the line were predicted too small. ${sample.length} rows, evenly over all.`,
    },
  ];
}

function residualPlots({ metrics, target }: NumberContent): ReportPlot[] {
  const residuals = metrics.sample.map((row) => row.target - row.mean);
  const sizes = residuals.map(Math.abs).sort((one, other) => one - other);
  const reach = sizes[Math.floor(SHOWN_RESIDUALS * (sizes.length - 1))];
  // Where all are alike there is nothing to be seen.
  if (reach === undefined || reach === 0) return [];
  const width = (2 * reach) / RESIDUAL_BINS;
  const counts = new Array<number>(RESIDUAL_BINS).fill(0);
  for (const residual of residuals) {
    const bin = Math.floor((residual + reach) / width);
    counts[Math.min(RESIDUAL_BINS - 1, Math.max(0, bin))] += 1;
  }
  return [
    {
      plot: {
        type: 'bar',
        title: 'Residuals',
        categories: counts.map((_, i) =>
          String(Number(((i + 0.5) * width - reach).toPrecision(2))),
        ),
        categoryName: `Actual less predicted ${target}`,
        y: { name: 'Rows', unit: '%', min: 0 },
        series: [
          {
            name: 'residuals',
            values: counts.map((count) => (100 * count) / residuals.length),
          },
        ],
      },
      text: 'Should be one hill around 0; the outermost bars hold all that is further out.',
    },
  ];
}

function intervalPlots({ metrics }: NumberContent): ReportPlot[] {
  const { intervals } = metrics.snapshot();
  if (intervals.length === 0) return [];
  const axis = { unit: '%', min: 0, max: 100 };
  const plot: LinePlot = {
    type: 'line',
    title: 'Calibration of intervals',
    x: { name: 'Probability of the interval', ...axis },
    y: { name: 'Numbers that it held', ...axis },
    series: [
      {
        name: 'perfectly calibrated',
        reference: true,
        points: [
          [0, 0],
          [100, 100],
        ],
      },
      {
        name: 'model',
        points: intervals.map(({ level, coverage }) => [100 * level, 100 * coverage] as const),
      },
    ],
  };
  return [
    {
      plot,
      text: 'How many numbers fell into the intervals around predictions. Below the diagonal, predicted deviations are too small.',
    },
  ];
}
