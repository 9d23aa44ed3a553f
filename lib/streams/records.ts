/**
 * What one row of a stream looks like, and how it is taken apart: shared by
 * everything that reads streams.
 */

import { describe, GlnError } from '../errors';

/** One labelled row of a stream. */
export type LabelledRecord =
  | {
      /** `inputSize` values. */
      input: Float32Array | Float64Array | readonly number[];
      /** Its class; a boolean for a binary model. */
      target: number | boolean;
      /** How much it counts, at least 0; default 1. */
      weight?: number;
      /** What the gates look at; for models with a `sideInfoSize`. */
      sideInfo?: Float32Array | Float64Array | readonly number[];
    }
  | readonly [input: Float32Array | Float64Array | readonly number[], target: number | boolean];

/**
 * Many labelled rows of a stream at once, as readers of columns and files have
 * them: as so many records, and much faster than one by one.
 */
export interface LabelledBlock {
  /** Row-major, `inputSize` values a row. */
  rows: Float32Array;
  /** A class for each row. */
  labels: Uint32Array;
}

/** Whether a stream gave a block of rows in place of a record. */
export function isBlock(value: unknown): value is LabelledBlock {
  if (typeof value !== 'object' || value === null) return false;
  if (!('rows' in value) || !('labels' in value)) return false;
  return value.rows instanceof Float32Array && value.labels instanceof Uint32Array;
}

/** A record's parts, none of them checked. */
export interface RecordParts {
  input?: unknown;
  target?: unknown;
  weight?: unknown;
  sideInfo?: unknown;
}

/** @throws GlnError `ERR_GLN_TYPE` when it is no record at all, naming `name` */
export function partsOf(record: unknown, name: string): RecordParts {
  if (Array.isArray(record) && record.length === 2) return { input: record[0], target: record[1] };
  if (typeof record !== 'object' || record === null || !('input' in record)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `${name}: expected { input, target } or [input, target], got ${describe(record)}`,
    );
  }
  return record;
}

/** Values of an array or a typed array; undefined for anything else. */
export function lengthOf(values: unknown): number | undefined {
  const list = Array.isArray(values) || ArrayBuffer.isView(values);
  return list ? (values as unknown as ArrayLike<unknown>).length : undefined;
}
