/**
 * A progress bar for loops over rows, on stderr so that stdout stays a result.
 *
 * Drawing needs the optional package `cli-progress`. Without it, and where
 * nobody watches (stderr is no terminal), the same calls print nothing or, when
 * asked, plain lines that suit a log.
 */

import type { Options, SingleBar } from 'cli-progress';

import { describe, GlnError } from '../errors';
import { type BarFigures, barLine } from './bar-line';

/** Options of {@link startProgress} and {@link withProgress}. */
export interface ProgressOptions {
  /** Rows to do, at least 0. */
  total: number;
  /** What is being done, shown first; default `rows`. */
  label?: string;
  /** False to print nothing at all; default true. */
  enabled?: boolean;
  /** Where no bar can be drawn, print a plain line at each 10 %; default false. */
  always?: boolean;
  /** Where to write; default `process.stderr`. */
  stream?: ProgressStream;
}

/** The part of a stream that progress needs. */
export interface ProgressStream {
  /** Takes text for the terminal. */
  write(text: string): unknown;
  /** Whether somebody watches. */
  readonly isTTY?: boolean;
  /** Characters a line. */
  readonly columns?: number;
}

/** A running progress display. */
export interface Progress {
  /**
   * Tells how far things are.
   *
   * @param done rows done so far
   * @param metrics running figures to show, as finished text by name, e.g.
   *   `{ accuracy: '96.1 %' }`
   */
  update(done: number, metrics?: Readonly<Record<string, string>>): void;
  /** Ends the display and leaves the cursor on a fresh line. May be called more than once. */
  stop(): void;
}

interface BarModule {
  SingleBar: new (options: Options) => SingleBar;
}

/**
 * Starts a display; the caller must `stop` it, also after an exception.
 * {@link withProgress} does that by itself.
 *
 * @throws GlnError `ERR_GLN_OPTION` when `total` is no integer >= 0
 */
export function startProgress(options: ProgressOptions): Progress {
  const { total, label = 'rows', enabled = true, always = false } = options;
  if (!Number.isSafeInteger(total) || total < 0) {
    const message = `expected an integer >= 0, got ${describe(total)}`;
    throw new GlnError('ERR_GLN_OPTION', `total: ${message}`);
  }
  const stream = options.stream ?? process.stderr;
  if (!enabled) return silentProgress;
  const barModule = stream.isTTY === true ? loadBarModule() : undefined;
  if (barModule !== undefined) return startBar(barModule, stream, label, total);
  return always ? startLines(stream, label, total) : silentProgress;
}

/** Runs `body` with a display that is stopped whatever happens; returns its result. */
export async function withProgress<Result>(
  options: ProgressOptions,
  body: (progress: Progress) => Result | Promise<Result>,
): Promise<Result> {
  const progress = startProgress(options);
  try {
    return await body(progress);
  } finally {
    progress.stop();
  }
}

const silentProgress: Progress = { update: () => {}, stop: () => {} };

function loadBarModule(): BarModule | undefined {
  try {
    return require('cli-progress') as BarModule;
  } catch {
    // An optional package: the program runs the same without the bar.
    return undefined;
  }
}

function startBar(
  barModule: BarModule,
  stream: ProgressStream,
  label: string,
  total: number,
): Progress {
  const clock = new RateClock(total);
  const bar = new barModule.SingleBar({
    // Its declaration asks for a whole stream; writing is all that it does.
    stream: stream as NodeJS.WritableStream,
    format: '{line}',
    // A handler of its own would swallow the first Ctrl-C of a training run.
    gracefulExit: false,
    // Nor is any state of the terminal changed, so a killed process leaves none
    // behind; the line is made for the terminal's width instead.
    linewrap: true,
    hideCursor: false,
  });
  const lineOf = (done: number, figures: Pick<BarFigures, 'speed' | 'remaining' | 'metrics'>) => ({
    // The last column stays free: some terminals begin a new line with it. And some
    // do not know how wide they are, and say 0.
    line: barLine({ label, done, total, ...figures }, (stream.columns || 80) - 1),
  });
  bar.start(total, 0, lineOf(0, { speed: '-', remaining: '-', metrics: {} }));
  let active = true;
  return {
    update(done, metrics = {}) {
      if (active) bar.update(done, lineOf(done, { ...clock.measure(done), metrics }));
    },
    stop() {
      if (!active) return;
      active = false;
      bar.stop();
    },
  };
}

function startLines(stream: ProgressStream, label: string, total: number): Progress {
  const clock = new RateClock(total);
  let printed = 0;
  let active = true;
  return {
    update(done, metrics) {
      const tenths = total === 0 ? 10 : Math.min(10, Math.floor((10 * done) / total));
      if (!active || tenths <= printed) return;
      printed = tenths;
      const { speed, remaining } = clock.measure(done);
      const rest = `${speed} rows/s, ETA ${remaining}${formatMetrics(metrics)}`;
      stream.write(`${label}: ${10 * tenths} %, ${done}/${total}, ${rest}\n`);
    },
    stop() {
      active = false;
    },
  };
}

/** Speed and time left, both over the whole run so far: batches are uneven. */
class RateClock {
  private readonly started = performance.now();

  constructor(private readonly total: number) {}

  measure(done: number): { speed: string; remaining: string } {
    const seconds = (performance.now() - this.started) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    if (!(rate > 0)) return { speed: '-', remaining: '-' };
    const left = Math.max(0, this.total - done) / rate;
    return { speed: formatRate(rate), remaining: formatDuration(left) };
  }
}

function formatRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toString();
}

function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${padded(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${padded(minutes % 60)} h`;
}

function formatMetrics(metrics: Readonly<Record<string, string>> = {}): string {
  return Object.entries(metrics)
    .map(([name, value]) => `, ${name} ${value}`)
    .join('');
}
