/** From samples to lines, and from lines to text. */
import { formatTable } from '../lib/terminal/table';
import type { Answer, Line } from './protocol';
import { interquartileRange, median } from './statistics';

/** What one child answered, and what it was asked. */
export interface Outcome {
  case: string;
  threads: number;
  answer: Answer;
}

export function toLines({ case: name, threads, answer }: Outcome): Line[] {
  return answer.measurements.map(({ metric, unit, values }) => ({
    case: name,
    isa: answer.isa,
    threads,
    metric,
    value: median(values),
    unit,
    spread: interquartileRange(values),
  }));
}

/**
 * How many times faster the outcomes of one case are than with one thread, and
 * than the portable kernels, wherever both ran. Rows a second are compared, also
 * where their number differs.
 */
export function comparisons(outcomes: readonly Outcome[]): Line[] {
  return outcomes.flatMap((outcome) => {
    const { threads, answer } = outcome;
    const single = outcomes.find((o) => o.threads === 1 && o.answer.isa === answer.isa);
    const portable = outcomes.find((o) => o.threads === threads && o.answer.isa === 'scalar');
    return [
      ...(threads > 1 && single ? ratios(outcome, single, 'one thread') : []),
      ...(answer.isa !== 'scalar' && portable ? ratios(outcome, portable, 'scalar') : []),
    ];
  });
}

function ratios(outcome: Outcome, reference: Outcome, against: string): Line[] {
  const { case: name, threads, answer } = outcome;
  return answer.measurements.flatMap(({ quantity, unit, values }) => {
    if (unit !== 'rows/s') return [];
    const other = reference.answer.measurements.find(
      (candidate) => candidate.quantity === quantity && candidate.unit === unit,
    );
    if (other === undefined) return [];
    const value = median(values) / median(other.values);
    // Both spreads may act in the same direction.
    const relative = (of: readonly number[]) => interquartileRange(of) / median(of);
    const spread = value * (relative(values) + relative(other.values));
    const metric = `${quantity} against ${against}`;
    return [{ case: name, isa: answer.isa, threads, metric, value, unit: 'times', spread }];
  });
}

/** A figure with as many digits as it deserves. */
function formatValue(value: number, unit: string): string {
  if (unit === 'peak' || unit.endsWith('bandwidth')) return `${(100 * value).toFixed(1)} %`;
  if (unit === 'fraction') return value.toFixed(4);
  return value >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
}

function unitName(unit: string): string {
  if (unit === 'peak') return 'of peak';
  return unit.endsWith('bandwidth') ? `of ${unit.replace(/^bandwidth$/, 'copy bandwidth')}` : unit;
}

/** One case's lines as a table. */
export function formatLines(lines: readonly Line[]): string {
  return formatTable(
    ['metric', 'isa', 'threads', 'value', 'unit', 'spread'],
    [...lines]
      .sort((a, b) => firstOf(lines, a) - firstOf(lines, b))
      .map(({ metric, isa, threads, value, unit, spread }) => [
        metric,
        isa,
        String(threads),
        formatValue(value, unit),
        unitName(unit),
        formatValue(spread, unit),
      ]),
    { leftColumns: 2 },
  );
}

/** Where a line's metric and unit first come up: brings instruction sets together. */
function firstOf(lines: readonly Line[], { metric, unit }: Line): number {
  return lines.findIndex((line) => line.metric === metric && line.unit === unit);
}
