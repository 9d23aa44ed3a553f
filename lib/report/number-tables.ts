/** The numbers behind a regressor's pictures, for who reads rather than looks. */
import { formatNumber } from '../metrics/format-regression';
import type { ReportTable } from './content';
import { knownPoints, type NumberContent } from './number-plots';
import { MOST_COLUMNS } from './plots';
import { fewPoints } from './tables';

/** The tables that the content is enough for. */
export function numberTables(content: NumberContent): ReportTable[] {
  return [
    summaryTable(content),
    ...intervalTables(content),
    ...learningTables(content),
    ...contributionTables(content),
  ];
}

function summaryTable({ metrics, target }: NumberContent): ReportTable {
  const report = metrics.snapshot();
  const weighted = report.weight !== report.numRows;
  return {
    title: 'All rows',
    header: ['metric', 'value'],
    rows: [
      ['rows', rowCount(report.numRows)],
      ...(weighted ? [['weight of the rows', formatNumber(report.weight)]] : []),
      [`root mean squared error, of ${target}`, formatNumber(report.rootMeanSquaredError)],
      [`mean absolute error, of ${target}`, formatNumber(report.meanAbsoluteError)],
      ['R²: 0 is as good as always saying the mean', formatNumber(report.rSquared)],
      ['negative log likelihood', `${formatNumber(report.negativeLogLikelihood)} nats`],
    ],
  };
}

function intervalTables({ metrics }: NumberContent): ReportTable[] {
  const { intervals } = metrics.snapshot();
  if (intervals.length === 0) return [];
  return [
    {
      title: 'Intervals',
      text: 'How many numbers fell into the intervals that should hold so many.',
      header: ['probability %', 'held %'],
      rows: intervals.map(({ level, coverage }) => [
        (100 * level).toFixed(0),
        (100 * coverage).toFixed(2),
      ]),
    },
  ];
}

function learningTables({ learning }: NumberContent): ReportTable[] {
  const points = fewPoints(knownPoints(learning));
  if (points.length === 0) return [];
  return [
    {
      title: 'Learning curve',
      header: ['rows learned', 'root mean squared error', 'negative log likelihood'],
      names: 0,
      rows: points.map(({ rows, rootMeanSquaredError, negativeLogLikelihood }) => [
        ...[rowCount(rows), formatNumber(rootMeanSquaredError)],
        formatNumber(negativeLogLikelihood),
      ]),
    },
  ];
}

function contributionTables({ contributions, target }: NumberContent): ReportTable[] {
  if (contributions.length === 0) return [];
  return [
    {
      title: 'Contributions of columns',
      text: `Means, of ${target}, of what made predictions larger and smaller.`,
      header: ['column', 'magnitude', 'larger', 'smaller'],
      rows: contributions
        .slice(0, MOST_COLUMNS)
        .map(({ column, contribution, against }) => [
          column,
          ...[contribution, contribution - against, 0 - against].map(formatNumber),
        ]),
    },
  ];
}

function rowCount(value: number): string {
  return value.toLocaleString('en-US');
}
