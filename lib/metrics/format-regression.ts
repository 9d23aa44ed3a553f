/** A report on predicted numbers as a text that people read, in a terminal or a log. */

import { formatTable } from '../terminal/table';
import type { RunningRegressionReport } from './running-regression';

/** A number in five digits, in the units that data are in: neither cut off nor endless. */
export function formatNumber(value: number): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(5)));
}

/** Intervals that are worth a line each. */
const SHOWN_LEVELS = [0.5, 0.8, 0.9, 0.95];

/**
 * The report as aligned text, several lines without a trailing newline: the errors of
 * all rows, and what the intervals around predictions held.
 */
export function formatRegressionReport(report: RunningRegressionReport): string {
  const { numRows, weight, rSquared, negativeLogLikelihood, intervals } = report;
  const weighted = weight === numRows ? '' : ` of weight ${formatNumber(weight)}`;
  const head = [
    `${numRows} rows${weighted}, RMSE ${formatNumber(report.rootMeanSquaredError)}, ` +
      `MAE ${formatNumber(report.meanAbsoluteError)}`,
    `R² ${formatNumber(rSquared)}, ` +
      `negative log likelihood ${formatNumber(negativeLogLikelihood)} nats`,
  ].join('\n');
  const shown = intervals.filter(({ level }) => SHOWN_LEVELS.includes(level));
  if (shown.length === 0) return head;
  const rows = shown.map(({ level, coverage }) => [percent(level), percent(coverage)]);
  return `${head}\n\n${formatTable(['interval %', 'held %'], rows)}`;
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toFixed(2)));
}
