/** What `fit` can learn from, opened as one kind of thing: a cursor over records. */

import type { Labels, Rows, Weights } from '../classifier';
import { describe, GlnError } from '../errors';
import type { RealTargets } from '../regressor';
import type { RowRules } from './block-builder';
import { type Cursor, openCursor } from './cursor';
import type { KindRules, StreamKind, StreamKinds } from './kinds';
import { lengthOf } from './records';

/** Rows to learn from: arrays, or records of any stream, Node's object streams included. */
export type FitSource<Kind extends StreamKind = 'classes'> =
  | StreamKinds[Kind]['arrays']
  | Iterable<StreamKinds[Kind]['record'] | StreamKinds[Kind]['block']>
  | AsyncIterable<StreamKinds[Kind]['record'] | StreamKinds[Kind]['block']>;

/** A source that can be opened once. */
export interface OpenableSource {
  /** Records that it has, where it says so. */
  readonly total: number | undefined;
  open(signal: AbortSignal | undefined): Cursor;
}

/**
 * Checks what can be checked without reading.
 *
 * @throws GlnError `ERR_GLN_TYPE`, or `ERR_GLN_SHAPE` for arrays that do not belong together
 */
export function checkSource<Kind extends StreamKind>(
  source: FitSource<Kind>,
  rules: RowRules,
  { targetsName }: KindRules<Kind>,
): OpenableSource {
  if (typeof source !== 'object' || source === null) {
    const message = `expected { rows, ${targetsName} } or records to iterate, got ${describe(source)}`;
    throw new GlnError('ERR_GLN_TYPE', `source: ${message}`);
  }
  if (Symbol.iterator in source || Symbol.asyncIterator in source) {
    return { total: undefined, open: (signal) => openCursor(source, signal) };
  }
  const { total, record } = arrayRecords(source as GivenArrays, rules, targetsName);
  const records = function* (): Generator<unknown> {
    for (let i = 0; i < total; i++) yield record(i);
  };
  return { total, open: (signal) => openCursor(records(), signal) };
}

/** Arrays of rows and of what belongs to them, whatever is learned. */
interface GivenArrays {
  rows: Rows;
  labels?: Labels;
  targets?: RealTargets;
  weights?: Weights;
  sideInfo?: Rows;
}

/** Rows and what belongs to them as records; single values are checked as they are read. */
function arrayRecords(
  { rows, weights, sideInfo, ...targets }: GivenArrays,
  { inputSize, sideInfoSize }: RowRules,
  targetsName: 'labels' | 'targets',
) {
  const input = rowAt('rows', rows, inputSize);
  const total = input.count;
  if (!Number.isInteger(total) || total < 1) {
    const message = `expected one or more rows of ${inputSize} values, got ${describe(rows)}`;
    throw new GlnError('ERR_GLN_SHAPE', `rows: ${message}`);
  }
  const target = valueAt(targetsName, targets[targetsName], total);
  const weight = weights === undefined ? undefined : valueAt('weights', weights, total);
  let side: ((i: number) => unknown) | undefined;
  if (sideInfo !== undefined) {
    const width = sideInfoSize ?? (lengthOf(sideInfo) ?? 0) / total;
    const given = rowAt('sideInfo', sideInfo, width);
    if (given.count !== total) {
      const message = `expected ${total} rows of ${width} values, got ${describe(sideInfo)}`;
      throw new GlnError('ERR_GLN_SHAPE', `sideInfo: ${message}`);
    }
    side = given.at;
  }
  const record = (i: number) => ({
    input: input.at(i),
    target: target(i),
    weight: weight?.(i),
    sideInfo: side?.(i),
  });
  return { total, record };
}

function rowAt(name: string, rows: Rows, width: number) {
  const length = lengthOf(rows);
  if (length === undefined) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected rows, got ${describe(rows)}`);
  }
  if (lengthOf(rows[0]) !== undefined)
    return { count: length, at: (i: number): unknown => rows[i] };
  const cut = (i: number): unknown =>
    Array.isArray(rows)
      ? rows.slice(i * width, (i + 1) * width)
      : (rows as Float32Array).subarray(i * width, (i + 1) * width);
  return { count: length / width, at: cut };
}

function valueAt(
  name: string,
  values: Labels | Weights | undefined,
  count: number,
): (i: number) => unknown {
  if (typeof values === 'number') {
    // One weight stands for all rows, one label for one.
    if (name === 'weights' || count === 1) return () => values;
  }
  if (typeof values === 'boolean' && count === 1) return () => values;
  if (lengthOf(values) !== count) {
    const message = `expected ${count} ${name}, one a row, got ${describe(values)}`;
    throw new GlnError('ERR_GLN_SHAPE', `${name}: ${message}`);
  }
  return (i) => (values as ArrayLike<unknown>)[i];
}
