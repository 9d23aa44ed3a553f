/**
 * Targets that are numbers, and arrays for predictions of them.
 */
import { types } from 'node:util';
import { describe, GlnError } from './errors';
import type { RealTargets } from './regressor';
import { unfit } from './rows';

/**
 * Targets for `count` rows, in double precision: a Float64Array as it is, anything
 * else copied.
 *
 * @param limit the largest magnitude that a target may have.
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`, or `ERR_GLN_VALUE` for a target that
 *   is NaN, infinite or too large.
 */
export function toRealTargets(target: RealTargets, count: number, limit: number): Float64Array {
  const targets = asNumbers(target, count);
  for (let i = 0; i < count; i++) {
    const value: unknown = targets[i];
    if (typeof value !== 'number') {
      throw new GlnError('ERR_GLN_TYPE', `target[${i}]: expected a number, got ${describe(value)}`);
    }
    if (!(Math.abs(value) <= limit)) throw unfit('target', value, limit, `at ${i}`);
  }
  return types.isFloat64Array(targets) ? targets : Float64Array.from(targets);
}

function asNumbers(target: unknown, count: number): ArrayLike<number> {
  if (typeof target === 'number') {
    if (count === 1) return [target];
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `target: expected ${count} targets, one a row, got a single ${describe(target)}`,
    );
  }
  if (!Array.isArray(target) && !types.isFloat32Array(target) && !types.isFloat64Array(target)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      'target: expected a number, an array of them, a Float32Array or a Float64Array, ' +
        `got ${describe(target)}`,
    );
  }
  if (target.length !== count) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `target: expected ${count} targets, one a row, got ${target.length}`,
    );
  }
  return target;
}

/** Targets that must be there. @throws GlnError `ERR_GLN_TYPE` */
export function requireTargets(target: RealTargets): RealTargets {
  if (target !== undefined && target !== null) return target;
  throw new GlnError(
    'ERR_GLN_TYPE',
    `target: expected a number or an array of them, got ${describe(target)}`,
  );
}

/** An array for results where it is given and fits, else a new one. */
export function realArray(out: unknown, name: string, count: number): Float64Array {
  if (out === undefined) return new Float64Array(count);
  if (!types.isFloat64Array(out)) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected a Float64Array, got ${describe(out)}`);
  }
  if (out.length !== count) {
    throw new GlnError('ERR_GLN_SHAPE', `${name}: expected ${count} elements, got ${out.length}`);
  }
  return out;
}

/** One of the arrays of `out` where it is given and fits, else a new one. */
export function realOutput(out: unknown, name: 'means' | 'variances', count: number): Float64Array {
  if (out === undefined) return new Float64Array(count);
  if (typeof out !== 'object' || out === null) {
    throw new GlnError('ERR_GLN_TYPE', `out: expected { means, variances }, got ${describe(out)}`);
  }
  const array: unknown = (out as { [Key in typeof name]?: unknown })[name];
  // Where one array is given the other must be, too.
  return realArray(array ?? null, `out.${name}`, count);
}
