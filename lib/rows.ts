/**
 * What callers pass as rows and targets, turned into what native code takes.
 *
 * A Float32Array is used in place, anything else is copied. Everything is
 * checked here, before a call changes a weight.
 */
import { types } from 'node:util';
import type { Labels, Rows } from './classifier';
import { describe, GlnError } from './errors';
import { loadAddon } from './native';

/** Rows in native form: `count` rows of a fixed width. */
export interface NativeRows {
  data: Float32Array;
  /**
   * The values as the caller gave them, where float32 does not hold them: base
   * predictions are differences of values, and would lose digits.
   */
  precise?: Float64Array;
  count: number;
}

/** Below this a loop in JavaScript beats a call into the addon. */
const SMALL_ARRAY = 64;

/** Index of the first infinity or NaN, or -1. */
export function firstNonFinite(data: Float32Array): number {
  if (data.length > SMALL_ARRAY) return loadAddon().kernels.firstNonFinite(data);
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** What the values of a row may be. */
export interface ValueRule {
  /** The largest magnitude; a float32. */
  readonly limit: number;
  /** Whether values may be missing, written NaN. */
  readonly allowsMissing: boolean;
}

/** Magnitudes of all finite float32. */
export const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** Whether a rule lets a value be; as a float32, which is what models compute with. */
export function isFit(value: number, { limit, allowsMissing }: ValueRule): boolean {
  const single = Math.fround(value);
  return Math.abs(single) <= limit || (allowsMissing && Number.isNaN(single));
}

/** Index of the first value that the rule does not let be, or -1. */
export function firstUnfit(data: Float32Array, rule: ValueRule): number {
  if (data.length > SMALL_ARRAY) {
    return loadAddon().kernels.firstBeyond(data, rule.limit, rule.allowsMissing);
  }
  for (let i = 0; i < data.length; i++) if (!isFit(data[i], rule)) return i;
  return -1;
}

/** The error for a value that a rule does not let be. */
export function unfit(name: string, value: unknown, limit: number, place: string): GlnError {
  const huge = typeof value === 'number' && Number.isFinite(Math.fround(value));
  const expected = huge
    ? `expected magnitudes of at most ${limit} (inputLimit)`
    : 'expected finite numbers (in float32)';
  return new GlnError('ERR_GLN_VALUE', `${name}: ${expected}, got ${describe(value)} ${place}`);
}

function wrongLength(name: string, width: number, length: number): GlnError {
  const hint = length === 0 ? ' (empty, detached or out of bounds)' : '';
  return new GlnError(
    'ERR_GLN_SHAPE',
    `${name}: expected a multiple of ${width} values, at least one row, got ${length}${hint}`,
  );
}

/** Copies numbers, checking that each is one. */
function copyNumbers(
  from: ArrayLike<unknown>,
  to: Float64Array,
  at: number,
  width: number,
  name: string,
): void {
  for (let i = 0; i < from.length; i++) {
    const value = from[i];
    if (typeof value !== 'number') {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `${name}: expected numbers, got ${describe(value)} ` +
          `in row ${Math.floor((at + i) / width)}, column ${(at + i) % width}`,
      );
    }
    to[at + i] = value;
  }
}

function copyNested(rows: readonly unknown[], width: number, name: string): Float64Array {
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, r) => {
    const length = Array.isArray(row) || ArrayBuffer.isView(row) ? (row as number[]).length : -1;
    if (length !== width) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `${name}[${r}]: expected a row of ${width} values, got ${describe(row)}`,
      );
    }
    copyNumbers(row as ArrayLike<unknown>, data, r * width, width, name);
  });
  return data;
}

/**
 * Rows of `width` values as one flat array: a Float32Array as it is, anything else
 * copied in double precision. Whether there are whole rows, and what values may
 * be, is for the caller to check: a model that is measured need not be ours.
 *
 * @throws GlnError `ERR_GLN_TYPE`, or `ERR_GLN_SHAPE` for nested rows of another length.
 */
export function flatRows(input: Rows, width: number, name: string): Float32Array | Float64Array {
  return types.isFloat32Array(input) ? input : copyRows(input, width, name);
}

function copyRows(input: unknown, width: number, name: string): Float64Array {
  if (!Array.isArray(input) && !types.isFloat64Array(input)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `${name}: expected a Float32Array, a Float64Array, number[] or number[][], ` +
        `got ${describe(input)}`,
    );
  }
  const first: unknown = input[0];
  if (Array.isArray(first) || ArrayBuffer.isView(first)) {
    return copyNested(input as unknown[], width, name);
  }
  const data = new Float64Array(input.length);
  copyNumbers(input, data, 0, width, name);
  return data;
}

