/** Results of learning and testing as text for people. */
import type { Skipped } from './training';

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
