/**
 * What belongs to whom in a call that goes on after it returns: copies of what the
 * caller passes, and results that are written to the caller's arrays at the end.
 */
import { types } from 'node:util';
import type { Labels, Rows, Weights } from './classifier';
import { GlnError } from './errors';

/**
 * A copy where checking would not make one. By constructors, which no subclass can
 * make return an array of its own. Empty (perhaps detached) arrays fail the checks.
 */
export function ownRows(rows: Rows): Rows {
  return types.isFloat32Array(rows) && rows.length > 0 ? new Float32Array(rows) : rows;
}

/** The same for weights of rows. */
function ownWeights(weights: Weights): Weights {
  if (Array.isArray(weights)) return [...weights];
  if (types.isTypedArray(weights) && weights.length === 0) return weights;
  if (types.isFloat32Array(weights)) return new Float32Array(weights);
  return types.isFloat64Array(weights) ? new Float64Array(weights) : weights;
}

/** The same for what the options of a call hold that it reads. */
export function ownOptions<Options extends { sideInfo?: Rows; weights?: Weights }>(
  options: Options | undefined,
): Options | undefined {
  // What is no object is for the call's own checks to refuse.
  if (typeof options !== 'object' || options === null) return options;
  const { sideInfo, weights } = options;
  return {
    ...options,
    ...(sideInfo !== undefined && { sideInfo: ownRows(sideInfo) }),
    ...(weights !== undefined && { weights: ownWeights(weights) }),
  };
}

/** The same for targets. */
export function ownLabels(target: Labels | undefined): Labels | undefined {
  if (!types.isTypedArray(target) || target.length === 0) return target;
  if (types.isUint8Array(target)) return new Uint8Array(target);
  if (types.isInt32Array(target)) return new Int32Array(target);
  if (types.isUint32Array(target)) return new Uint32Array(target);
  return target;
}

type Results = Uint32Array | Float32Array | Float64Array;

/** Writes the first `length` results to the array that the caller gave for them. */
export function writeResults(name: string, from: Results, to: Results, length: number): void {
  if (to.length !== from.length) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected ${from.length} elements at the end of the call, got ${to.length}`,
    );
  }
  to.set(from.subarray(0, length));
}
