/**
 * The probability of one bit given those before it: a network, and the rows that it
 * is shown of a block of vectors.
 */
import { outcomeError } from '../async';
import { native } from '../calls';
import { Network } from '../network';
import type { ResolvedOptions } from '../options';
import { nearestBefore } from './neighbours';
import { networkOptions, type ResolvedDensityOptions } from './options';

/** A block of vectors. */
export interface BitBlock {
  /** [rows][size] bytes of 0 and 1 */
  bits: Uint8Array;
  rows: number;
  /** Learning rates, one for all rows or one a row; undefined where nothing is learned. */
  rates: number | Float32Array | undefined;
}

/** What a network is shown, made for it from a block. */
interface Shown {
  base: Float32Array;
  sideInfo: Float32Array;
  targets: Uint8Array | null;
  rates: number | Float32Array;
  probabilities: Float32Array;
}

/** One bit's network. */
export class Conditional {
  readonly network: Network;
  readonly #bit: number;
  readonly #size: number;
  /** Bits that the network mixes; empty for the first bit. */
  readonly #inputs: Uint32Array;
  /** Bits that its gates look at, where they are fewer. */
  readonly #gated: Uint32Array | undefined;

  /** @param load gives the network of a model that is loaded; default a new one */
  constructor(
    options: Readonly<ResolvedDensityOptions>,
    bit: number,
    load: (options: Readonly<ResolvedOptions>) => Network = (own) => new Network(own),
  ) {
    const { size, width, inputBits = size, gateBits = size } = options;
    this.#bit = bit;
    this.#size = size;
    this.#inputs = nearestBefore(bit, inputBits, width);
    // Where gates look at all that is mixed, that is not said twice.
    this.#gated = gateBits < this.#inputs.length ? this.#inputs.slice(0, gateBits) : undefined;
    this.network = load(networkOptions(options, bit, this.#inputs.length, this.#gated?.length));
  }

  /**
   * Predicts a block and, where it has rates, learns it.
   *
   * @returns the probability of a 1 from before each row's update, one a row
   */
  run(block: BitBlock): Float32Array {
    const { base, sideInfo, targets, rates, probabilities } = this.#show(block);
    const { native: network } = this.network;
    native(() =>
      network.run(base, sideInfo, block.rows, targets, rates, null, probabilities, null),
    );
    return probabilities;
  }

  /** The same on a thread of the addon. */
  runAsync(block: BitBlock): Promise<Float32Array> {
    const { base, sideInfo, targets, rates, probabilities } = this.#show(block);
    const { native: network } = this.network;
    return new Promise((resolve, reject) => {
      const done = (outcome: number): void => {
        const error = outcomeError(outcome);
        if (error === undefined) resolve(probabilities);
        else reject(error);
      };
      native(() =>
        network.runAsync(
          base,
          sideInfo,
          block.rows,
          targets,
          rates,
          null,
          probabilities,
          null,
          done,
        ),
      );
    });
  }

  #show({ bits, rows, rates }: BitBlock): Shown {
    const base = this.#gather(bits, rows, this.#inputs);
    const sideInfo = this.#gated === undefined ? base : this.#gather(bits, rows, this.#gated);
    let targets: Uint8Array | null = null;
    if (rates !== undefined) {
      targets = new Uint8Array(rows);
      for (let row = 0; row < rows; row++) targets[row] = bits[row * this.#size + this.#bit];
    }
    const probabilities = new Float32Array(rows);
    return { base, sideInfo, targets, rates: rates ?? 0, probabilities };
  }

  /** 1 for a bit that is set, -1 for one that is not: logits, and what gates look at. */
  #gather(bits: Uint8Array, rows: number, which: Uint32Array): Float32Array {
    const width = which.length;
    // The first bit has nothing before it: a constant 0.
    if (width === 0) return new Float32Array(rows);
    const gathered = new Float32Array(rows * width);
    for (let row = 0, to = 0; row < rows; row++) {
      const from = row * this.#size;
      for (let i = 0; i < width; i++) gathered[to++] = 2 * bits[from + which[i]] - 1;
    }
    return gathered;
  }
}
