/**
 * A table that rows can be read from, whatever holds it, and rows out of it that
 * are checked: what is wrong with one is said with its file, row and column.
 */
import { firstUnfit } from '../../rows';
import { DataError, type DataPlace } from '../errors';
import type { ProfileRequest, TableProfile } from './profile';
import type { Schema } from './schema';
import { NO_CLASS } from './values';

/** What is wanted of a table's rows. */
export interface ReadPlan {
  schema: Schema;
  /** Whether the target is read too. */
  labelled: boolean;
  /** Columns that are handed on as texts. */
  keep: readonly string[];
  /** Rows in a random order, the same for the same seed; undefined as they come. */
  shuffle: number | undefined;
}

/** Rows as a source gives them: not yet checked. Memory may be used again for the next ones. */
export interface RawChunk {
  /** Row-major, one value for each of the schema's inputs. */
  rows: Float32Array;
  /** One a row; empty where no target is read. */
  labels: Uint32Array;
  /** Of each row the texts of the columns to keep. */
  kept: readonly (readonly string[])[];
  count: number;
  /** Lines that are no rows, and were left out. */
  rejected?: readonly DataError[];
  /** Where a value is, and what it is, for a message. */
  locate(row: number, column: string): Promise<{ place: DataPlace; text: string }>;
}

/** Rows that a model can take. */
export type RowChunk = Omit<RawChunk, 'locate' | 'rejected'>;

/** A table. */
export interface DataSource {
  /** For messages: a file, `query`, `standard input`. */
  readonly name: string;
  /** Whether it can be read more than once. */
  readonly reusable: boolean;
  profile(request: ProfileRequest): Promise<TableProfile>;
  read(plan: ReadPlan): AsyncIterable<RawChunk>;
  close(): Promise<void>;
}

/** What becomes of rows that cannot be learned. */
export interface RowPolicy {
  skip: boolean;
  /** Called for each row that is left out. */
  onSkip(error: DataError): void;
}

/** Largest magnitude of a value; the models' own limit by default. */
const LIMIT = 1e15;

const RULE = { limit: LIMIT, allowsMissing: true };

/** Whether there is nothing wrong with any row, as is usual. */
function isWhole({ rows, labels, count }: RawChunk, width: number, labelled: boolean): boolean {
  if (labelled && labels.subarray(0, count).includes(NO_CLASS)) return false;
  return firstUnfit(rows.subarray(0, count * width), RULE) < 0;
}

/** The first input of a row that no model takes; -1 where there is none, -2 for the label. */
function faultOf({ rows, labels }: RawChunk, row: number, width: number, labelled: boolean) {
  for (let i = 0, at = row * width; i < width; i++, at++) {
    const value = rows[at];
    if (!(Math.abs(value) <= LIMIT) && !Number.isNaN(value)) return i;
  }
  return labelled && labels[row] === NO_CLASS ? -2 : -1;
}

async function errorOf(chunk: RawChunk, row: number, fault: number, schema: Schema) {
  const { target } = schema;
  const column = fault === -2 ? target : schema.inputs[fault];
  const { place, text } = await chunk.locate(row, column.name);
  if (fault >= 0) {
    const { kind } = schema.inputs[fault];
    const huge = Number.isFinite(chunk.rows[row * schema.inputs.length + fault]);
    const range = huge ? ' within ± 10^15' : '';
    return new DataError(place, `expected a ${kind}${range}, got ${text}`);
  }
  const some = target.classes.slice(0, 10).join(', ') + (target.classes.length > 10 ? ', …' : '');
  return new DataError(place, `expected one of the classes ${some}, got ${text}`);
}

/**
 * The rows of a source that can be learned.
 *
 * @throws DataError for the first that cannot, unless they are to be left out
 */
export async function* checkedRows(
  source: DataSource,
  plan: ReadPlan,
  policy: RowPolicy,
): AsyncGenerator<RowChunk, void, void> {
  const { schema, labelled } = plan;
  const width = schema.inputs.length;
  for await (const chunk of source.read(plan)) {
    const { rows, labels, kept } = chunk;
    for (const error of chunk.rejected ?? []) policy.onSkip(error);
    if (chunk.count === 0) continue;
    if (isWhole(chunk, width, labelled)) {
      yield chunk;
      continue;
    }
    let good = 0;
    const goodKept: (readonly string[])[] = [];
    for (let row = 0; row < chunk.count; row++) {
      const fault = faultOf(chunk, row, width, labelled);
      if (fault !== -1) {
        const error = await errorOf(chunk, row, fault, schema);
        if (!policy.skip) {
          // The rows before it are learned: where it stands is then where learning ended.
          if (good > 0) yield cut(chunk, good, goodKept, width, labelled);
          throw error;
        }
        policy.onSkip(error);
        continue;
      }
      if (good < row) {
        rows.copyWithin(good * width, row * width, (row + 1) * width);
        if (labelled) labels[good] = labels[row];
      }
      if (plan.keep.length > 0) goodKept.push(kept[row]);
      good += 1;
    }
    if (good > 0) yield cut(chunk, good, goodKept, width, labelled);
  }
}

function cut(
  { rows, labels }: RawChunk,
  count: number,
  kept: RowChunk['kept'],
  width: number,
  labelled: boolean,
): RowChunk {
  return {
    rows: rows.subarray(0, count * width),
    labels: labelled ? labels.subarray(0, count) : labels,
    kept,
    count,
  };
}
