/** Which pictures a report has, as plain data. */
import type { EvaluationReport } from '../metrics/report';
import type { RunningMetrics } from '../metrics/running';
import { confusionPlot, reliabilityPlot } from '../plots/reports';
import type { LinePlot, Plot, PlotSeries } from '../plots/types';

/** How well a model did after so many rows. */
export interface LearningPoint {
  rows: number;
  accuracy: number;
  logLoss: number;
  recentAccuracy: number;
  recentLogLoss: number;
}

/** What a report is made of. */
export interface ReportContent {
  title: string;
  metrics: RunningMetrics;
  classNames: readonly string[];
  /** Empty where nothing was learned. */
  learning: readonly LearningPoint[];
  /** Mean magnitude, in logits, of what each column says; largest first. */
  contributions: readonly { column: string; contribution: number }[];
  /** Names and values for the head of a page. */
  facts: readonly (readonly [name: string, value: string])[];
}

/** A picture, with a word on how to read it. */
export interface ReportPlot {
  plot: Plot;
  text: string;
}

/** More classes than these cannot be told apart in one picture. */
const MOST_CLASSES = 20;
/** Lines of one picture whose colours people can tell apart. */
const MOST_CURVES = 6;
const MOST_COLUMNS = 20;
/** Points of a curve; more are only more bytes. */
const MOST_POINTS = 300;

/** The pictures that the content is enough for. */
export function reportPlots(content: ReportContent): ReportPlot[] {
  const metrics = content.metrics.snapshot();
  return [
    ...learningPlots(content),
    ...rocPlots(content, metrics),
    ...calibrationPlots(metrics),
    ...confusionPlots(content, metrics),
    ...contributionPlots(content),
  ];
}

function learningPlots({ learning }: ReportContent): ReportPlot[] {
  // A line needs two points, and a logarithmic axis rows above 0.
  if (learning.length < 2) return [];
  const curve = (
    title: string,
    y: LinePlot['y'],
    all: (point: LearningPoint) => number,
    recent: (point: LearningPoint) => number,
  ): LinePlot => ({
    type: 'line',
    title,
    x: { name: 'Rows learned', scale: 'log' },
    y,
    series: [
      { name: 'all rows so far', points: learning.map((point) => [point.rows, all(point)]) },
      { name: 'the latest rows', points: learning.map((point) => [point.rows, recent(point)]) },
    ],
  });
  return [
    {
      plot: curve(
        'Learning curve',
        { name: 'Accuracy', unit: '%', max: 100 },
        ({ accuracy }) => 100 * accuracy,
        ({ recentAccuracy }) => 100 * recentAccuracy,
      ),
      text: 'Each row was predicted before it was learned, so this is accuracy on rows not seen before.',
    },
    {
      plot: curve(
        'Prequential log loss',
        { name: 'Log loss', unit: 'nats', min: 0 },
        ({ logLoss }) => logLoss,
        ({ recentLogLoss }) => recentLogLoss,
      ),
      text: 'Lower is better; an answer that is sure and wrong costs most. A rise means that the data changed.',
    },
  ];
}

/** Every so many-th point, and always the last. */
function thinned<Point>(points: readonly Point[]): Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

function rocPlots({ metrics, classNames }: ReportContent, report: EvaluationReport): ReportPlot[] {
  const { numClasses, classes } = report;
  const labels = numClasses === 2 ? [1] : [...classes.keys()];
  // Of many classes, those that are told apart worst.
  const shown = labels
    .filter((label) => !Number.isNaN(classes[label].auc))
    .sort((one, other) => classes[one].auc - classes[other].auc)
    .slice(0, MOST_CURVES);
  if (shown.length === 0) return [];
  const diagonal: PlotSeries = {
    name: 'chance',
    reference: true,
    points: [
      [0, 0],
      [100, 100],
    ],
  };
  const curves = shown.map((label): PlotSeries => {
    const points = thinned(metrics.roc(label));
    return {
      name: `${classNames[label]} (AUC ${classes[label].auc.toFixed(3)})`,
      points: points.map(([falsePositives, truePositives]) => [
        100 * falsePositives,
        100 * truePositives,
      ]),
    };
  });
  const axis = { unit: '%', min: 0, max: 100 };
  const worst =
    numClasses > MOST_CURVES ? ` The ${MOST_CURVES} classes that are told apart worst.` : '';
  return [
    {
      plot: {
        type: 'line',
        title: numClasses === 2 ? 'ROC curve' : 'ROC curves, each class against the rest',
        x: { name: 'False positive rate', ...axis },
        y: { name: 'True positive rate', ...axis },
        series: [diagonal, ...curves],
      },
      text: `How many rows of a class are found at the price of how many false alarms.${worst}`,
    },
  ];
}

function calibrationPlots({ reliability, numClasses }: EvaluationReport): ReportPlot[] {
  if (reliability.length === 0) return [];
  const what = numClasses === 2 ? 'of class 1' : 'of the predicted class';
  return [
    {
      plot: reliabilityPlot('Calibration', [{ name: 'model', bins: reliability }]),
      text: `How often predictions ${what} with each probability came true. On the diagonal, probabilities can be taken at their word.`,
    },
  ];
}

function confusionPlots({ classNames }: ReportContent, report: EvaluationReport): ReportPlot[] {
  if (report.numClasses > MOST_CLASSES || report.numRows === 0) return [];
  return [
    {
      plot: confusionPlot('Confusion matrix', report.confusion, classNames),
      text: 'Numbers are rows; colours are shares of the rows of each actual class.',
    },
  ];
}

function contributionPlots({ contributions }: ReportContent): ReportPlot[] {
  const shown = contributions.slice(0, MOST_COLUMNS);
  if (shown.length === 0) return [];
  const more =
    contributions.length > shown.length
      ? ` The largest ${shown.length} of ${contributions.length}.`
      : '';
  return [
    {
      plot: {
        type: 'bar',
        title: 'Contributions of columns',
        categories: shown.map(({ column }) => column),
        categoryName: 'Column',
        y: { name: 'Mean magnitude', unit: 'logits', min: 0 },
        series: [{ name: 'contribution', values: shown.map(({ contribution }) => contribution) }],
      },
      text: `How much each column moved the predicted class's logit, over the latest rows.${more}`,
    },
  ];
}
