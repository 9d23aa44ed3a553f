/**
 * Brings what a caller may give as rows and labels into the two forms that
 * metrics work with: a flat Float32Array and class numbers.
 *
 * Metrics measure any `Classifier`, so they cannot lean on the checks of one
 * model's facade.
 */

import { types } from 'node:util';

import type { Labels, Rows } from '../classifier';
import { describe, GlnError } from '../errors';

/**
 * Rows as one flat row-major array. A Float32Array is passed through, anything
 * else copied.
 *
 * @throws GlnError `ERR_GLN_TYPE` when it is no array of numbers or of rows;
 *   `ERR_GLN_SHAPE` when nested rows differ in length
 */
export function asRows(name: string, rows: Rows): Float32Array {
  // Not instanceof: an array may come from another context.
  if (types.isFloat32Array(rows)) return rows;
  if (types.isFloat64Array(rows)) return Float32Array.from(rows);
  if (!Array.isArray(rows)) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected rows of numbers, got ${describe(rows)}`);
  }
  const list: readonly unknown[] = rows;
  if (!Array.isArray(list[0]))
    return Float32Array.from(list, (value) => requireNumber(name, value));
  const rowSize = list[0].length;
  const flat = new Float32Array(list.length * rowSize);
  list.forEach((row, index) => {
    if (!Array.isArray(row) || row.length !== rowSize) {
      const message = `expected ${rowSize} numbers as in row 0, got ${describe(row)}`;
      throw new GlnError('ERR_GLN_SHAPE', `${name}[${index}]: ${message}`);
    }
    flat.set(
      row.map((value) => requireNumber(name, value)),
      index * rowSize,
    );
  });
  return flat;
}

/**
 * Labels as class numbers; booleans count as 0 and 1.
 *
 * @throws GlnError `ERR_GLN_TYPE` when they are no labels at all;
 *   `ERR_GLN_SHAPE` when there is not one for each row; `ERR_GLN_LABEL` when
 *   one is no class
 */
export function asClasses(
  name: string,
  labels: Labels,
  numRows: number,
  numClasses: number,
): Uint32Array {
  const list = listOf(name, labels);
  if (list.length !== numRows) {
    const message = `expected ${numRows} labels, one a row, got ${list.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `${name}: ${message}`);
  }
  const classes = new Uint32Array(numRows);
  for (let row = 0; row < numRows; row++) {
    const label = list[row];
    const value = typeof label === 'boolean' ? Number(label) : label;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= numClasses) {
      const message = `expected a class from 0 to ${numClasses - 1}, got ${describe(label)}`;
      throw new GlnError('ERR_GLN_LABEL', `${name}[${row}]: ${message}`);
    }
    classes[row] = value;
  }
  return classes;
}

function listOf(name: string, labels: Labels): ArrayLike<unknown> {
  if (typeof labels === 'number' || typeof labels === 'boolean') return [labels];
  const isTyped = types.isTypedArray(labels);
  if (!isTyped && !Array.isArray(labels)) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected labels, got ${describe(labels)}`);
  }
  return labels;
}

function requireNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected numbers, got ${describe(value)}`);
  }
  return value;
}
