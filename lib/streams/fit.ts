/**
 * Learning from a stream: blocks of rows are read while those before are being
 * learned on a thread of the addon, every row is counted in prequential metrics,
 * and the model is saved together with its place in the stream.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { GlnAbortError, GlnError } from '../errors';
import { BlockBuilder, type RowBlock } from './block-builder';
import { BlockReader, messageOf, type ReadBlock, type ReadFailure } from './block-reader';
import { Checkpoints } from './checkpoints';
import type { AnsweredRows, StreamKind } from './kinds';
import { type CheckedFitOptions, checkFitOptions, type FitOptions } from './options';
import { type FitDisplay, startDisplay } from './progress-bar';
import { type FitProgress, type FitReport, GlnFitError } from './report';
import type { FitSource, OpenableSource } from './sources';
import type { FitCounts } from './state';
import type { StreamModel } from './stream-model';

/** Models that are learning from a stream: two streams would move each other's blocks. */
const busy = new WeakSet<object>();

/** `fit` of every model that has it; see `GLN.fit`. */
export async function fitModel<Kind extends StreamKind>(
  model: StreamModel<Kind>,
  source: FitSource<Kind>,
  options: FitOptions<Kind>,
): Promise<FitReport<Kind>> {
  const checked = checkFitOptions(model, source, options);
  if (busy.has(model.key)) {
    throw new GlnError('ERR_GLN_BUSY', 'fit: the model is learning from another stream');
  }
  busy.add(model.key);
  try {
    return await new FitRun(model, checked).run();
  } finally {
    busy.delete(model.key);
  }
}

class FitRun<Kind extends StreamKind> {
  readonly #counts: FitCounts<Kind>;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #display: FitDisplay<Kind>;
  readonly #signal: AbortSignal | undefined;
  readonly #source: OpenableSource;
  readonly #started = performance.now();
  readonly #rowsBefore: number;
  #reported = performance.now();
  #aborted = false;
  /** Calls of the model that have not ended, and their rows. */
  #calls = 0;
  #rowsInCalls = 0;
  /** Whether a block could not be learned, or who was told of one threw. */
  #broken = false;

  constructor(
    private readonly model: StreamModel<Kind>,
    private readonly options: CheckedFitOptions<Kind>,
  ) {
    this.#counts = options.counts;
    this.#rowsBefore = this.#counts.rows;
    this.#signal = options.signal;
    this.#source = options.source;
    const { checkpoint } = options;
    if (checkpoint !== undefined) {
      this.#checkpoints = new Checkpoints(model, checkpoint, this.#counts.rows);
    }
    this.#display = startDisplay(model.kind, options.progress, this.#counts.position);
  }

