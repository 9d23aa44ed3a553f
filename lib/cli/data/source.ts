/**
 * A table that rows can be read from, whatever holds it, and rows out of it that
 * are checked: what is wrong with one is said with its file, row and column.
 */
import { isWeight } from '../../metrics/row';
import { firstUnfit } from '../../rows';
import { DataError, type DataPlace } from '../errors';
import type { ProfileRequest, TableProfile } from './profile';
import type { Schema } from './schema';
import { expectedTarget, isTarget, LARGEST_VALUE, type Targets } from './values';

/** What is wanted of a table's rows. */
export interface ReadPlan {
  schema: Schema;
  /** Whether the target, and the weight where there is one, are read too. */
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
  targets: Targets;
  /** One a row, where a target is read and the schema has a weight. */
  weights?: Float64Array;
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

const RULE = { limit: LARGEST_VALUE, allowsMissing: true };

/** Faults of a row that are not in one of its inputs. */
const NO_FAULT = -1;
const TARGET_FAULT = -2;
const WEIGHT_FAULT = -3;

/** Whether there is nothing wrong with any row, as is usual. */
function isWhole(chunk: RawChunk, { schema, labelled }: ReadPlan): boolean {
  const { rows, targets, weights, count } = chunk;
  if (labelled) {
    const { target } = schema;
    for (let row = 0; row < count; row++) if (!isTarget(target, targets[row])) return false;
    if (weights?.subarray(0, count).every(isWeight) === false) return false;
  }
  return firstUnfit(rows.subarray(0, count * schema.inputs.length), RULE) < 0;
}

/** The first input of a row that no model takes, or one of the other faults. */
function faultOf(chunk: RawChunk, row: number, { schema, labelled }: ReadPlan): number {
  const { rows, targets, weights } = chunk;
  const width = schema.inputs.length;
  for (let i = 0, at = row * width; i < width; i++, at++) {
    const value = rows[at];
    if (!(Math.abs(value) <= LARGEST_VALUE) && !Number.isNaN(value)) return i;
  }
  if (!labelled) return NO_FAULT;
  if (!isTarget(schema.target, targets[row])) return TARGET_FAULT;
  return weights === undefined || isWeight(weights[row]) ? NO_FAULT : WEIGHT_FAULT;
}

async function errorOf(chunk: RawChunk, row: number, fault: number, schema: Schema) {
  const { inputs, target, weight = '' } = schema;
  const others = new Map([
    [TARGET_FAULT, { name: target.name, expected: expectedTarget(target) }],
    [WEIGHT_FAULT, { name: weight, expected: 'a weight of at least 0' }],
  ]);
  const other = others.get(fault);
  const { place, text } = await chunk.locate(row, other?.name ?? inputs[fault].name);
  if (other !== undefined) return new DataError(place, `expected ${other.expected}, got ${text}`);
  const { kind } = inputs[fault];
  const huge = Number.isFinite(chunk.rows[row * inputs.length + fault]);
  const range = huge ? ' within ± 10^15' : '';
  return new DataError(place, `expected a ${kind}${range}, got ${text}`);
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
    const { rows, targets, weights, kept } = chunk;
    for (const error of chunk.rejected ?? []) policy.onSkip(error);
    if (chunk.count === 0) continue;
    if (isWhole(chunk, plan)) {
      yield chunk;
      continue;
    }
    let good = 0;
    const goodKept: (readonly string[])[] = [];
    for (let row = 0; row < chunk.count; row++) {
      const fault = faultOf(chunk, row, plan);
      if (fault !== NO_FAULT) {
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
        if (labelled) targets[good] = targets[row];
        if (weights !== undefined) weights[good] = weights[row];
      }
      if (plan.keep.length > 0) goodKept.push(kept[row]);
      good += 1;
    }
    if (good > 0) yield cut(chunk, good, goodKept, width, labelled);
  }
}

function cut(
  { rows, targets, weights }: RawChunk,
  count: number,
  kept: RowChunk['kept'],
  width: number,
  labelled: boolean,
): RowChunk {
  return {
    rows: rows.subarray(0, count * width),
    targets: labelled ? targets.subarray(0, count) : targets,
    ...(weights !== undefined && { weights: weights.subarray(0, count) }),
    kept,
    count,
  };
}
