/**
 * What callers pass to regressors as targets, turned into what native code takes.
 */
import { types } from 'node:util';
import { describe, GlnError } from './errors';

/** Targets of a regressor: real numbers, one a row. */
export type RealTargets = number | readonly number[] | Float32Array | Float64Array;

/** Largest magnitude of a target: what is computed from it stays finite. */
export const LARGEST_TARGET = 1e15;

/** The error for a target that is no number in range. */
export function badTarget(index: number, got: unknown): GlnError {
  return new GlnError(
    typeof got === 'number' ? 'ERR_GLN_VALUE' : 'ERR_GLN_TYPE',
    `target[${index}]: expected a number within ± ${LARGEST_TARGET}, got ${describe(got)}`,
  );
}

/** Targets that must be there. @throws GlnError `ERR_GLN_TYPE` */
export function requireTargets(target: RealTargets): RealTargets {
  if (target !== undefined && target !== null) return target;
  throw new GlnError(
    'ERR_GLN_TYPE',
    `target: expected a number or an array of them, got ${describe(target)}`,
  );
}

/**
 * Targets for `count` rows, copied.
 *
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` or `ERR_GLN_VALUE`.
 */
export function toRealTargets(target: RealTargets, count: number): Float64Array {
  const given: unknown = typeof target === 'number' ? [target] : target;
  if (!Array.isArray(given) && !types.isFloat32Array(given) && !types.isFloat64Array(given)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      'target: expected a number, an array of numbers, a Float32Array or a Float64Array, ' +
        `got ${describe(given)}`,
    );
  }
  if (given.length !== count) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `target: expected ${count} targets, one a row, got ${given.length}`,
    );
  }
  const targets = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value: unknown = given[i];
    if (typeof value !== 'number' || !(Math.abs(value) <= LARGEST_TARGET))
      throw badTarget(i, value);
    targets[i] = value;
  }
  return targets;
}
