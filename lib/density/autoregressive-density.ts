/**
 * A density model of binary vectors as users see it.
 */
import { AsyncCalls, type AsyncOptions, OUTCOME, type OwnCall } from '../async';
import { checkKeys } from '../calls';
import { checkedInteger } from '../checks';
import { RandomIntegers } from '../data/random';
import { describe, GlnError } from '../errors';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { OnlineModel } from '../online-model';
import { RowRates } from '../row-rates';
import { checkedRateLoadOptions } from '../saving/options';
import { type BinaryRows, type Bits, toBits } from './bits';
import { Chain } from './chain';
import type { BitBlock } from './conditional';
import {
  type AutoregressiveDensityOptions,
  type ResolvedDensityOptions,
  resolveDensityOptions,
} from './options';
import { type DensityLoadOptions, decodeDensity, encodeDensity, LoadedDensity } from './saving';

/** How far an asynchronous call has come. */
export interface DensityProgress {
  /** Rows of the call that are done. */
  rows: number;
  /** Rows of the call. */
  of: number;
  /** Mean ln p of those that are done. */
  meanLogLikelihood: number;
}

/** Options of asynchronous calls. */
export interface DensityAsyncOptions extends AsyncOptions {
  /** Called after each block of rows. */
  onProgress?: (progress: DensityProgress) => void;
}

/** Options of {@link AutoregressiveDensity.sample}. */
export interface SampleOptions {
  /** An integer from 0 to 2^53 - 1: the same seed draws the same samples. Default 0. */
  seed?: number;
  /** The first bits of every sample; the others are drawn given these. */
  prefix?: BinaryRows;
}

const ASYNC_KEYS = new Set(['signal', 'onProgress']);
const SAMPLE_KEYS = new Set(['seed', 'prefix']);

/**
 * Rows that all networks see before the first sees the next ones: enough that a
 * network's weights, once in the cache, are used. Blocks end where their number
 * divides the rows seen, so that calls cut elsewhere change little.
 */
const BLOCK_ROWS = 256;
const MOST_SAMPLED_BITS = 2 ** 31 - 1;

/**
 * The density of binary vectors by the chain rule, one Gated Linear Network for
 * each bit (Veness et al., arXiv 1712.01897 and 1910.01526):
 *
 *     p(x) = Π p(x_i | x_1 … x_(i-1))
 *
 * Bit i's network mixes the bits before it, as logits of 1 and -1, and its gates
 * look at the same. All learn online, from one pass.
 *
 * ```ts
 * const density = new AutoregressiveDensity({ size: 784, width: 28, inputBits: 80, gateBits: 24 });
 * const before = density.learn(rows);           // ln p of each row, from before it was learned
 * const nats = density.logLikelihood(others);
 * const drawn = density.sample(10, { seed: 1 });
 * ```
 */
export class AutoregressiveDensity extends OnlineModel {
  /** The options, defaults filled in. */
  readonly options: Readonly<ResolvedDensityOptions>;
  readonly #chain: Chain;
  readonly #rates: RowRates;
  readonly #calls: AsyncCalls<Float64Array>;

  /**
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where there
   *   is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: AutoregressiveDensityOptions) {
    // Loading hands over networks of its own; callers have no such thing.
    const given: unknown = options;
    const loaded = given instanceof LoadedDensity ? given : undefined;
    const resolved = loaded?.options ?? resolveDensityOptions(options);
    const chain = loaded?.chain ?? new Chain(resolved);
    const calls = new AsyncCalls<Float64Array>();
    super(
      {
        native: chain,
        encode: (extra) => {
          calls.checkIdle();
          return encodeDensity(resolved, chain, extra);
        },
        idle: () => calls.idle(),
      },
      loaded?.extra,
    );
    this.options = resolved;
    this.#chain = chain;
    this.#calls = calls;
    this.#rates = new RowRates(this.options.learningRate);
  }

  /**
   * The model of a file that {@link save} wrote. It goes on exactly where that one
   * stopped: the same calls give the same bits.
   *
   * @throws GlnError `ERR_GLN_FORMAT` for a file that is no whole, undamaged model,
   *   `ERR_GLN_IO` where it cannot be read, `ERR_GLN_OPTION` where the learning rate
   *   was a function and is not given again, `ERR_GLN_MEMORY`.
   */
  static async load(
    path: string,
    options: DensityLoadOptions = {},
  ): Promise<AutoregressiveDensity> {
    const given = checkedRateLoadOptions(options);
    return AutoregressiveDensity.#restored(decodeDensity(await readTensorFile(path), given));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: DensityLoadOptions = {}): AutoregressiveDensity {
    const given = checkedRateLoadOptions(options);
    return AutoregressiveDensity.#restored(decodeDensity(decodeTensors(bytes), given));
  }

