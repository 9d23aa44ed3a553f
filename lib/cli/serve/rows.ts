/** Rows of requests: objects with a value for each column, as JSON has them. */
import type { Schema } from '../data/schema';
import { classReader, MISSING_TEXTS, NO_CLASS, valueReader } from '../data/values';
import { HttpError } from './http';

type JsonRow = Readonly<Record<string, unknown>>;

/** Rows as a model takes them. */
export interface RequestRows {
  rows: Float32Array;
  labels: Uint32Array;
}

const LIMIT = 1e15;

/** Reads rows by a model's schema. */
export class RowReader {
  readonly #readers: readonly ((value: unknown) => number)[];
  readonly #classOf: (value: unknown) => number;
  readonly #columns: ReadonlySet<string>;

  constructor(private readonly schema: Schema) {
    const missing = new Set(MISSING_TEXTS);
    this.#readers = schema.inputs.map((input) => valueReader(input, missing));
    this.#classOf = classReader(schema.target);
    this.#columns = new Set([...schema.inputs.map(({ name }) => name), schema.target.name]);
  }

  /**
   * @param body `{ rows: [...] }`, an array of rows, or a row
   * @throws HttpError 400 for another shape; 422 for a value, naming row and column
   */
  read(body: unknown, labelled: boolean): RequestRows {
    const list = rowsOf(body);
    const { inputs } = this.schema;
    const rows = new Float32Array(list.length * inputs.length);
    const labels = new Uint32Array(labelled ? list.length : 0);
    for (const [i, row] of list.entries()) {
      this.#readRow(row, i, rows.subarray(i * inputs.length, (i + 1) * inputs.length));
      if (labelled) labels[i] = this.#labelOf(row, i);
    }
    return { rows, labels };
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
      if (!(Math.abs(read) <= LIMIT) && !Number.isNaN(read)) {
        throw wrong(number, name, `expected a ${kind}`, value);
      }
      out[i] = read;
    }
  }

  #labelOf(row: JsonRow, number: number): number {
    const { name, classes } = this.schema.target;
    const label = this.#classOf(row[name]);
    if (label !== NO_CLASS) return label;
    const some = classes.slice(0, 10).join(', ');
    throw wrong(number, name, `expected one of the classes ${some}`, row[name]);
  }
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
