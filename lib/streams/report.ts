/** What a run of `fit` tells: on the way, at its end, and when it fails. */

import { GlnError, type GlnErrorCode } from '../errors';
import type { SkippedRecord } from './block-reader';
import type { StreamKind, StreamKinds } from './kinds';
import type { FitState } from './state';

/** How far a run is. Counts and metrics go back to its beginning, also of a resumed one. */
export interface FitProgress<Kind extends StreamKind = 'classes'> {
  /** Rows predicted. */
  rows: number;
  /** Rows learned: those whose weight is not 0. */
  learned: number;
  /** Records left out because they were invalid. */
  skipped: number;
  /** Records of the stream that are done: the number of the next one. */
  position: number;
  /** Since this call began. */
  seconds: number;
  /** Rows of this call a second. */
  rowsPerSecond: number;
  /** Metrics of all rows, each predicted before it was learned. */
  metrics: StreamKinds[Kind]['report'];
  /** Metrics of the latest of them, in which earlier rows fade. */
  recent: StreamKinds[Kind]['recent'];
}

/** How a run ended. */
export interface FitReport<Kind extends StreamKind = 'classes'> extends FitProgress<Kind> {
  /** The first ten records that were left out, and why. */
  skippedRecords: SkippedRecord[];
  /** Checkpoints written by this call. */
  checkpoints: number;
  /** Whether `signal` ended it before the stream did. */
  aborted: boolean;
  /** What `resume` takes to go on from here, as the last checkpoint has it. */
  state: FitState<Kind>;
}

/**
 * Ends a run that failed: the code of what went wrong (`ERR_GLN_SOURCE` where the
 * stream itself did), that as `cause`, and how far the run was. All rows before
 * have been learned.
 */
export class GlnFitError extends GlnError {
  /** How far the run was, and the state to go on from. */
  readonly report: FitReport<StreamKind>;

  /** @internal */
  constructor(code: GlnErrorCode, message: string, report: FitReport<StreamKind>, cause: unknown) {
    super(code, message, { cause });
    this.name = 'GlnFitError';
    this.report = report;
  }
}
