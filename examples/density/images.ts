/** Grey images as binary ones, and smaller where a run is to be short. */

import { GlnError, type MnistPart } from 'gated-linear-networks';

/** How a grey level becomes a bit. */
export type Binarisation = 'sample' | 'threshold';

/** Binary images. */
export interface BinaryImages {
  /** [count][side][side], 0 or 1 */
  bits: Uint8Array;
  count: number;
  side: number;
}

/** Options of {@link binarise}. */
export interface BinariseOptions {
  /** The first so many images, or all where there are fewer. */
  rows: number;
  /** A divisor of the side: so many pixels across and down become one, their mean. */
  shrink: number;
  /**
   * `sample`: 1 with the grey level as its probability, drawn once, as the binarised
   * MNIST of the literature is made (Larochelle and Murray 2011; the draws are our
   * own). `threshold`: 1 above one half, which is easier to predict.
   */
  how: Binarisation;
  seed: number;
}

const SIDE = 28;

/** @throws GlnError `ERR_GLN_OPTION` where the images cannot be shrunk so */
export function binarise(part: MnistPart, options: BinariseOptions): BinaryImages {
  const { rows, shrink, how, seed } = options;
  if (SIDE % shrink !== 0 || shrink === SIDE) {
    throw new GlnError('ERR_GLN_OPTION', `shrink: expected 1, 2, 4, 7 or 14, got ${shrink}`);
  }
  const side = SIDE / shrink;
  const count = Math.min(rows, part.size);
  const bits = new Uint8Array(count * side * side);
  const uniform = uniformNumbers(seed);
  for (let i = 0; i < bits.length; i++) {
    const grey = meanGrey(part.images, i, side, shrink);
    bits[i] = grey > (how === 'sample' ? uniform() : 0.5) ? 1 : 0;
  }
  return { bits, count, side };
}

/** The mean of the pixels that become pixel `i` of the small images. */
function meanGrey(images: Float32Array, i: number, side: number, shrink: number): number {
  const image = Math.floor(i / side ** 2) * SIDE ** 2;
  const top = (Math.floor(i / side) % side) * shrink;
  const left = (i % side) * shrink;
  let sum = 0;
  for (let down = 0; down < shrink; down++) {
    for (let across = 0; across < shrink; across++) {
      sum += images[image + (top + down) * SIDE + left + across];
    }
  }
  return sum / shrink ** 2;
}

/** Numbers from 0 to below 1: a Weyl sequence, mixed as splitmix does, in 32 bits. */
function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
