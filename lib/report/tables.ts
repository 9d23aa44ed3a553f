/** The numbers behind a report's pictures, for who reads rather than looks. */
import type { ConfusionMatrix } from '../metrics/confusion';
import type { EvaluationReport } from '../metrics/report';
import type { LearningPoint, ReportContent, ReportTable } from './content';
import { recentPoints, recentRows } from './learning';
import { MOST_COLUMNS } from './plots';

/** A matrix of more classes is wider than a page; its largest cells tell more. */
const MOST_MATRIX_CLASSES = 20;
const MOST_CONFUSIONS = 20;
/** Points of a learning curve, evenly many rows apart by their logarithm. */
const MOST_POINTS = 16;

/** The tables that the content is enough for. */
export function reportTables(content: ReportContent): ReportTable[] {
  const report = content.metrics.snapshot();
  return [
    summaryTable(content, report),
    classTable(content, report),
    confusionTable(content, report),
    ...calibrationTables(content, report),
    ...learningTables(content),
    ...contributionTables(content),
  ];
}

function summaryTable({ classNames }: ReportContent, report: EvaluationReport): ReportTable {
  const most = report.classes.reduce((one, other) => (other.support > one.support ? other : one));
  const share = report.weight === 0 ? Number.NaN : most.support / report.weight;
  return {
    title: 'All rows',
    header: ['metric', 'value'],
    rows: [
      ['rows', count(report.numRows)],
      ...(report.weight === report.numRows ? [] : [['weight of the rows', count(report.weight)]]),
      ['accuracy', `${percent(report.accuracy)} %`],
      [`accuracy of always saying “${classNames[most.label]}”`, `${percent(share)} %`],
      ['balanced accuracy', `${percent(report.balancedAccuracy)} %`],
      ['log loss', `${decimals(report.logLoss)} nats`],
      ['AUC', decimals(report.auc)],
      ['Brier score', decimals(report.brierScore)],
      ['calibration error', `${percent(report.calibrationError)} %`],
    ],
  };
}

function classTable({ classNames }: ReportContent, report: EvaluationReport): ReportTable {
  const { macro, classes } = report;
  const average = [percent(macro.precision), percent(macro.recall), percent(macro.f1)];
  return {
    title: 'Classes',
    header: ['class', 'precision %', 'recall %', 'F1 %', 'AUC', 'rows'],
    rows: [
      ...classes.map(({ label, precision, recall, f1, auc, support }) => [
        classNames[label],
        ...[percent(precision), percent(recall), percent(f1), decimals(auc), count(support)],
      ]),
      ['macro average', ...average, decimals(report.auc), count(report.weight)],
    ],
  };
}

function confusionTable({ classNames }: ReportContent, report: EvaluationReport): ReportTable {
  const { confusion } = report;
  if (confusion.numClasses > MOST_MATRIX_CLASSES) return mostConfused(confusion, classNames);
  return {
    title: 'Confusion matrix',
    text: 'A line is an actual class, a column a predicted one.',
    header: ['actual \\ predicted', ...classNames],
    rows: confusion.toArray().map((counts, label) => [classNames[label], ...counts.map(count)]),
  };
}

function mostConfused(confusion: ConfusionMatrix, classNames: readonly string[]): ReportTable {
  const cells: { actual: number; predicted: number; rows: number }[] = [];
  confusion.counts.forEach((rows, cell) => {
    const actual = Math.floor(cell / confusion.numClasses);
    const predicted = cell % confusion.numClasses;
    if (rows > 0 && actual !== predicted) cells.push({ actual, predicted, rows });
  });
  cells.sort((one, other) => other.rows - one.rows);
  return {
    title: 'Most frequent confusions',
    header: ['actual', 'predicted', 'rows'],
    names: 2,
    rows: cells
      .slice(0, MOST_CONFUSIONS)
      .map((cell) => [classNames[cell.actual], classNames[cell.predicted], count(cell.rows)]),
  };
}

function calibrationTables(
  { classNames }: ReportContent,
  { reliability, numClasses }: EvaluationReport,
): ReportTable[] {
  if (reliability.length === 0) return [];
  const what = numClasses === 2 ? `“${classNames[1]}”` : 'the predicted class';
  return [
    {
      title: 'Calibration',
      text: `What the model said of ${what}, and what came true.`,
      header: ['probability %', 'mean predicted %', 'observed %', 'difference', 'rows'],
      rows: reliability.map((bin) => [
        `${percent(bin.low)} to ${percent(bin.high)}`,
        percent(bin.confidence),
        percent(bin.accuracy),
        signed(100 * (bin.accuracy - bin.confidence), 2),
        count(bin.count),
      ]),
    },
  ];
}

/** Points of a curve that are enough for a table, the first and the last among them. */
export function fewPoints<Point extends { rows: number }>(learning: readonly Point[]): Point[] {
  if (learning.length === 0) return [];
  const growth = (learning[learning.length - 1].rows / learning[0].rows) ** (1 / MOST_POINTS);
  let next = 0;
  return learning.filter(({ rows }, i) => {
    if (rows < next && i < learning.length - 1) return false;
    next = rows * growth;
    return true;
  });
}

function learningTables({ learning }: ReportContent): ReportTable[] {
  if (learning.length === 0) return [];
  const window = recentRows(learning);
  const latest = (mean: (point: LearningPoint) => number) =>
    new Map(recentPoints(learning, window, mean).map((point) => [point.rows, point]));
  const accuracies = latest((point) => point.accuracy);
  const losses = latest((point) => point.logLoss);
  return [
    {
      title: 'Learning curve',
      text: `The latest rows are ${count(window)}, or up to the next point more.`,
      header: [
        ...['rows learned', 'accuracy %', 'log loss'],
        ...['of the latest rows', 'accuracy %', 'log loss'],
      ],
      names: 0,
      rows: fewPoints(learning).map(({ rows, accuracy, logLoss }) => {
        const [right, loss] = [accuracies.get(rows), losses.get(rows)];
        const figures =
          right === undefined || loss === undefined
            ? ['-', '-', '-']
            : [count(rows - right.after), percent(right.mean), decimals(loss.mean)];
        return [count(rows), percent(accuracy), decimals(logLoss), ...figures];
      }),
    },
  ];
}

function contributionTables({ contributions }: ReportContent): ReportTable[] {
  if (contributions.length === 0) return [];
  return [
    {
      title: 'Contributions of columns',
      text: 'Mean logits, for and against the predicted class.',
      header: ['column', 'magnitude', 'for', 'against'],
      rows: contributions
        .slice(0, MOST_COLUMNS)
        .map(({ column, contribution, against }) => [
          column,
          contribution.toFixed(4),
          signed(contribution - against, 4),
          signed(0 - against, 4),
        ]),
    },
  ];
}

/** Rows, or a sum of weights, which need not be whole. */
function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function percent(fraction: number): string {
  return Number.isNaN(fraction) ? '-' : (100 * fraction).toFixed(2);
}

function decimals(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4);
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return value > 0 ? `+${text}` : text;
}
