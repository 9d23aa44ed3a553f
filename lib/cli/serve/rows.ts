/** Rows of requests: objects with a value for each column, as JSON has them. */

import { isWeight } from '../../metrics/row';
import type { Schema } from '../data/schema';
import {
  expectedTarget,
  isTarget,
  LARGEST_VALUE,
  MISSING_TEXTS,
  newTargets,
  realNumberOf,
  targetReader,
  valueReader,
} from '../data/values';
import type { TableRows } from '../tasks/task';
import { HttpError } from './http';

type JsonRow = Readonly<Record<string, unknown>>;

/** Reads rows by a model's schema. */
export class RowReader {
  readonly #readers: readonly ((value: unknown) => number)[];
  readonly #targetOf: (value: unknown) => number;
  readonly #columns: ReadonlySet<string>;

  constructor(private readonly schema: Schema) {
    const missing = new Set(MISSING_TEXTS);
    this.#readers = schema.inputs.map((input) => valueReader(input, missing));
    this.#targetOf = targetReader(schema.target);
    const { inputs, target, weight = target.name } = schema;
    this.#columns = new Set([...inputs.map(({ name }) => name), target.name, weight]);
  }

  /**
   * @param body `{ rows: [...] }`, an array of rows, or a row
   * @throws HttpError 400 for another shape; 422 for a value, naming row and column
   */
  read(body: unknown, labelled: boolean): TableRows {
    const list = rowsOf(body);
    const { inputs, target, weight } = this.schema;
    const rows = new Float32Array(list.length * inputs.length);
    const targets = newTargets(target, labelled ? list.length : 0);
    const weights = new Float64Array(labelled && weight !== undefined ? list.length : 0);
    for (const [i, row] of list.entries()) {
      this.#readRow(row, i, rows.subarray(i * inputs.length, (i + 1) * inputs.length));
      if (labelled) targets[i] = this.#targetOfRow(row, i);
      if (weights.length > 0) weights[i] = weightOf(row, i, weight ?? '');
    }
    return { rows, targets, ...(weights.length > 0 && { weights }) };
  }

  #readRow(row: JsonRow, number: number, out: Float32Array): void {
    const { inputs, sparse } = this.schema;
    // A misspelt column would otherwise count as a missing value, silently.
    const unknown = Object.keys(row).find((name) => !this.#columns.has(name));
    if (unknown !== undefined) {
      throw wrong(number, unknown, 'expected a column of the model', unknown);
    }
    for (const [i, { name, kind }] of inputs.entries()) {
      const value = row[name];
      const read = sparse && value === undefined ? 0 : this.#readers[i](value);
      if (!(Math.abs(read) <= LARGEST_VALUE) && !Number.isNaN(read)) {
        throw wrong(number, name, `expected a ${kind}`, value);
      }
      out[i] = read;
    }
  }

  #targetOfRow(row: JsonRow, number: number): number {
    const { target } = this.schema;
    const found = this.#targetOf(row[target.name]);
    if (isTarget(target, found)) return found;
    throw wrong(number, target.name, `expected ${expectedTarget(target)}`, row[target.name]);
  }
}

/** Rows that do not say how much they count, count 1. */
function weightOf(row: JsonRow, number: number, column: string): number {
  const value = row[column] ?? 1;
  const weight = realNumberOf(value);
  if (isWeight(weight)) return weight;
  throw wrong(number, column, 'expected a weight of at least 0', value);
}

function wrong(row: number, column: string, expected: string, value: unknown): HttpError {
  const got = JSON.stringify(value) ?? 'nothing';
  const message = `row ${row}, column ${JSON.stringify(column)}: ${expected}, got ${got}`;
  return new HttpError(422, message, { row, column });
}

function isRow(value: unknown): value is JsonRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowsOf(body: unknown): readonly JsonRow[] {
  const given = isRow(body) && Array.isArray(body.rows) ? body.rows : body;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > 0 && list.every(isRow)) return list;
  throw new HttpError(400, 'body: expected a row, or rows, as objects of columns');
}