  static #restored(loaded: LoadedDensity): AutoregressiveDensity {
    return new AutoregressiveDensity(loaded as unknown as AutoregressiveDensityOptions);
  }

  /** Bits of a vector. */
  get size(): number {
    return this.options.size;
  }

  /**
   * Learns rows, one after the other in order.
   *
   * @param rows vectors of `size` bits, one or many.
   * @returns ln p of each row in nats, from before the row was learned.
   * @throws GlnError, before anything has changed: `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`,
   *   `ERR_GLN_VALUE` (what is neither 0 nor 1), `ERR_GLN_BUSY`, `ERR_GLN_DISPOSED`.
   *   `ERR_GLN_MEMORY` in between: the model, whose networks may then have learned
   *   different rows, is disposed.
   */
  learn(rows: BinaryRows): Float64Array {
    this.#calls.checkIdle();
    const bits = toBits(rows, this.size, 'rows');
    const rates = this.#ratesOf(bits);
    const result = new Float64Array(bits.count);
    for (let first = 0; first < bits.count; ) {
      const block = this.#block(bits, first, rates);
      try {
        result.set(this.#chain.run(block), first);
      } catch (error) {
        this.dispose();
        throw error;
      }
      first += block.rows;
    }
    return result;
  }

  /**
   * {@link learn} on threads of the addon, `threads` networks at a time; the same
   * bits. Asynchronous calls follow each other in the order of the calls. Until all
   * have ended, every other call throws `ERR_GLN_BUSY`.
   *
   * @throws GlnError as {@link learn}, by rejecting; GlnAbortError once `signal` stops
   *   the call: `rowsDone` of its rows have been learned. What `onProgress` throws
   *   ends it in the same way.
   */
  async learnAsync(rows: BinaryRows, options: DensityAsyncOptions = {}): Promise<Float64Array> {
    return this.#calls.make('learnAsync', options, (given) => this.#ownCall(rows, given, true));
  }

  /** ln p of each row in nats; errors as {@link learn}. Changes nothing. */
  logLikelihood(rows: BinaryRows): Float64Array {
    this.#calls.checkIdle();
    const bits = toBits(rows, this.size, 'rows');
    const result = new Float64Array(bits.count);
    for (let first = 0; first < bits.count; ) {
      const block = this.#block(bits, first, undefined);
      result.set(this.#chain.run(block), first);
      first += block.rows;
    }
    return result;
  }

  /** {@link logLikelihood} on threads of the addon; errors as {@link learnAsync}. */
  async logLikelihoodAsync(
    rows: BinaryRows,
    options: DensityAsyncOptions = {},
  ): Promise<Float64Array> {
    return this.#calls.make('logLikelihoodAsync', options, (given) =>
      this.#ownCall(rows, given, false),
    );
  }

  /**
   * Draws vectors from the model, each bit given those before it.
   *
   * @param count vectors to draw, at least 1.
   * @param options `prefix`: the first bits, the same for all; the rest is drawn from
   *   p(x_k … x_size | x_1 … x_(k-1)).
   * @returns `count` vectors of `size` bytes, 0 or 1.
   * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_BUSY`, `ERR_GLN_DISPOSED`, and for the
   *   prefix as {@link learn} for rows.
   */
  sample(count: number, options: SampleOptions = {}): Uint8Array {
    this.#calls.checkIdle();
    checkKeys(options, SAMPLE_KEYS);
    const { size } = this;
    checkedInteger('count', count, 1, Math.floor(MOST_SAMPLED_BITS / size));
    const random = new RandomIntegers(options.seed ?? 0);
    const prefix = options.prefix === undefined ? new Uint8Array(0) : this.#prefix(options.prefix);
    const samples = new Uint8Array(count * size);
    for (let row = 0; row < count; row++) samples.set(prefix, row * size);
    for (let first = 0; first < count; first += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, count - first);
      const block = samples.subarray(first * size, (first + rows) * size);
      this.#chain.sample(block, rows, prefix.length, random);
    }
    return samples;
  }

  #ownCall(
    rows: BinaryRows,
    options: DensityAsyncOptions | undefined,
    learning: boolean,
  ): OwnCall<Float64Array> {
    if (options !== undefined) checkKeys(options, ASYNC_KEYS);
    const { onProgress } = options ?? {};
    if (onProgress !== undefined && typeof onProgress !== 'function') {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `onProgress: expected a function, got ${describe(onProgress)}`,
      );
    }
    const bits = toBits(rows, this.size, 'rows');
    const result = new Float64Array(bits.count);
    return {
      count: bits.count,
      // Networks are at different rows until a call has ended, so that predictions must wait.
      inTurn: true,
      ready: () => {
        const rates = learning ? this.#ratesOf(bits) : undefined;
        return (done, failed) => {
          let stopped = false;
          this.#runBlocks(bits, rates, result, onProgress, () => stopped).then((through) => {
            done(through < bits.count ? OUTCOME.aborted : OUTCOME.done, through);
          }, failed);
          return () => {
            stopped = true;
          };
        };
      },
      deliver: () => result,
    };
  }

  /** Block after block until all rows are done or the call is stopped; how many are done. */
  async #runBlocks(
    bits: Bits,
    rates: number | Float32Array | undefined,
    result: Float64Array,
    onProgress: DensityAsyncOptions['onProgress'],
    isStopped: () => boolean,
  ): Promise<number> {
    let sum = 0;
    let first = 0;
    while (first < bits.count && !isStopped()) {
      const block = this.#block(bits, first, rates);
      const nats = await this.#runBlock(block);
      result.set(nats, first);
      first += block.rows;
      sum = nats.reduce((a, b) => a + b, sum);
      onProgress?.({ rows: first, of: bits.count, meanLogLikelihood: sum / first });
    }
    return first;
  }

  async #runBlock(block: BitBlock): Promise<Float64Array> {
    try {
      return await this.#chain.runAsync(block, this.options.threads);
    } catch (error) {
      if (block.rates !== undefined) this.dispose();
      throw error;
    }
  }

  /** The learning rates of a call, before any of its rows is learned. */
  #ratesOf({ count }: Bits): number | Float32Array {
    return this.#rates.forRows(() => this.rowsSeen, count, 1);
  }

  /** Rows from `first` on, as many as go through all networks together. */
  #block({ data, count }: Bits, first: number, rates: number | Float32Array | undefined): BitBlock {
    const { size } = this;
    const into = rates === undefined ? 0 : this.rowsSeen % BLOCK_ROWS;
    const rows = Math.min(count - first, BLOCK_ROWS - into);
    return {
      bits: data.subarray(first * size, (first + rows) * size),
      rows,
      rates: typeof rates === 'object' ? rates.subarray(first, first + rows) : rates,
    };
  }

  #prefix(prefix: BinaryRows): Uint8Array {
    const { length } = Array.isArray(prefix) || ArrayBuffer.isView(prefix) ? prefix : [];
    if (length > this.size) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `prefix: expected at most ${this.size} bits, got ${length}`,
      );
    }
    return toBits(prefix, Math.max(1, length), 'prefix').data;
  }
}
