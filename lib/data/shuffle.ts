/**
 * Puts rows in a random but repeatable order.
 *
 * An online learner sees each row once, so the order is part of an experiment:
 * the same seed must give it again on any machine.
 */

import { describe, GlnError } from '../errors';
import { RandomIntegers } from './random';

/**
 * The integers from 0 to `count` - 1 in random order, every order equally likely.
 *
 * @param count how many, from 0 to 2^32 - 1
 * @param seed an integer from 0 to 2^53 - 1; the same seed gives the same order everywhere
 * @throws GlnError `ERR_GLN_OPTION` when either is out of range
 */
export function shuffledIndices(count: number, seed: number): Uint32Array {
  if (!Number.isSafeInteger(count) || count < 0 || count >= 2 ** 32) {
    const message = `expected an integer from 0 to 2^32 - 1, got ${describe(count)}`;
    throw new GlnError('ERR_GLN_OPTION', `count: ${message}`);
  }
  const random = new RandomIntegers(seed);
  const indices = new Uint32Array(count);
  // The shuffle of Fisher and Yates, building the permutation as it fills it.
  for (let position = 0; position < count; position++) {
    const chosen = random.below(position + 1);
    indices[position] = indices[chosen];
    indices[chosen] = position;
  }
  return indices;
}

/**
 * Copies the rows that `indices` names, in that order.
 *
 * @param rows row-major, `rowSize` values a row
 * @param rowSize values a row, at least 1
 * @param indices row numbers; a row may be named more than once
 * @param out where to write, `indices.length * rowSize` values, apart from
 *   `rows`; a new array by default
 * @returns `out`, or the new array
 * @throws GlnError `ERR_GLN_OPTION` for a bad `rowSize`; `ERR_GLN_SHAPE` when a
 *   length does not fit, an index names no row, or `out` shares memory with `rows`
 */
export function gatherRows(
  rows: Float32Array,
  rowSize: number,
  indices: ArrayLike<number>,
  out: Float32Array = new Float32Array(indices.length * requireRowSize(rowSize)),
): Float32Array {
  requireRowSize(rowSize);
  if (rows.length % rowSize !== 0) {
    const message = `expected a multiple of rowSize = ${rowSize} values, got ${rows.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `rows: ${message}`);
  }
  if (out.length !== indices.length * rowSize) {
    const message = `expected ${indices.length} x ${rowSize} values, got ${out.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `out: ${message}`);
  }
  if (out.length > 0 && out.buffer === rows.buffer && overlaps(out, rows)) {
    throw new GlnError('ERR_GLN_SHAPE', 'out: expected memory apart from rows, got an overlap');
  }
  const numRows = rows.length / rowSize;
  for (let position = 0; position < indices.length; position++) {
    const start = requireIndex(indices, position, numRows) * rowSize;
    out.set(rows.subarray(start, start + rowSize), position * rowSize);
  }
  return out;
}

/**
 * Copies the labels that `indices` names, in that order.
 *
 * @throws GlnError `ERR_GLN_SHAPE` when an index names no label
 */
export function gatherLabels(labels: Uint8Array, indices: ArrayLike<number>): Uint8Array {
  const gathered = new Uint8Array(indices.length);
  for (let position = 0; position < indices.length; position++) {
    gathered[position] = labels[requireIndex(indices, position, labels.length)];
  }
  return gathered;
}

function requireRowSize(rowSize: number): number {
  if (!Number.isSafeInteger(rowSize) || rowSize < 1) {
    const message = `expected an integer >= 1, got ${describe(rowSize)}`;
    throw new GlnError('ERR_GLN_OPTION', `rowSize: ${message}`);
  }
  return rowSize;
}

function requireIndex(indices: ArrayLike<number>, position: number, count: number): number {
  const index = indices[position];
  if (index === undefined || !Number.isInteger(index) || index < 0 || index >= count) {
    const message = `expected an integer from 0 to ${count - 1}, got ${describe(index)}`;
    throw new GlnError('ERR_GLN_SHAPE', `indices[${position}]: ${message}`);
  }
  return index;
}

function overlaps(one: Float32Array, other: Float32Array): boolean {
  return (
    one.byteOffset < other.byteOffset + other.byteLength &&
    other.byteOffset < one.byteOffset + one.byteLength
  );
}
