/**
 * Some rows of a stream of any length, evenly spaced over it, in constant memory: what
 * pictures show of single predictions.
 */

import { corrupt, field, integerField, numbersOf } from './state';

/** State of the rows that running metrics keep: plain JSON. */
export interface EvenSampleState {
  /** Rows offered. */
  rows: number;
  /** Every so many-th of them is kept. */
  step: number;
  /** Values of the rows that are kept, one row after the other. */
  values: number[];
}

/**
 * Keeps every row; as soon as there are too many only every second one, and so on. Which
 * rows are kept depends on their numbers alone.
 */
export class EvenSample {
  #rows = 0;
  #step = 1;
  #kept: (readonly number[])[] = [];

  /**
   * @param width values a row
   * @param most rows that are kept, an even number
   */
  constructor(
    readonly width: number,
    readonly most: number,
  ) {}

  /** The rows that are kept, in order. */
  get rows(): readonly (readonly number[])[] {
    return this.#kept;
  }

  /** Offers the next row. */
  add(values: readonly number[]): void {
    if (this.#rows % this.#step === 0) {
      this.#kept.push(values);
      this.#thin();
    }
    this.#rows += 1;
  }

  /** Adds another's rows behind these. */
  merge(other: EvenSample): void {
    const step = Math.max(this.#step, other.#step);
    const [mine, others] = [this, other].map((sample) =>
      sample.#kept.filter((_, i) => (i * sample.#step) % step === 0),
    );
    this.#step = step;
    this.#kept = [...mine, ...others];
    this.#rows += other.#rows;
    while (this.#kept.length > this.most) this.#thin();
  }

  state(): EvenSampleState {
    return { rows: this.#rows, step: this.#step, values: this.#kept.flat() };
  }

  /** Goes on from a {@link state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(name: string, state: unknown, width: number, most: number): EvenSample {
    const restored = new EvenSample(width, most);
    restored.#rows = integerField(name, state, 'rows', 0, Number.MAX_SAFE_INTEGER);
    restored.#step = integerField(name, state, 'step', 1, Number.MAX_SAFE_INTEGER);
    const values = numbersOf(`${name}.values`, field(name, state, 'values'));
    if (values.length % width !== 0 || values.length > most * width) {
      throw corrupt(`${name}.values`, `at most ${most} rows of ${width}`, values.length);
    }
    for (let i = 0; i < values.length; i += width) restored.#kept.push(values.slice(i, i + width));
    return restored;
  }

  #thin(): void {
    if (this.#kept.length <= this.most) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#step *= 2;
  }
}
