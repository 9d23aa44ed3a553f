/** Which pictures a report has, as plain data. */
import type { EvaluationReport } from '../metrics/report';
import { type ConfusionPlotOptions, confusionPlot, reliabilityPlot } from '../plots/reports';
import { distinctNames } from '../plots/text';
import type { PlotSeries } from '../plots/types';
import type { ColumnContribution, ReportContent, ReportPlot } from './content';
import { learningPlots } from './learning';

/** More classes than these are not even specks in one picture. */
const MOST_CLASSES = 50;
/** A confusion matrix of more needs the whole width. */
const NARROW_CLASSES = 6;
/** Cells that have room for the share below the count. */
const ROOMY_CLASSES = 4;
/** More numbers in one picture are read by nobody. */
const MOST_NUMBERED = 20;
/** Lines of one picture whose colours people can tell apart. */
const MOST_CURVES = 6;
/** Bars, and rows of the table behind them. */
export const MOST_COLUMNS = 20;
/** How far a point may be from the last one that was drawn, and be left out: less than is seen. */
const CURVE_STEP = 0.004;
/** Room for a class's name in a legend, in pixels. */
const LEGEND_NAME = 150;

/** The pictures that the content is enough for. */
export function reportPlots(content: ReportContent): ReportPlot[] {
  const metrics = content.metrics.snapshot();
  return [
    ...learningPlots(content.learning),
    ...rocPlots(content, metrics),
    ...calibrationPlots(content, metrics),
    ...confusionPlots(content, metrics),
    ...contributionPlots(content.contributions, CONTRIBUTION_LOOK),
  ];
}

type RocPoint = readonly [falsePositives: number, truePositives: number];

/** Without points that nobody could see; the last one stays. */
function thinned(points: readonly RocPoint[]): RocPoint[] {
  const kept: RocPoint[] = [];
  let last: RocPoint | undefined;
  for (const [i, point] of points.entries()) {
    const far =
      last === undefined ||
      Math.max(point[0] - last[0], point[1] - last[1]) >= CURVE_STEP ||
      i === points.length - 1;
    if (!far) continue;
    kept.push(point);
    last = point;
  }
  return kept;
}

function rocPlots({ metrics, classNames }: ReportContent, report: EvaluationReport): ReportPlot[] {
  const { numClasses, classes } = report;
  const labels = numClasses === 2 ? [1] : [...classes.keys()];
  const known = labels.filter((label) => !Number.isNaN(classes[label].auc));
  // Of many classes, those that are told apart worst.
  const shown = known
    .sort((one, other) => classes[one].auc - classes[other].auc)
    .slice(0, MOST_CURVES);
  if (shown.length === 0) return [];
  const diagonal: PlotSeries = {
    name: 'by chance',
    reference: true,
    points: [
      [0, 0],
      [100, 100],
    ],
  };
  const names = distinctNames(classNames, LEGEND_NAME);
  const curves = shown.map((label): PlotSeries => {
    const points = thinned(metrics.roc(label));
    return {
      name: `${names[label]}: ${classes[label].auc.toFixed(3)}`,
      points: points.map(([falsePositives, truePositives]) => [
        100 * falsePositives,
        100 * truePositives,
      ]),
    };
  });
  const axis = { unit: '%', min: 0, max: 100 };
  const worst =
    known.length > shown.length
      ? ` Shown are the ${shown.length} of ${known.length} classes that are told apart worst.`
      : '';
  return [
    {
      plot: {
        type: 'line',
        title: numClasses === 2 ? 'ROC curve' : 'ROC curves, each class against the rest',
        x: { name: 'False positive rate', ...axis },
        y: { name: 'True positive rate', ...axis },
        series: [diagonal, ...curves],
      },
      text:
        'How many rows of a class are found (up) at the price of how many false alarms (right). ' +
        `The number is the area under the curve (AUC): 1 at best, 0.5 by chance.${worst}`,
    },
  ];
}

function calibrationPlots(
  { classNames }: ReportContent,
  { reliability, numClasses }: EvaluationReport,
): ReportPlot[] {
  if (reliability.length === 0) return [];
  const what = numClasses === 2 ? `of “${classNames[1]}”` : 'of the predicted class';
  return [
    {
      plot: reliabilityPlot('Calibration', [{ name: 'model', bins: reliability }]),
      text:
        `How often predictions ${what} with each probability came true. On the diagonal, ` +
        'probabilities can be taken at their word. Upright lines are 95 % intervals: few rows ' +
        'leave much to chance. Below, the rows in each bin.',
    },
  ];
}

function confusionPlots({ classNames }: ReportContent, report: EvaluationReport): ReportPlot[] {
  const { numClasses, numRows, confusion } = report;
  if (numClasses > MOST_CLASSES || numRows === 0) return [];
  const plot = confusionPlot('Confusion matrix', confusion, classNames, {
    cells: cellsOf(numClasses),
  });
  const numbers = cellsOf(numClasses) === 'nothing' ? '' : ', numbers are rows';
  const absent = report.classes.filter(({ support }) => support === 0).length;
  const empty = absent === 0 ? '' : ` ${absent} of the classes had no rows.`;
  return [
    {
      plot,
      text: `Colours are shares of the rows of each actual class${numbers}. What is off the diagonal was mistaken.${empty}`,
      wide: numClasses > NARROW_CLASSES,
    },
  ];
}

function cellsOf(numClasses: number): ConfusionPlotOptions['cells'] {
  if (numClasses <= ROOMY_CLASSES) return 'counts and shares';
  return numClasses <= MOST_NUMBERED ? 'counts' : 'nothing';
}

const CONTRIBUTION_LOOK: ContributionLook = {
  unit: 'logits',
  towards: 'for the predicted class',
  away: 'against it',
  text:
    "How much each column moved the predicted class's logit, over the latest rows: to the right " +
    'for the class, to the left against it. The longest bars together come first.',
};

/** What contributions are called in their picture. */
export interface ContributionLook {
  unit: string;
  /** Names of the bars to the right and to the left. */
  towards: string;
  away: string;
  /** A word on how to read it. */
  text: string;
}

/** What each column brought; none where that is not known. */
export function contributionPlots(
  contributions: readonly ColumnContribution[],
  { unit, towards, away, text }: ContributionLook,
): ReportPlot[] {
  const shown = contributions.slice(0, MOST_COLUMNS);
  if (shown.length === 0) return [];
  const more =
    contributions.length > shown.length
      ? ` The largest ${shown.length} of ${contributions.length.toLocaleString('en-US')}.`
      : '';
  return [
    {
      plot: {
        type: 'bar',
        title: 'Contributions of columns',
        categories: shown.map(({ column }) => column),
        categoryName: 'Column',
        y: { name: 'Mean contribution', unit },
        series: [
          {
            name: towards,
            values: shown.map(({ contribution, against }) => contribution - against),
          },
          { name: away, values: shown.map(({ against }) => 0 - against) },
        ],
        horizontal: true,
        stacked: true,
      },
      text: `${text}${more}`,
    },
  ];
}
