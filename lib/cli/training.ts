/**
 * One pass of learning over a table: what `train` and `evaluate` share.
 */
import type { CheckpointOptions } from '../streams/checkpoints';
import type { StreamKind } from '../streams/kinds';
import type { FitState } from '../streams/state';
import type { CliContext, OutputOptions } from './context';
import { checkedRows, type DataSource } from './data/source';
import { startDisplay } from './display';
import type { DataError } from './errors';
import type { CliTask, CurvePoint, RunProgress, RunReport, TableRows } from './tasks/task';

/** What a pass is told. */
export interface TrainingOptions {
  context: CliContext;
  output: OutputOptions;
  source: DataSource;
  task: CliTask;
  shuffle: number | undefined;
  skipInvalid: boolean;
  signal: AbortSignal;
  /** Rows that are known to come. */
  rows: number | undefined;
  checkpoint?: Omit<CheckpointOptions, 'extra'>;
  /** What is saved beside the state of the run, given the curve so far. */
  extra?: (curve: readonly CurvePoint[]) => Readonly<Record<string, unknown>>;
  resume: FitState<StreamKind> | undefined;
  /** Points of an earlier part of the run; undefined where no curve is wanted. */
  curve: readonly CurvePoint[] | undefined;
  /** Which rows are learned, by their number; all of them by default. */
  learns?: (row: number) => boolean;
}

export interface TrainingResult {
  report: RunReport<unknown>;
  curve: readonly CurvePoint[];
  skipped: Skipped;
  /** Some of the latest rows. */
  sample: Float32Array;
}

/** Rows that were left out. */
export interface Skipped {
  count: number;
  /** Why the first of them were. */
  reasons: string[];
}

const MOST_REASONS = 10;
const SHOW_EVERY_MILLISECONDS = 200;
/** Rows that the contributions of features are averaged over. */
const SAMPLE_ROWS = 256;

/** Counts rows that are left out. */
export function countSkipped(): Skipped & { onSkip(error: DataError): void } {
  return {
    count: 0,
    reasons: [],
    onSkip(error) {
      this.count += 1;
      if (this.reasons.length < MOST_REASONS) this.reasons.push(error.message);
    },
  };
}

/** Only those rows of a block that are wanted; `first` is the number of the block's first row. */
export function chosenRows(
  { rows, targets, weights }: TableRows,
  first: number,
  wanted: (row: number) => boolean,
): TableRows {
  const width = rows.length / targets.length;
  const chosen = Array.from(targets.keys()).filter((row) => wanted(first + row));
  const isChosen = (_: number, row: number): boolean => wanted(first + row);
  const result = new Float32Array(chosen.length * width);
  for (const [i, row] of chosen.entries()) {
    result.set(rows.subarray(row * width, (row + 1) * width), i * width);
  }
  return {
    rows: result,
    targets: targets.filter(isChosen),
    ...(weights !== undefined && { weights: weights.filter(isChosen) }),
  };
}

/** Points at rows that grow by a 64th each, or by a block: enough to draw, whatever the number of rows. */
class Curve {
  readonly points: CurvePoint[];
  #next: number;

  constructor(before: readonly CurvePoint[]) {
    this.points = [...before];
    this.#next = this.#after(this.points.at(-1)?.rows ?? 0);
  }

  offer({ rows, point }: RunProgress, atEnd = false): void {
    const last = this.points.at(-1)?.rows ?? 0;
    if (rows <= last || (rows < this.#next && !atEnd)) return;
    this.points.push(point);
    this.#next = this.#after(rows);
  }

  #after(rows: number): number {
    return Math.ceil(rows * (1 + 1 / 64));
  }
}

/** Values of a block: about four MiB. */
const BLOCK_VALUES = 2 ** 20;
/** Rows of a block where they come as fast as they are learned: there is little between two. */
const MOST_BLOCK_ROWS = 4096;
const CHAIN_ROWS = 64;

/**
 * Rows of a block; undefined for what `fit` takes by itself. Any multiple of 64 learns
 * the same bits.
 */
function blockRows({ source, task, rows, curve }: TrainingOptions): number | undefined {
  // A curve has a point a block at most.
  if (curve !== undefined) return rows !== undefined && rows < 20_000 ? CHAIN_ROWS : 512;
  // A stream may be slow: its rows are not to wait for many others.
  if (!source.reusable) return undefined;
  const affordable = Math.floor(BLOCK_VALUES / task.schema.inputs.length / CHAIN_ROWS);
  return Math.min(MOST_BLOCK_ROWS, Math.max(1, affordable) * CHAIN_ROWS);
}

/** Learns a table. @throws as `fit` does, and whatever the source throws */
export async function learnTable(options: TrainingOptions): Promise<TrainingResult> {
  const { context, output, source, task, shuffle, signal, resume, learns } = options;
  const { schema } = task;
  const skipped = countSkipped();
  const width = schema.inputs.length;
  let sample = new Float32Array(0);
  async function* blocks(): AsyncGenerator<TableRows, void, void> {
    const plan = { schema, labelled: true, keep: [], shuffle };
    const policy = { skip: options.skipInvalid, onSkip: skipped.onSkip.bind(skipped) };
    let first = 0;
    for await (const chunk of checkedRows(source, plan, policy)) {
      sample = chunk.rows.slice(-SAMPLE_ROWS * width);
      yield learns === undefined ? chunk : chosenRows(chunk, first, learns);
      first += chunk.count;
    }
  }
  const curve = new Curve(options.curve ?? []);
  const batchRows = blockRows(options);
  const display = startDisplay(context, output, 'learning', options.rows);
  let shown = 0;
  const onProgress = (progress: RunProgress): void => {
    // Where a run is cut, the one that goes on has no point.
    if (options.curve !== undefined && !signal.aborted) curve.offer(progress);
    const now = performance.now();
    if (now - shown < SHOW_EVERY_MILLISECONDS) return;
    shown = now;
    display.update(shownProgress(progress));
  };
  try {
    const report = await task.learn(blocks(), {
      signal,
      onProgress,
      // A curve wants every block; its points then fall at the same rows in every run.
      progressMilliseconds: options.curve === undefined ? SHOW_EVERY_MILLISECONDS : 0,
      ...(batchRows !== undefined && { batchRows }),
      ...(resume !== undefined && { resume }),
      ...(options.checkpoint !== undefined && {
        checkpoint: { ...options.checkpoint, extra: () => options.extra?.(curve.points) ?? {} },
      }),
    });
    display.update(shownProgress(report));
    if (options.curve !== undefined && !report.aborted) curve.offer(report, true);
    return { report, curve: curve.points, skipped, sample };
  } finally {
    display.stop();
  }
}

function shownProgress({ position, rowsPerSecond, shown }: RunProgress) {
  return { rows: position, rowsPerSecond, metrics: shown };
}
