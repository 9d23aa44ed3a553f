/**
 * One predicted and labelled row, checked and normalised once for all metrics, so
 * that they cannot disagree about what a model said.
 */

import { describe, GlnError } from '../errors';
import { classOf, noClass } from './classes';

/** What metrics see of a row; valid until the next row is scored. */
export interface ScoredRow {
  /** The true class. */
  readonly label: number;
  /** The class that the model predicted: its own, not the largest probability's. */
  readonly predicted: number;
  /** How much the row counts; above 0. */
  readonly weight: number;
  /** Probabilities of all classes, summing to 1. */
  readonly probabilities: Float64Array;
}

/** Values that a model returns as the probabilities of one row: 1 when binary, else one a class. */
export function outputWidth(numClasses: number): number {
  return numClasses === 2 ? 1 : numClasses;
}

/** @throws GlnError `ERR_GLN_OPTION` unless it is an integer from 2 to 65536 */
export function requireNumClasses(numClasses: number): void {
  if (!Number.isSafeInteger(numClasses) || numClasses < 2 || numClasses > 2 ** 16) {
    const message = `expected an integer from 2 to 65536, got ${describe(numClasses)}`;
    throw new GlnError('ERR_GLN_OPTION', `numClasses: ${message}`);
  }
}

/** @throws GlnError `ERR_GLN_OPTION` unless it is an integer within the range */
export function requireInteger(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected an integer ${range}, got ${describe(value)}`,
    );
  }
}

/** @throws GlnError `ERR_GLN_LABEL` when it is no class */
export function requireClass(name: string, label: unknown, numClasses: number): void {
  if (typeof label !== 'number' || classOf(label, numClasses) < 0) {
    throw noClass(name, label, numClasses);
  }
}

/** Whether a number can be a row's weight: at least 0, and finite as the float32 that models take. */
export function isWeight(weight: number): boolean {
  return weight >= 0 && Number.isFinite(Math.fround(weight));
}

/**
 * A row's weight; one that float32, in which models take weights, does not hold
 * is refused.
 *
 * @param index named in the message, where it is one of many
 * @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_VALUE`
 */
export function requireWeight(name: string, weight: unknown, index?: number): number {
  if (typeof weight === 'number' && isWeight(weight)) return weight;
  const which = index === undefined ? name : `${name}[${index}]`;
  const code = typeof weight === 'number' ? 'ERR_GLN_VALUE' : 'ERR_GLN_TYPE';
  const message = `expected a finite number >= 0 (in float32), got ${describe(weight)}`;
  throw new GlnError(code, `${which}: ${message}`);
}

/** Makes {@link ScoredRow}s of a model's answers, all in the same memory. */
export class RowScorer {
  /** The one row: of millions each would be garbage. */
  readonly #row: { -readonly [Key in keyof ScoredRow]: ScoredRow[Key] };

  /** @throws GlnError `ERR_GLN_OPTION` unless `numClasses` is an integer from 2 to 65536 */
  constructor(readonly numClasses: number) {
    requireNumClasses(numClasses);
    const probabilities = new Float64Array(numClasses);
    this.#row = { label: 0, predicted: 0, weight: 0, probabilities };
  }

  /**
   * A row, or undefined where its weight is 0 and it changes nothing.
   *
   * A binary model gives p(1), and 1 - p(1) is the other. One-vs-all
   * probabilities of several classes are divided by their sum; when that is 0,
   * every class counts as equally likely.
   *
   * @param output the model's probabilities, this row's from `start` on
   * @throws GlnError `ERR_GLN_LABEL`, `ERR_GLN_VALUE`, `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`
   */
  score(
    label: number,
    output: ArrayLike<number>,
    start: number,
    predicted: number,
    weight: number,
  ): ScoredRow | undefined {
    const { numClasses } = this;
    requireClass('actual', label, numClasses);
    requireClass('predicted', predicted, numClasses);
    requireWeight('weight', weight);
    const row = this.#row;
    const { probabilities } = row;
    if (numClasses === 2) {
      const one = requireProbability(output[start]);
      probabilities[0] = 1 - one;
      probabilities[1] = one;
    } else {
      let sum = 0;
      for (let c = 0; c < numClasses; c++) sum += requireProbability(output[start + c]);
      for (let c = 0; c < numClasses; c++) {
        probabilities[c] = sum > 0 ? output[start + c] / sum : 1 / numClasses;
      }
    }
    if (weight === 0) return undefined;
    row.label = label;
    row.predicted = predicted;
    row.weight = weight;
    return row;
  }
}

function requireProbability(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    const message = `expected probabilities from 0 to 1, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_VALUE', `model: ${message}`);
  }
  return value;
}
