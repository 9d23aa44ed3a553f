/**
 * Reads a stream into blocks of rows while the block before is being learned: one
 * block is gathered, and reading stops until it has been taken. That is all that is
 * ever held of a stream.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, GlnError } from '../errors';
import type { BlockBuilder, RowBlock } from './block-builder';
import type { Cursor } from './cursor';
import type { GivenBlock, KindRules, StreamKind } from './kinds';

/** A record that was left out. */
export interface SkippedRecord {
  /** Its number in the stream, from 0. */
  record: number;
  /** What was wrong with it. */
  code: string;
  /** The same in words. */
  message: string;
}

/** What to do with a record that cannot be learned. */
export interface InvalidPolicy {
  skip: boolean;
  /** Called for each that is skipped; what it throws ends the reading. */
  onSkip: ((skipped: SkippedRecord, record: unknown) => void) | undefined;
}

/** Why reading ended before the stream did. */
export interface ReadFailure {
  /** `stream`: it failed itself; `record`: one is wrong; `callback`: a function of the caller's threw. */
  kind: 'stream' | 'record' | 'callback';
  error: unknown;
}

/** Rows with how much of the stream each of them ends. */
export interface ReadBlock<Kind extends StreamKind> extends RowBlock<Kind> {
  /** Records skipped before each row. */
  skippedBefore: readonly number[];
}

/** Records between two turns of the event loop: a source in memory must not stop it. */
const RECORDS_A_TURN = 1024;

/** The blocks of a stream. */
export class BlockReader<Kind extends StreamKind> {
  #position: number;
  #skippedBefore: number[] = [];
  #ready = false;
  #ended = false;
  #closed = false;
  #interrupted = false;
  #failure: ReadFailure | undefined;
  /** Wakes whoever waits: the reading for room, or the learning for a block. */
  #wake: () => void = () => {};

  /**
   * @param first the number of the first record that the cursor gives
   * @param start the number of the first record to learn; those before are dropped
   * @param skippedSoFar records that were skipped before, elsewhere
   */
  constructor(
    private readonly cursor: Cursor,
    private readonly builder: BlockBuilder<Kind>,
    private readonly kind: KindRules<Kind>,
    first: number,
    private readonly start: number,
    private skippedSoFar: number,
    private readonly policy: InvalidPolicy,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#position = first;
    void this.#pump();
  }

  /** Records read, with those that were dropped or skipped. */
  get position(): number {
    return this.#position;
  }

  /** Records skipped. */
  get skipped(): number {
    return this.skippedSoFar;
  }

  /** Why it ended early; known once {@link next} has returned undefined. */
  get failure(): ReadFailure | undefined {
    return this.#failure;
  }

  /** The next rows; undefined after the last. Give them back by {@link release}. */
  async next(): Promise<ReadBlock<Kind> | undefined> {
    while (!this.#ready && !this.#ended && !this.#interrupted) await this.#change();
    if (!this.#ready || this.#interrupted) return undefined;
    return { ...this.builder.block(), skippedBefore: this.#skippedBefore };
  }

  /** The block's memory may be written again. */
  release(): void {
    this.builder.clear();
    this.#skippedBefore = [];
    this.#ready = false;
    this.#wake();
  }

  /** No more blocks are wanted, even where one is being waited for. */
  interrupt(): void {
    this.#interrupted = true;
    this.#wake();
  }

  /** Ends the stream, wherever it is. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.cursor.close();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #pump(): Promise<void> {
    try {
      for (let turn = 1; !this.#closed && this.signal?.aborted !== true; turn++) {
        if (turn % RECORDS_A_TURN === 0) await nextTurn();
        const step = this.cursor.next();
        const { done, value } = 'then' in step ? await step : step;
        if (done === true) break;
        if (this.#closed) return;
        const block = this.kind.blockOf(value);
        if (block !== undefined) await this.#addBlock(block);
        else if (this.#position < this.start) this.#position += 1;
        else this.#add(value);
        if (this.builder.full) await this.#handOver();
      }
    } catch (error) {
      this.#failure ??= { kind: 'stream', error };
    }
    if (this.builder.count > 0 && !this.#ready && !this.#closed) await this.#handOver();
    this.#ended = true;
    this.#wake();
  }

  /** Adds the rows of a block; the source is asked for nothing more before the last. */
  async #addBlock(block: GivenBlock): Promise<void> {
    const count = block.targets.length;
    const width = count === 0 ? 0 : block.rows.length / count;
    let row = Math.min(count, Math.max(0, this.start - this.#position));
    this.#position += row;
    while (row < count && !this.#closed && this.signal?.aborted !== true) {
      const taken = this.builder.addRows(block, row, this.#position);
      for (let i = 0; i < taken; i++) this.#skippedBefore.push(this.skippedSoFar);
      this.#position += taken;
      if (taken === 0) {
        const input = block.rows.subarray(row * width, (row + 1) * width);
        this.#add({ input, target: block.targets[row], weight: block.weights?.[row] });
      }
      row += Math.max(1, taken);
      if (this.builder.full) await this.#handOver();
    }
  }

  #add(value: unknown): void {
    const position = this.#position;
    try {
      this.builder.add(value, position);
      this.#skippedBefore.push(this.skippedSoFar);
    } catch (error) {
      this.#failure = { kind: 'record', error };
      if (!this.policy.skip || !(error instanceof GlnError)) throw error;
      this.#failure = undefined;
      this.skippedSoFar += 1;
      this.#position = position + 1;
      this.#tell({ record: position, code: error.code, message: error.message }, value);
    }
    this.#position = position + 1;
  }

  #tell(skipped: SkippedRecord, record: unknown): void {
    try {
      this.policy.onSkip?.(skipped, record);
    } catch (error) {
      this.#failure = { kind: 'callback', error };
      throw error;
    }
  }

  async #handOver(): Promise<void> {
    this.#ready = true;
    this.#wake();
    while (this.#ready && !this.#closed) await this.#change();
  }
}

/** What a stream's error says, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : describe(error);
}
