/**
 * Copies of what a caller passes to a call that goes on after it returns.
 */
import { types } from 'node:util';
import type { Rows, Weights } from './classifier';

/**
 * A copy where checking would not make one. By constructors, which no subclass can
 * make return an array of its own. Empty (perhaps detached) arrays fail the checks.
 */
export function ownRows(rows: Rows): Rows {
  return types.isFloat32Array(rows) && rows.length > 0 ? new Float32Array(rows) : rows;
}

/** The same for weights of rows. */
export function ownWeights(weights: Weights): Weights {
  if (Array.isArray(weights)) return [...weights];
  if (types.isTypedArray(weights) && weights.length === 0) return weights;
  if (types.isFloat32Array(weights)) return new Float32Array(weights);
  return types.isFloat64Array(weights) ? new Float64Array(weights) : weights;
}
