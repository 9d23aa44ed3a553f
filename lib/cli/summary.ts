/** Results of learning and testing: as JSON, and as text for people. */
import { formatReport } from '../metrics/format';
import type { EvaluationReport } from '../metrics/report';
import type { Schema } from './data/schema';
import type { Skipped } from './training';

/** Metrics with the names of classes, as JSON has them. */
export function metricsJson(metrics: EvaluationReport, { target }: Schema): object {
  const { confusion, classes, reliability, ...figures } = metrics;
  return {
    ...figures,
    classes: classes.map(({ label, ...figures }) => ({ name: target.classes[label], ...figures })),
    confusion: confusion.toArray(),
    reliability,
  };
}

/** All metrics, in aligned columns. */
export function metricsText(metrics: EvaluationReport, { target }: Schema): string {
  return formatReport(metrics, { classNames: target.classes, reliability: false });
}

/** What was left out, as a line for people; empty where nothing was. */
export function skippedText({ count, reasons }: Skipped): string {
  if (count === 0) return '';
  const more = count > reasons.length ? `\n  and ${count - reasons.length} more` : '';
  return `${count} rows left out:\n  ${reasons.join('\n  ')}${more}`;
}

/** Numbers of rows with a space between thousands. */
export function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Paragraphs with an empty line between them; empty ones are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
