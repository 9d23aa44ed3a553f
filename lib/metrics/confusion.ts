/**
 * The confusion matrix: the counts from which every other count-based metric
 * follows, so that they are kept once and cannot disagree.
 */

import { inspect } from 'node:util';

import { requireClass, requireWeight, type ScoredRow } from './row';
import { field } from './state';
import { type MetricState, restoredClasses, StreamingMetric } from './streaming';
import { Sums, type SumsState } from './sums';

/** State of a {@link ConfusionMatrix}. */
export interface ConfusionState extends MetricState {
  /** The summed weights, row-major. */
  counts: SumsState;
}

const NAME = 'confusion-matrix';

/** How often each class was taken for each class; as a metric, the accuracy. */
export class ConfusionMatrix extends StreamingMetric {
  #counts: Sums;

  /** @throws GlnError `ERR_GLN_OPTION` unless `numClasses` is an integer from 2 to 65536 */
  constructor(numClasses: number) {
    super(numClasses);
    this.#counts = new Sums(numClasses * numClasses);
  }

  /**
   * Counts one row, as `weight` rows (at least 0).
   *
   * @throws GlnError `ERR_GLN_LABEL` when either is no class; `ERR_GLN_VALUE` or
   *   `ERR_GLN_TYPE` when the weight is none
   */
  add(actual: number, predicted: number, weight = 1): void {
    const cell = this.#cell(actual, predicted);
    this.#counts.add(cell, requireWeight('weight', weight));
  }

  override addRow({ label, predicted, weight }: ScoredRow): void {
    this.#counts.add(label * this.numClasses + predicted, weight);
  }

  /** Accuracy: the fraction of rows predicted right, 0 of none. */
  override get value(): number {
    const { total } = this;
    return total === 0 ? 0 : this.correct / total;
  }

  /** Row-major counts (a copy): row = actual class, column = predicted; summed weights. */
  get counts(): Float64Array {
    return this.#counts.toArray();
  }

  /** Rows of class `actual` that were predicted as `predicted`. */
  at(actual: number, predicted: number): number {
    return this.#counts.at(this.#cell(actual, predicted));
  }

  /** Rows whose class is `actual`: its support. */
  actualTotal(actual: number): number {
    return this.#total((label) => this.at(actual, label));
  }

  /** Rows that were predicted as `predicted`. */
  predictedTotal(predicted: number): number {
    return this.#total((label) => this.at(label, predicted));
  }

  /** Rows that were predicted right. */
  get correct(): number {
    return this.#total((label) => this.at(label, label));
  }

  /** All rows counted. */
  get total(): number {
    return this.#total((label) => this.actualTotal(label));
  }

  /** Adds the counts of a matrix of as many classes. @throws GlnError `ERR_GLN_SHAPE` */
  merge(other: ConfusionMatrix): void {
    this.requireAlike('numClasses', this.numClasses, other.numClasses);
    this.#counts.merge(other.#counts);
  }

  /** A matrix of its own with the same counts. */
  clone(): ConfusionMatrix {
    const copy = new ConfusionMatrix(this.numClasses);
    copy.merge(this);
    return copy;
  }

  override state(): ConfusionState {
    return { metric: NAME, numClasses: this.numClasses, counts: this.#counts.state() };
  }

  /** Goes on from a {@link ConfusionMatrix.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): ConfusionMatrix {
    const matrix = new ConfusionMatrix(restoredClasses(NAME, state));
    const { length } = matrix.#counts;
    matrix.#counts = Sums.restore(`${NAME}.counts`, field(NAME, state, 'counts'), length);
    return matrix;
  }

  /** The counts as nested arrays, `[actual][predicted]`. */
  toArray(): number[][] {
    const { counts, numClasses } = this;
    return Array.from({ length: numClasses }, (_, actual) =>
      Array.from(counts.subarray(actual * numClasses, (actual + 1) * numClasses)),
    );
  }

  /** What `JSON.stringify` writes: the nested arrays. */
  toJSON(): number[][] {
    return this.toArray();
  }

  /** What `console.log` of a report shows. @internal */
  [inspect.custom](): { numClasses: number; counts: number[][] } {
    return { numClasses: this.numClasses, counts: this.toArray() };
  }

  #total(count: (label: number) => number): number {
    let total = 0;
    for (let label = 0; label < this.numClasses; label++) total += count(label);
    return total;
  }

  #cell(actual: number, predicted: number): number {
    requireClass('actual', actual, this.numClasses);
    requireClass('predicted', predicted, this.numClasses);
    return actual * this.numClasses + predicted;
  }
}