  async run(): Promise<FitReport<Kind>> {
    let reader: BlockReader<Kind> | undefined;
    try {
      reader = this.#open();
      await this.#learnAll(reader);
      await reader.close();
      const { failure } = reader;
      if (!this.#aborted) this.#finishReading(reader);
      await this.#checkpoints?.finish(this.#counts.rows, () => this.#counts.state());
      if (failure !== undefined && !this.#aborted) throw this.#failed(failure);
      this.options.onProgress?.(this.#progress());
      return this.#report();
    } catch (error) {
      // A stream that cannot be closed has nothing to add to what went wrong.
      await reader?.close().catch(() => undefined);
      await this.#checkpoints?.settle();
      if (error instanceof GlnFitError || !(error instanceof GlnError)) throw error;
      throw new GlnFitError(error.code, `fit: ${error.message}`, this.#report(), error);
    } finally {
      this.#display.stop();
    }
  }

  #open(): BlockReader<Kind> {
    const { batchRows, sourceStart, skipInvalid, onInvalid } = this.options;
    const { rules, kind, rowsSeen } = this.model;
    const builder = new BlockBuilder(rules, kind, batchRows, rowsSeen);
    return new BlockReader(
      this.#source.open(this.#signal),
      builder,
      kind,
      sourceStart,
      this.#counts.position,
      this.#counts.skipped,
      {
        skip: skipInvalid,
        onSkip: (skipped, record) => {
          this.#counts.note(skipped);
          onInvalid?.(skipped, record);
        },
      },
      this.#signal,
    );
  }

  /**
   * Two blocks at most are handed to the model, the second while the first is being
   * learned: it then goes on with that one while the first is counted here.
   */
  async #learnAll(reader: BlockReader<Kind>): Promise<void> {
    let learning: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        const block = await reader.next();
        // Whoever is to see the model must find it between two blocks. And what cannot
        // be stopped must not be learned where the block before it was.
        const alone = block === undefined || !isStoppable(block) || this.#isLookDue();
        if (alone) await learning;
        this.#aborted ||= this.#signal?.aborted === true;
        if (block === undefined || this.#aborted || this.#broken) return;
        const before = learning;
        learning = this.#learn(block).catch((error: unknown) => {
          // There may be no block for a long time in which this would be noticed.
          reader.interrupt();
          throw error;
        });
        learning.catch(() => undefined);
        // The call has copied the rows: their memory takes the next ones meanwhile.
        reader.release();
        await before;
        // Timers and other requests get their turn, however fast the blocks come.
        await nextTurn();
      }
    } finally {
      await learning;
    }
  }

  /** Learns a block, counts what was learned of it, and tells of it where no other is learned. */
  async #learn(block: ReadBlock<Kind>): Promise<void> {
    const rows = block.targets.length;
    this.#calls += 1;
    this.#rowsInCalls += rows;
    try {
      await this.#learnAndCount(block);
      this.#calls -= 1;
      this.#rowsInCalls -= rows;
      this.#display.update(this.#counts);
      if (this.#calls > 0) return;
      this.#checkpoints?.offer(this.#counts.rows, () => this.#counts.state());
      this.#tellProgress();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  /** Whether anybody is to see the model as it will be after the blocks that are being learned. */
  #isLookDue(): boolean {
    if (this.#calls === 0) return false;
    const rows = this.#counts.rows + this.#rowsInCalls;
    return this.#isProgressDue() || this.#checkpoints?.isDue(rows) === true;
  }

  async #learnAndCount(block: ReadBlock<Kind>): Promise<void> {
    const { targets, weights, rowsSeen } = block;
    const answers = this.model.kind.answers(targets.length);
    let done = targets.length;
    try {
      await this.model.learn(block, answers, this.#stoppedBy(block));
    } catch (error) {
      if (!(error instanceof GlnAbortError)) throw error;
      this.#aborted = true;
      done = error.rowsDone;
    }
    // After a block that failed none is counted: the report ends where the failure was.
    if (done > 0 && !this.#broken)
      this.#count(block, { rowsSeen, targets, weights, answers }, done);
  }

  #stoppedBy(block: RowBlock<Kind>): { signal?: AbortSignal } {
    return this.#signal !== undefined && isStoppable(block) ? { signal: this.#signal } : {};
  }

  #count(block: ReadBlock<Kind>, answered: AnsweredRows<Kind>, done: number): void {
    const { weights, positions, skippedBefore } = block;
    const counts = this.#counts;
    counts.metrics.count(answered, done);
    counts.rows += done;
    counts.learned +=
      weights === undefined
        ? done
        : weights.subarray(0, done).filter((weight) => weight > 0).length;
    counts.position = positions[done - 1] + 1;
    counts.skipped = skippedBefore[done - 1];
  }

  /** What came after the last row is done as well. */
  #finishReading(reader: BlockReader<Kind>): void {
    this.#counts.position = Math.max(this.#counts.position, reader.position);
    this.#counts.skipped = reader.skipped;
  }

  #failed({ kind, error }: ReadFailure): unknown {
    if (kind === 'callback') return error;
    if (error instanceof GlnError) {
      return new GlnFitError(error.code, error.message, this.#report(), error);
    }
    const message = `source: failed at record[${this.#counts.position}]: ${messageOf(error)}`;
    return new GlnFitError('ERR_GLN_SOURCE', message, this.#report(), error);
  }

  #isProgressDue(): boolean {
    const { onProgress, progressMilliseconds } = this.options;
    if (onProgress === undefined) return false;
    return performance.now() - this.#reported >= progressMilliseconds;
  }

  #tellProgress(): void {
    if (!this.#isProgressDue()) return;
    this.options.onProgress?.(this.#progress());
    this.#reported = performance.now();
  }

  #progress(): FitProgress<Kind> {
    const { rows, learned, skipped, position, metrics } = this.#counts;
    const seconds = (performance.now() - this.#started) / 1000;
    return {
      ...{ rows, learned, skipped, position, seconds },
      rowsPerSecond: seconds > 0 ? (rows - this.#rowsBefore) / seconds : 0,
      metrics: metrics.snapshot(),
      recent: metrics.recent,
    };
  }

  #report(): FitReport<Kind> {
    return {
      ...this.#progress(),
      skippedRecords: this.#counts.doneRecords,
      checkpoints: this.#checkpoints?.written ?? 0,
      aborted: this.#aborted,
      state: this.#counts.state(),
    };
  }
}

/**
 * A call may end between any two chains of its rows. Where rows are in double
 * precision it may not: what is computed then depends on whether any row of the
 * call needs that, and a resumed run would make calls of other rows.
 */
function isStoppable({ rows }: RowBlock<StreamKind>): boolean {
  return !(rows instanceof Float64Array);
}
