/**
 * Arrays for what one pass through a network computes, used again in the next.
 *
 * A step of training needs the same lengths again and again; taking them from the
 * system each time would cost as much as small layers do themselves.
 */

/** Arrays that are lent out until {@link reclaim}. */
export class Memory {
  readonly #free = new Map<number, Float32Array[]>();
  #lent: Float32Array[] = [];

  /** An array that nobody else has; what is in it is left over from before. */
  take(length: number): Float32Array {
    const array = this.#free.get(length)?.pop() ?? new Float32Array(length);
    this.#lent.push(array);
    return array;
  }

  /** Takes back every array: what was computed before this call must be out of use. */
  reclaim(): void {
    for (const array of this.#lent) {
      const free = this.#free.get(array.length);
      if (free === undefined) this.#free.set(array.length, [array]);
      else free.push(array);
    }
    this.#lent = [];
  }
}
