/**
 * What callers pass as binary vectors, turned into bytes of 0 and 1.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../errors';

/** Binary vectors, one after the other or nested: numbers that are 0 or 1, or booleans. */
export type BinaryRows =
  | Uint8Array
  | Float32Array
  | Float64Array
  | readonly (number | boolean)[]
  | readonly (Uint8Array | Float32Array | Float64Array | readonly (number | boolean)[])[];

/** Vectors as bytes of 0 and 1, nobody else's. */
export interface Bits {
  data: Uint8Array;
  count: number;
}

function isVector(value: unknown): value is ArrayLike<unknown> {
  return (
    Array.isArray(value) ||
    types.isUint8Array(value) ||
    types.isFloat32Array(value) ||
    types.isFloat64Array(value)
  );
}

function copyBits(
  from: ArrayLike<unknown>,
  to: Uint8Array,
  at: number,
  size: number,
  name: string,
): void {
  for (let i = 0; i < from.length; i++) {
    const value = from[i];
    if (value !== 0 && value !== 1 && typeof value !== 'boolean') {
      throw new GlnError(
        typeof value === 'number' ? 'ERR_GLN_VALUE' : 'ERR_GLN_TYPE',
        `${name}: expected 0, 1, true or false, got ${describe(value)} ` +
          `in row ${Math.floor((at + i) / size)}, bit ${(at + i) % size}`,
      );
    }
    to[at + i] = Number(value);
  }
}

/**
 * Vectors of `size` bits, at least one.
 *
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` or `ERR_GLN_VALUE`, naming `name`.
 */
export function toBits(rows: unknown, size: number, name: string): Bits {
  if (!isVector(rows)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `${name}: expected a Uint8Array, a Float32Array, a Float64Array or an array, ` +
        `got ${describe(rows)}`,
    );
  }
  if (rows.length > 0 && isVector(rows[0])) return toBitsOfEach(rows, size, name);
  if (rows.length === 0 || rows.length % size !== 0) {
    const hint = rows.length === 0 ? ' (empty, detached or out of bounds)' : '';
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected a multiple of ${size} bits, at least one row, got ${rows.length}${hint}`,
    );
  }
  const data = new Uint8Array(rows.length);
  copyBits(rows, data, 0, size, name);
  return { data, count: rows.length / size };
}

function toBitsOfEach(rows: ArrayLike<unknown>, size: number, name: string): Bits {
  const data = new Uint8Array(rows.length * size);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (!isVector(row) || row.length !== size) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `${name}[${r}]: expected a row of ${size} bits, got ${describe(row)}`,
      );
    }
    copyBits(row, data, r * size, size, name);
  }
  return { data, count: rows.length };
}
