/** Options of `fit`: defaults, ranges, and messages when they are wrong. */

import { checkSignal } from '../async';
import { checkKeys } from '../calls';
import { checkedChoice, checkedNumber, fail } from '../checks';
import { requireInteger } from '../metrics/row';
import { defaultBatchRows } from './block-builder';
import type { SkippedRecord } from './block-reader';
import { type CheckpointOptions, checkCheckpointOptions } from './checkpoints';
import type { StreamKind, StreamKinds } from './kinds';
import type { FitProgress } from './report';
import { checkSource, type FitSource, type OpenableSource } from './sources';
import { checkStart, FitCounts, type FitState } from './state';
import type { StreamModel } from './stream-model';

/** Options of a run that are not its metrics'. */
export interface FitRunOptions<Kind extends StreamKind> {
  /**
   * Rows of a block, at least 1: what is read, learned in one call, and can be lost
   * between two checkpoints. Blocks end where the model has seen a multiple of it.
   * Default 1024, or fewer, where that would be more than 2^20 values. Online, all
   * multiples of 64 give the same bits; with `updateMode: 'batch'` each block is a batch.
   */
  batchRows?: number;
  /**
   * Ends the run within the present block, and the promise resolves: `aborted` says
   * so in the report. Endless streams end this way.
   */
  signal?: AbortSignal;
  /**
   * What to do with a record that cannot be learned (wrong shape, NaN, infinite or
   * huge values, no class): end the run with an error (`throw`, default), or leave it
   * out and count it (`skip`).
   */
  invalid?: 'throw' | 'skip';
  /** Called for every record that is left out; what it throws ends the run. */
  onInvalid?: (skipped: SkippedRecord, record: unknown) => void;
  /** Called after a block, at most so often, and at the end; what it throws ends the run. */
  onProgress?: (progress: FitProgress<Kind>) => void;
  /** Milliseconds from one `onProgress` to the next, at least 0; default 1000. */
  progressMilliseconds?: number;
  /** Shows a bar on stderr; needs `totalRows` for sources that do not say how many they have. */
  progress?: boolean;
  /** Records that the source has, for the bar. */
  totalRows?: number;
  /** Saves the model, its metrics and its place in the stream while it learns, and at the end. */
  checkpoint?: CheckpointOptions;
  /** Goes on where a checkpoint was written: `fitState` of the loaded model. */
  resume?: FitState<Kind>;
  /**
   * The number of the source's first record in the stream; default 0. Records before
   * the place where a resumed run goes on are read and dropped.
   */
  sourceStart?: number;
}

/** Options of `fit`: those of the run, and those of the metrics that follow it. */
export type FitOptions<Kind extends StreamKind = 'classes'> = FitRunOptions<Kind> &
  StreamKinds[Kind]['metricsOptions'];

/** {@link FitOptions}, checked. */
export interface CheckedFitOptions<Kind extends StreamKind> {
  source: OpenableSource;
  batchRows: number;
  signal: AbortSignal | undefined;
  skipInvalid: boolean;
  onInvalid: FitRunOptions<Kind>['onInvalid'];
  onProgress: FitRunOptions<Kind>['onProgress'];
  progressMilliseconds: number;
  /** Records in all, where a bar is to be shown. */
  progress: number | undefined;
  checkpoint: CheckpointOptions | undefined;
  sourceStart: number;
  counts: FitCounts<Kind>;
}

const RUN_KEYS: readonly (keyof FitRunOptions<StreamKind>)[] = [
  'batchRows',
  'signal',
  'invalid',
  'onInvalid',
  'onProgress',
  'progressMilliseconds',
  'progress',
  'totalRows',
  'checkpoint',
  'resume',
  'sourceStart',
];

const MOST_BATCH_ROWS = 2 ** 24;
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** Rows of a block. @throws GlnError `ERR_GLN_OPTION` */
export function checkBatchRows(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  requireInteger('batchRows', value, 1, MOST_BATCH_ROWS);
  return value as number;
}

/** A function or nothing. @throws GlnError `ERR_GLN_OPTION` */
export function checkCallback(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') fail(name, 'a function', value);
}

/** Whether invalid records are skipped. @throws GlnError `ERR_GLN_OPTION` */
export function checkInvalid(value: unknown): boolean {
  return checkedChoice('invalid', value ?? 'throw', ['throw', 'skip']) === 'skip';
}

/**
 * Checks everything that can be checked before the source is read.
 *
 * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` for arrays,
 *   `ERR_GLN_FORMAT` for a state that is none
 */
export function checkFitOptions<Kind extends StreamKind>(
  model: StreamModel<Kind>,
  source: FitSource<Kind>,
  options: FitOptions<Kind>,
): CheckedFitOptions<Kind> {
  const { rules, kind } = model;
  checkKeys(options, new Set([...RUN_KEYS, ...kind.metricsKeys]));
  const { signal, checkpoint, resume, sourceStart = 0, progressMilliseconds = 1000 } = options;
  checkSignal(signal);
  checkCallback('onInvalid', options.onInvalid);
  checkCallback('onProgress', options.onProgress);
  if (checkpoint !== undefined) checkCheckpointOptions(checkpoint);
  requireInteger('sourceStart', sourceStart, 0, Number.MAX_SAFE_INTEGER);
  const counts =
    resume === undefined
      ? new FitCounts<Kind>(kind.newMetrics(options))
      : FitCounts.restore(resume, kind);
  if (resume === undefined) counts.position = sourceStart;
  checkStart(sourceStart, counts.position);
  const opened = checkSource(source, rules, kind);
  return {
    source: opened,
    batchRows: checkBatchRows(options.batchRows, defaultBatchRows(rules)),
    signal,
    skipInvalid: checkInvalid(options.invalid),
    onInvalid: options.onInvalid,
    onProgress: options.onProgress,
    progressMilliseconds: checkedNumber(
      'progressMilliseconds',
      progressMilliseconds,
      0,
      MOST_MILLISECONDS,
    ),
    progress: checkTotal(options, opened.total, sourceStart),
    checkpoint,
    sourceStart,
    counts,
  };
}

/** Records to show a bar for; undefined where none is wanted. */
function checkTotal(
  { progress, totalRows }: Pick<FitRunOptions<StreamKind>, 'progress' | 'totalRows'>,
  known: number | undefined,
  sourceStart: number,
): number | undefined {
  if (progress !== undefined && typeof progress !== 'boolean') {
    fail('progress', 'true or false', progress);
  }
  if (totalRows !== undefined) requireInteger('totalRows', totalRows, 0, Number.MAX_SAFE_INTEGER);
  if (progress !== true) return undefined;
  const total = totalRows ?? known;
  if (total === undefined) {
    fail('totalRows', 'the number of records, which a bar needs and a stream does not say', total);
  }
  return sourceStart + total;
}
