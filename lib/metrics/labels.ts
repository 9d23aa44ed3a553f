/**
 * Brings what a caller may give as labels into class numbers, each checked: metrics
 * index a confusion matrix by them, while a model leaves that to native code.
 */

import { types } from 'node:util';

import type { Labels } from '../classifier';
import { describe, GlnError } from '../errors';

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
