/**
 * Random integers for shuffling, the same on every platform and engine.
 *
 * `Math.random` cannot be seeded. Everything here is 32-bit integer arithmetic,
 * which the language defines exactly, so a seed means the same order of rows
 * everywhere and for ever; a test pins it.
 */

import { describe, GlnError } from '../errors';

const TWO_TO_32 = 2 ** 32;

/** A seeded stream of uniform 32-bit integers (three words of state and a counter). */
export class RandomIntegers {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /**
   * @param seed an integer from 0 to 2^53 - 1; every seed gives another stream
   * @throws GlnError `ERR_GLN_OPTION` for any other value
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      const message = `expected an integer from 0 to 2^53 - 1, got ${describe(seed)}`;
      throw new GlnError('ERR_GLN_OPTION', `seed: ${message}`);
    }
    this.a = 0;
    this.b = seed | 0;
    this.c = Math.floor(seed / TWO_TO_32) | 0;
    // Neighbouring seeds start in neighbouring states: let them drift apart.
    for (let round = 0; round < 15; round++) this.next();
  }

  /** Where the stream stands: four 32-bit integers. */
  get state(): [number, number, number, number] {
    return [this.a, this.b, this.c, this.counter];
  }

  /** The same numbers follow as followed when the state was read. */
  set state([a, b, c, counter]: readonly [number, number, number, number]) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = counter | 0;
  }

  /** The next integer, from 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  /**
   * An integer from 0 to `bound` - 1, each equally likely.
   *
   * @param bound an integer from 1 to 2^32
   */
  below(bound: number): number {
    // A remainder alone would favour small numbers; draws from the last,
    // incomplete run of `bound` values are thrown away.
    const limit = TWO_TO_32 - (TWO_TO_32 % bound);
    let draw = this.next();
    while (draw >= limit) draw = this.next();
    return draw % bound;
  }
}
