/**
 * The networks of all bits, and a block of vectors that goes through them: the
 * logarithm of the chain rule, ln p(x) = Σ ln p(x_i | x_<i).
 */
import { native } from '../calls';
import type { RandomIntegers } from '../data/random';
import type { Network } from '../network';
import type { ResolvedOptions } from '../options';
import { type BitBlock, Conditional } from './conditional';
import type { ResolvedDensityOptions } from './options';

const TWO_TO_32 = 2 ** 32;

/** Gives the network of one bit. */
export type NetworkLoader = (bit: number, options: Readonly<ResolvedOptions>) => Network;

/** One network for each bit. */
export class Chain {
  readonly #size: number;
  readonly #conditionals: Conditional[] = [];

  /** @param load where networks come from; default new ones */
  constructor(options: Readonly<ResolvedDensityOptions>, load?: NetworkLoader) {
    this.#size = options.size;
    try {
      for (let bit = 0; bit < options.size; bit++) {
        const own = load && ((network: Readonly<ResolvedOptions>) => load(bit, network));
        this.#conditionals.push(new Conditional(options, bit, own));
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get networks(): Network[] {
    return this.#conditionals.map(({ network }) => network);
  }

  get memory(): number {
    return this.networks.reduce((sum, network) => sum + network.native.memory, 0);
  }

  /** Rows that every network has learned. */
  get rowsSeen(): number {
    return native(() => this.#conditionals[0].network.native.rowsSeen);
  }

  dispose(): void {
    for (const { network } of this.#conditionals) network.native.dispose();
  }

  /** ln p of each row of a block, from before its update; with rates, learns it. */
  run(block: BitBlock): Float64Array {
    return this.#logLikelihoods(
      block,
      this.#conditionals.map((conditional) => conditional.run(block)),
    );
  }

  /** The same on threads of the addon, so many networks at once. */
  async runAsync(block: BitBlock, atOnce: number): Promise<Float64Array> {
    const probabilities = new Array<Float32Array>(this.#size);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < this.#size) {
        const bit = next++;
        probabilities[bit] = await this.#conditionals[bit].runAsync(block);
      }
    };
    const workers = Array.from({ length: Math.min(atOnce, this.#size) }, work);
    // All must have ended before anybody hears of a failure.
    for (const outcome of await Promise.allSettled(workers)) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
    return this.#logLikelihoods(block, probabilities);
  }

  /** Draws all bits from `first` on, in place. */
  sample(bits: Uint8Array, rows: number, first: number, random: RandomIntegers): void {
    for (let bit = first; bit < this.#size; bit++) {
      const probabilities = this.#conditionals[bit].run({ bits, rows, rates: undefined });
      for (let row = 0; row < rows; row++) {
        const chance = (random.next() + 0.5) / TWO_TO_32;
        bits[row * this.#size + bit] = chance < probabilities[row] ? 1 : 0;
      }
    }
  }

  /** Bit after bit: however the networks were worked on, the sums have the same bits. */
  #logLikelihoods({ bits, rows }: BitBlock, probabilities: readonly Float32Array[]): Float64Array {
    const sums = new Float64Array(rows);
    probabilities.forEach((ones, bit) => {
      for (let row = 0; row < rows; row++) {
        const p = ones[row];
        sums[row] += Math.log(bits[row * this.#size + bit] === 1 ? p : 1 - p);
      }
    });
    return sums;
  }
}
