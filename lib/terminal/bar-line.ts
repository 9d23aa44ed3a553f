/**
 * The one line of a progress bar, laid out for the width of the terminal: what says
 * most stays longest, and nothing is cut in the middle.
 */

/** What a line can show; figures as finished text. */
export interface BarFigures {
  label: string;
  done: number;
  total: number;
  speed: string;
  remaining: string;
  /** Running figures by name, the most important first. */
  metrics: Readonly<Record<string, string>>;
}

/** The first of the layouts that fits into so many characters; the last one may be cut. */
export function barLine(figures: BarFigures, width: number): string {
  for (const line of layouts(figures)) if (line.length <= width) return line;
  return `${percentOf(figures)} %`.slice(0, Math.max(0, width));
}

function* layouts(figures: BarFigures): Generator<string, void, void> {
  const { label, done, total, speed, remaining } = figures;
  const metrics = Object.entries(figures.metrics).map(([name, value]) => `${name} ${value}`);
  const rate = `${speed} rows/s`;
  const left = `ETA ${remaining}`;
  const share = `${percentOf(figures)} %`;
  const joined = (...parts: readonly string[]): string => parts.join(' | ');
  for (const size of [24, 12]) {
    yield joined(`${label} ${bar(figures, size)} ${done}/${total}`, rate, left, ...metrics);
  }
  yield joined(`${label} ${bar(figures, 12)} ${share}`, rate, left, ...metrics);
  yield joined(`${bar(figures, 8)} ${share}`, rate, left, ...metrics);
  yield joined(`${bar(figures, 8)} ${share}`, rate, ...metrics);
  for (let shown = metrics.length; shown >= 0; shown--) {
    yield joined(share, rate, ...metrics.slice(0, shown));
  }
}

function fractionOf({ done, total }: BarFigures): number {
  return total === 0 ? 1 : Math.min(1, done / total);
}

function percentOf(figures: BarFigures): number {
  return Math.floor(100 * fractionOf(figures));
}

function bar(figures: BarFigures, size: number): string {
  const full = Math.round(size * fractionOf(figures));
  return `[${'#'.repeat(full)}${'.'.repeat(size - full)}]`;
}
