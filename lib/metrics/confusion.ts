/**
 * The confusion matrix: the counts from which every other count-based metric
 * follows, so that they are kept once and cannot disagree.
 */

import { describe, GlnError } from '../errors';

/** How often each class was taken for each class. */
export class ConfusionMatrix {
  /** Number of classes, at least 2. */
  readonly numClasses: number;
  /** Row-major counts, `numClasses * numClasses`: row = actual class, column = predicted. */
  readonly counts: Uint32Array;

  /** @throws GlnError `ERR_GLN_OPTION` unless `numClasses` is an integer from 2 to 65536 */
  constructor(numClasses: number) {
    if (!Number.isSafeInteger(numClasses) || numClasses < 2 || numClasses > 2 ** 16) {
      const message = `expected an integer from 2 to 65536, got ${describe(numClasses)}`;
      throw new GlnError('ERR_GLN_OPTION', `numClasses: ${message}`);
    }
    this.numClasses = numClasses;
    this.counts = new Uint32Array(numClasses * numClasses);
  }

  /** Counts one row. @throws GlnError `ERR_GLN_LABEL` when either is no class */
  add(actual: number, predicted: number): void {
    const cell = this.cell(actual, predicted);
    this.counts[cell] = this.counts[cell] + 1;
  }

  /** Rows of class `actual` that were predicted as `predicted`. */
  at(actual: number, predicted: number): number {
    return this.counts[this.cell(actual, predicted)];
  }

  /** Rows whose class is `actual`: its support. */
  actualTotal(actual: number): number {
    let total = 0;
    for (let predicted = 0; predicted < this.numClasses; predicted++) {
      total += this.at(actual, predicted);
    }
    return total;
  }

  /** Rows that were predicted as `predicted`. */
  predictedTotal(predicted: number): number {
    let total = 0;
    for (let actual = 0; actual < this.numClasses; actual++) total += this.at(actual, predicted);
    return total;
  }

  /** Rows that were predicted right. */
  get correct(): number {
    let total = 0;
    for (let label = 0; label < this.numClasses; label++) total += this.at(label, label);
    return total;
  }

  /** All rows counted. */
  get total(): number {
    let total = 0;
    for (const count of this.counts) total += count;
    return total;
  }

  /** The counts as nested arrays, `[actual][predicted]`. */
  toArray(): number[][] {
    return Array.from({ length: this.numClasses }, (_, actual) => {
      const start = actual * this.numClasses;
      return Array.from(this.counts.subarray(start, start + this.numClasses));
    });
  }

  /** What `JSON.stringify` writes: the nested arrays. */
  toJSON(): number[][] {
    return this.toArray();
  }

  private cell(actual: number, predicted: number): number {
    this.requireClass('actual', actual);
    this.requireClass('predicted', predicted);
    return actual * this.numClasses + predicted;
  }

  private requireClass(name: string, label: number): void {
    if (!Number.isInteger(label) || label < 0 || label >= this.numClasses) {
      const message = `expected a class from 0 to ${this.numClasses - 1}, got ${describe(label)}`;
      throw new GlnError('ERR_GLN_LABEL', `${name}: ${message}`);
    }
  }
}
