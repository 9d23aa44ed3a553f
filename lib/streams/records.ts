/**
 * What one row of a stream looks like, and how it is taken apart: shared by
 * everything that reads streams.
 */

import { describe, GlnError } from '../errors';

/** One row of a stream with what it teaches. */
export type StreamRecord<Target> =
  | {
      /** `inputSize` values. */
      input: Float32Array | Float64Array | readonly number[];
      /** What is learned. */
      target: Target;
      /** How much it counts, at least 0; default 1. */
      weight?: number;
      /** What the gates look at; for models with a `sideInfoSize`. */
      sideInfo?: Float32Array | Float64Array | readonly number[];
    }
  | readonly [input: Float32Array | Float64Array | readonly number[], target: Target];

/** One row with its class; a boolean for a binary model. */
export type LabelledRecord = StreamRecord<number | boolean>;

/** One row with the number that belongs to it. */
export type NumberRecord = StreamRecord<number>;

/** What blocks of rows have in common. */
interface RowsOfBlock {
  /** Row-major, `inputSize` values a row. */
  rows: Float32Array;
  /** How much each row counts, at least 0; default 1. */
  weights?: Float64Array;
}

/**
 * Many labelled rows of a stream at once, as readers of columns and files have
 * them: as so many records, and much faster than one by one.
 */
export interface LabelledBlock extends RowsOfBlock {
  /** A class for each row. */
  labels: Uint32Array;
}

/** The same of rows with numbers. */
export interface NumberBlock extends RowsOfBlock {
  /** A number for each row. */
  targets: Float64Array;
}

/** Whether a stream gave something that has rows in place of a record. */
export function hasRows(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && 'rows' in value;
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
