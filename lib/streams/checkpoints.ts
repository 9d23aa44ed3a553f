/**
 * Saves a model while it goes on learning: what it holds is copied at once, the
 * writing is waited for only at the end.
 */

import { checkKeys } from '../calls';
import { checkedNumber, fail } from '../checks';
import { requireInteger } from '../metrics/row';
import type { StreamKind } from './kinds';
import type { FitState } from './state';

/** When and where `fit` saves the model. */
export interface CheckpointOptions {
  /** A file, replaced in one step each time: it is whole at every moment. */
  path: string;
  /** Rows from one checkpoint to the next, at least 1; at the next end of a block. */
  everyRows?: number;
  /** The same in seconds, above 0. Default 60 where `everyRows` is not given. */
  everySeconds?: number;
  /**
   * What else the file's `extra` holds, beside `fit`: called as each checkpoint is
   * taken; anything that JSON can hold.
   */
  extra?: () => Readonly<Record<string, unknown>>;
}

/** A model that can be saved. */
export interface SavableModel {
  save(path: string, options: { extra: unknown }): Promise<void>;
}

const KEYS = new Set(['path', 'everyRows', 'everySeconds', 'extra']);
const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 1e9;

/** @throws GlnError `ERR_GLN_OPTION` or `ERR_GLN_TYPE` */
export function checkCheckpointOptions(options: CheckpointOptions): void {
  checkKeys(options, KEYS);
  const { path, everyRows, everySeconds, extra } = options;
  if (extra !== undefined && typeof extra !== 'function') {
    fail('checkpoint.extra', 'a function', extra);
  }
  if (typeof path !== 'string' || path === '') {
    fail('checkpoint.path', 'the name of a file', path);
  }
  if (everyRows !== undefined) {
    requireInteger('checkpoint.everyRows', everyRows, 1, Number.MAX_SAFE_INTEGER);
  }
  if (everySeconds === undefined) return;
  checkedNumber('checkpoint.everySeconds', everySeconds, Number.MIN_VALUE, MOST_SECONDS);
}

/** The checkpoints of one run. */
export class Checkpoints {
  #written = 0;
  #writing: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;
  #rows: number;
  #time = performance.now();
  /** Where the stream was at the latest. */
  #position: number | undefined;

  constructor(
    private readonly model: SavableModel,
    private readonly options: CheckpointOptions,
    rows: number,
  ) {
    this.#rows = rows;
  }

  /** Files written. */
  get written(): number {
    return this.#written;
  }

  /**
   * Starts a checkpoint if it is time for one and the one before has been written.
   *
   * @throws whatever went wrong with that one
   */
  offer(rows: number, state: () => FitState<StreamKind>): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.isDue(rows)) this.#start(rows, state());
  }

  /** Whether {@link offer} has something to do after so many rows. */
  isDue(rows: number): boolean {
    if (this.#failure !== undefined) return true;
    return this.#writing === undefined && this.#isTime(rows);
  }

  /** The last one, unless nothing has happened since the latest. @throws as {@link offer} */
  async finish(rows: number, state: () => FitState<StreamKind>): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
    const last = state();
    if (last.position === this.#position) return;
    this.#start(rows, last);
    await this.#writing;
    if (this.#failure !== undefined) throw (this.#failure as { error: unknown }).error;
  }

  /** Waits for a file that is being written; how it ends no longer matters. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  #isTime(rows: number): boolean {
    const { everyRows, everySeconds = everyRows === undefined ? DEFAULT_SECONDS : undefined } =
      this.options;
    const seconds = (performance.now() - this.#time) / 1000;
    return (
      (everyRows !== undefined && rows - this.#rows >= everyRows) ||
      (everySeconds !== undefined && seconds >= everySeconds)
    );
  }

  #start(rows: number, state: FitState<StreamKind>): void {
    this.#rows = rows;
    this.#time = performance.now();
    this.#position = state.position;
    // The model is copied before this returns, and learns on while it is written.
    const extra = { ...this.options.extra?.(), fit: state };
    this.#writing = this.model.save(this.options.path, { extra }).then(
      () => {
        this.#written += 1;
        this.#writing = undefined;
      },
      (error: unknown) => {
        this.#failure = { error };
        this.#writing = undefined;
      },
    );
  }
}
