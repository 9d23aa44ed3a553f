/**
 * Random numbers that are the same on every run and in every process, so that
 * two instruction sets see the same rows and a failure can be repeated.
 */

/** A stream of uniform numbers in [0, 1) by the mulberry32 generator. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** An integer from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A standard normal number, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Nearly a standard normal number, by additions alone: unlike those of `normal`,
   * whose logarithm and cosine are the engine's, its bits are the same in every
   * engine of JavaScript.
   */
  bell(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }

  floats(length: number, draw: () => number = () => this.normal()): Float32Array {
    return Float32Array.from({ length }, draw);
  }
}
