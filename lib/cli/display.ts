/** What a run shows on the way: a bar where the number of rows is known, else a counter. */
import { startProgress } from '../terminal/progress';
import type { CliContext, OutputOptions } from './context';

/** Counts to show. */
export interface Shown {
  rows: number;
  rowsPerSecond: number;
  metrics: Readonly<Record<string, string>>;
}

export interface Display {
  update(shown: Shown): void;
  stop(): void;
}

/** Nothing is shown where nobody watches. */
export function startDisplay(
  { stderr }: CliContext,
  { quiet }: OutputOptions,
  label: string,
  total: number | undefined,
): Display {
  const enabled = quiet !== true && stderr.isTTY === true;
  if (!enabled) return { update: () => undefined, stop: () => undefined };
  if (total !== undefined) {
    const bar = startProgress({ total, label, stream: stderr });
    return { update: ({ rows, metrics }) => bar.update(rows, metrics), stop: () => bar.stop() };
  }
  let shown = false;
  return {
    update({ rows, rowsPerSecond, metrics }) {
      const parts = [`${label} ${rows}`, `${Math.round(rowsPerSecond)} rows/s`];
      for (const [name, value] of Object.entries(metrics)) parts.push(`${name} ${value}`);
      const width = stderr.columns || 80;
      stderr.write(`\r${parts.join(' | ').slice(0, width - 1)}\x1b[K`);
      shown = true;
    },
    stop() {
      if (shown) stderr.write('\n');
    },
  };
}