/**
 * Rows of `width` values from a flat or nested array.
 *
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` or `ERR_GLN_VALUE`, naming `name`.
 */
export function toRows(input: Rows, width: number, name: string, rule: ValueRule): NativeRows {
  const given = flatRows(input, width, name);
  const length = given.length;
  if (length === 0 || length % width !== 0) throw wrongLength(name, width, length);
  const count = length / width;
  const data = types.isFloat32Array(given) ? given : Float32Array.from(given);
  const bad = firstUnfit(data, rule);
  if (bad >= 0) {
    const place = `in row ${Math.floor(bad / width)}, column ${bad % width}`;
    throw unfit(name, given[bad], rule.limit, place);
  }
  if (types.isFloat32Array(given) || data.every((value, i) => Object.is(value, given[i]))) {
    return { data, count };
  }
  return { data, precise: given, count };
}

/**
 * What the gates look at: the side information where the model wants one, else
 * the input rows.
 *
 * @param size `sideInfoSize`, or undefined.
 * @throws GlnError as {@link toRows}, and `ERR_GLN_OPTION` where none is expected.
 */
export function toSideInfo(
  sideInfo: Rows | undefined,
  rows: NativeRows,
  size: number | undefined,
  rule: ValueRule,
): Float32Array {
  if (size === undefined) {
    if (sideInfo === undefined) return rows.data;
    throw new GlnError(
      'ERR_GLN_OPTION',
      'sideInfo: not expected, since the model was made without sideInfoSize',
    );
  }
  if (sideInfo === undefined) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `sideInfo: expected ${rows.count} rows of ${size} values, got undefined`,
    );
  }
  const given = toRows(sideInfo, size, 'sideInfo', rule);
  if (given.count !== rows.count) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `sideInfo: expected ${rows.count} rows, one for each input row, got ${given.count}`,
    );
  }
  return given.data;
}

/** The error for a target that is no class. */
export function badLabel(name: string, index: number, numClasses: number, got: unknown): GlnError {
  return new GlnError(
    'ERR_GLN_LABEL',
    `${name}[${index}]: expected an integer from 0 to ${numClasses - 1}, got ${describe(got)}`,
  );
}

/** Targets in a form that native code reads in place. */
export type NativeTargets = Uint8Array | Int32Array | Uint32Array;

function isReadInPlace(target: unknown): target is NativeTargets {
  return types.isUint8Array(target) || types.isInt32Array(target) || types.isUint32Array(target);
}

/** One target as a class number. */
export function toClass(target: unknown, index: number, numClasses: number): number {
  if (typeof target === 'boolean' && numClasses === 2) return target ? 1 : 0;
  if (typeof target !== 'number') {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `target[${index}]: expected a class number, got ${describe(target)}`,
    );
  }
  if (!Number.isInteger(target) || target < 0 || target >= numClasses) {
    throw badLabel('target', index, numClasses, target);
  }
  return target;
}

/** Labels that must be there. @throws GlnError `ERR_GLN_TYPE` */
export function requireLabels(target: Labels): Labels {
  if (target !== undefined && target !== null) return target;
  throw new GlnError(
    'ERR_GLN_TYPE',
    `target: expected a class number or an array of them, got ${describe(target)}`,
  );
}

/**
 * Targets for `count` rows. Arrays that native code reads in place are checked
 * for length only; native code finds targets that are no class before it learns.
 *
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` or `ERR_GLN_LABEL`.
 */
export function toTargets(target: Labels, count: number, numClasses: number): NativeTargets {
  if (typeof target === 'number' || typeof target === 'boolean') {
    if (count !== 1) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `target: expected ${count} targets, one a row, got a single ${describe(target)}`,
      );
    }
    return Uint32Array.of(toClass(target, 0, numClasses));
  }
  const isNumbers =
    types.isTypedArray(target) && !types.isBigInt64Array(target) && !types.isBigUint64Array(target);
  if (!Array.isArray(target) && !isNumbers) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `target: expected a class number or an array of them, got ${describe(target)}`,
    );
  }
  if (target.length !== count) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `target: expected ${count} targets, one a row, got ${target.length}`,
    );
  }
  if (isReadInPlace(target)) return target;
  const classes = new Uint32Array(count);
  for (let i = 0; i < count; i++) classes[i] = toClass(target[i], i, numClasses);
  return classes;
}

/** Index of the first target that is no class, or -1. */
export function firstBadTarget(targets: ArrayLike<number>, numClasses: number): number {
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] >= numClasses || targets[i] < 0) return i;
  }
  return -1;
}
