/**
 * A model as a stage of a pipeline: labelled rows go in, the predictions that were
 * made before each was learned come out, in order.
 */

import { addAbortSignal, Transform, type TransformCallback } from 'node:stream';
import { checkSignal } from '../async';
import { checkKeys } from '../calls';
import { checkedNumber } from '../checks';
import { GlnError } from '../errors';
import { BlockBuilder } from './block-builder';
import type { InvalidPolicy, SkippedRecord } from './block-reader';
import type { StreamKind } from './kinds';
import { checkBatchRows, checkCallback, checkInvalid } from './options';
import type { StreamModel } from './stream-model';

/** Options of `learnStream`. */
export interface LearnStreamOptions {
  /** Rows of a call, at least 1; default 64. Blocks end where the model has seen a multiple of it. */
  batchRows?: number;
  /**
   * Milliseconds that the first row of a block waits for the others, at least 0;
   * default 20. Without a limit (Infinity) what is learned does not depend on time.
   */
  flushMilliseconds?: number;
  /** Destroys the stream; the present call ends between two chains of rows. */
  signal?: AbortSignal;
  /** Records that cannot be learned destroy the stream (`throw`, default) or are left out. */
  invalid?: 'throw' | 'skip';
  /** Called for every record that is left out; what it throws destroys the stream. */
  onInvalid?: (skipped: SkippedRecord, record: unknown) => void;
}

const KEYS: ReadonlySet<string> = new Set<keyof LearnStreamOptions>([
  'batchRows',
  'flushMilliseconds',
  'signal',
  'invalid',
  'onInvalid',
]);

const DEFAULT_BATCH_ROWS = 64;
const DEFAULT_FLUSH_MILLISECONDS = 20;
/** The longest time that timers know. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/**
 * What `learnStream` returns: records go in as {@link LabelledRecord}s (of numbers
 * {@link NumberRecord}s), and come out, in their order, as {@link LearnedRecord}s
 * ({@link LearnedNumber}s). Otherwise a `Transform` of Node.
 */
export class LearnStream<Kind extends StreamKind = 'classes'> extends Transform {
  readonly #model: StreamModel<Kind>;
  readonly #builder: BlockBuilder<Kind>;
  readonly #flushMilliseconds: number;
  readonly #policy: InvalidPolicy;
  readonly #abort = new AbortController();
  #position = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The call that is running, begun by the timer; never rejects. */
  #learning: Promise<void> | undefined;
  #hasRoom = true;
  #onRoom: (() => void) | undefined;

  /** @internal @throws GlnError `ERR_GLN_OPTION` or `ERR_GLN_TYPE` for wrong options */
  constructor(model: StreamModel<Kind>, options: LearnStreamOptions = {}) {
    checkKeys(options, KEYS);
    const { flushMilliseconds = DEFAULT_FLUSH_MILLISECONDS, signal, onInvalid } = options;
    const batchRows = checkBatchRows(options.batchRows, DEFAULT_BATCH_ROWS);
    checkSignal(signal);
    checkCallback('onInvalid', onInvalid);
    const skip = checkInvalid(options.invalid);
    if (flushMilliseconds !== Number.POSITIVE_INFINITY) {
      checkedNumber('flushMilliseconds', flushMilliseconds, 0, MOST_MILLISECONDS);
    }
    // What waits to be written is the next block, what waits to be read the last one.
    super({ objectMode: true, highWaterMark: batchRows });
    this.#model = model;
    this.#builder = new BlockBuilder(model.rules, model.kind, batchRows, model.rowsSeen);
    this.#flushMilliseconds = flushMilliseconds;
    this.#policy = { skip, onSkip: onInvalid };
    if (signal !== undefined) addAbortSignal(signal, this);
  }

  /** @internal */
  override _transform(record: unknown, _: BufferEncoding, callback: TransformCallback): void {
    this.#take(record).then(() => callback(), callback);
  }

  /** @internal */
  override _flush(callback: TransformCallback): void {
    this.#drain().then(() => callback(), callback);
  }

  /** @internal */
  override _read(size: number): void {
    this.#hasRoom = true;
    this.#onRoom?.();
    super._read(size);
  }

  /** @internal */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#abort.abort(error ?? undefined);
    this.#onRoom?.();
    super._destroy(error, callback);
  }

  async #take(record: unknown): Promise<void> {
    await this.#learning;
    if (this.destroyed) return;
    this.#add(record);
    if (this.#builder.full) await this.#drain();
    else if (this.#builder.count > 0) this.#startTimer();
  }

  #add(record: unknown): void {
    const position = this.#position++;
    try {
      this.#builder.add(record, position);
    } catch (error) {
      if (!this.#policy.skip || !(error instanceof GlnError)) throw error;
      const { code, message } = error;
      this.#policy.onSkip?.({ record: position, code, message }, record);
    }
  }

  #startTimer(): void {
    if (this.#flushMilliseconds === Number.POSITIVE_INFINITY) return;
    this.#timer ??= setTimeout(() => {
      this.#learning = this.#learn()
        .catch((error: Error) => {
          this.destroy(error);
        })
        .finally(() => {
          this.#learning = undefined;
        });
    }, this.#flushMilliseconds);
  }

  /** Learns what was gathered, after what is being learned. */
  async #drain(): Promise<void> {
    await this.#learning;
    await this.#learn();
  }

  async #learn(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#builder.count === 0 || this.destroyed) return;
    const { kind } = this.#model;
    const block = this.#builder.block();
    const { rowsSeen, targets, weights, positions } = block;
    const answers = kind.answers(targets.length);
    const learning = this.#model.learn(block, answers, { signal: this.#abort.signal });
    // The call has copied the rows.
    this.#builder.clear();
    await learning;
    if (this.destroyed) return;
    for (const [i, record] of positions.entries()) {
      this.#hasRoom = this.push(kind.learned(record, { rowsSeen, targets, weights, answers }, i));
    }
    await this.#room();
  }

  /** Waits until somebody reads: what has been learned must not pile up. */
  async #room(): Promise<void> {
    if (this.#hasRoom || this.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#onRoom = resolve;
    });
    this.#onRoom = undefined;
  }
}
