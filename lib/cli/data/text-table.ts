/**
 * Tables that come as text, from standard input or a file that DuckDB does not
 * read: a parser gives records, and this makes a {@link DataSource} of them. The
 * first records are kept to find out what the columns hold.
 */
import type { Readable } from 'node:stream';
import { DataError } from '../errors';
import {
  type ColumnProfile,
  type ColumnType,
  MOST_CLASSES,
  MOSTLY_NUMBERS,
  type ProfileRequest,
  requireColumns,
  type TableProfile,
} from './profile';
import type { DataSource, RawChunk, ReadPlan } from './source';
import { isMissing, newTargets, realNumberOf, targetReader, valueReader } from './values';

/** One record of a text. */
export interface TextRecord {
  /** Its line, from 1. */
  line: number;
  /** A value for each column, or where a column is not named, undefined. */
  cells: readonly unknown[];
}

/** What a parser makes of a text. */
export interface ParsedText {
  columns: readonly string[];
  /** Absent features are 0, and not missing. */
  sparse: boolean;
  /** Columns that are not there are missing values, and no mistake. */
  lenient: boolean;
  records: AsyncIterator<TextRecord>;
}

/** Begins to parse a text. */
export type TextParser = (text: AsyncIterable<string>) => Promise<ParsedText>;

export interface TextTableOptions {
  name: string;
  parse: TextParser;
  /** Opens the text; called once more for each further reading. */
  open: () => Readable;
  reusable: boolean;
  missing: readonly string[];
  /** Records that are kept for a look at them, at least 1. */
  sampleRows: number;
}

/** Rows of a chunk; more only delay the first of them. */
const CHUNK_ROWS = 1024;
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

export class TextTable implements DataSource {
  readonly #missing: ReadonlySet<string>;
  #parsed: ParsedText | undefined;
  #stream: Readable | undefined;
  #sample: TextRecord[] = [];

  constructor(private readonly options: TextTableOptions) {
    this.#missing = new Set(options.missing);
  }

  get name(): string {
    return this.options.name;
  }

  get reusable(): boolean {
    return this.options.reusable;
  }

  async profile(request: ProfileRequest): Promise<TableProfile> {
    const { columns, sparse, records } = await this.#start();
    requireColumns(this.name, new Set(columns), {
      target: request.target === undefined ? [] : [request.target],
      ignore: request.ignored,
      categories: request.categories,
    });
    while (this.#sample.length < this.options.sampleRows) {
      const { done, value } = await records.next();
      if (done === true) break;
      this.#sample.push(value);
    }
    if (this.#sample.length === 0) throw new DataError({ source: this.name }, 'expected rows');
    const profiles = columns.map((name, i) => this.#column(name, i, request, sparse));
    return { columns: profiles, rows: undefined, sparse };
  }

  async *read(plan: ReadPlan): AsyncGenerator<RawChunk, void, void> {
    const { schema, labelled, keep } = plan;
    const { columns, lenient, records } = await this.#start();
    this.#parsed = undefined;
    const names = new Set(columns);
    const { target, inputs, sparse, weight } = schema;
    const needed = lenient ? [] : inputs.map(({ name }) => name);
    requireColumns(this.name, names, {
      model: needed,
      target: labelled ? [target.name] : [],
      weight: labelled && weight !== undefined ? [weight] : [],
      keep: lenient ? [] : keep,
    });
    const places = inputs.map(({ name }) => columns.indexOf(name));
    const readers = inputs.map((input) => valueReader(input, this.#missing));
    const targetOf = targetReader(target);
    const targetAt = columns.indexOf(target.name);
    const weightAt = columns.indexOf(weight ?? '');
    const keptAt = keep.map((name) => columns.indexOf(name));
    const width = inputs.length;
    for await (const batch of this.#batches(records)) {
      const rows = new Float32Array(batch.length * width);
      const targets = newTargets(target, labelled ? batch.length : 0);
      const weights = new Float64Array(labelled && weight !== undefined ? batch.length : 0);
      const kept: string[][] = [];
      for (const [row, { cells }] of batch.entries()) {
        for (let i = 0; i < width; i++) {
          const value = places[i] < 0 ? undefined : cells[places[i]];
          rows[row * width + i] = sparse && value === undefined ? 0 : readers[i](value);
        }
        if (labelled) targets[row] = targetOf(cells[targetAt]);
        if (weights.length > 0) weights[row] = realNumberOf(cells[weightAt]);
        if (keep.length > 0) kept.push(keptAt.map((i) => String(cells[i] ?? '')));
      }
      const locate = this.#locator(batch, columns);
      const weighted = weights.length > 0 && { weights };
      yield { rows, targets, ...weighted, kept, count: batch.length, locate };
    }
  }

  async close(): Promise<void> {
    // A parser that waits for more is not to wait for ever.
    this.#stream?.destroy();
  }

  async #start(): Promise<ParsedText> {
    if (this.#parsed !== undefined) return this.#parsed;
    this.#stream = this.options.open();
    this.#parsed = await this.options.parse(textOf(this.name, this.#stream));
    return this.#parsed;
  }

  async *#batches(records: AsyncIterator<TextRecord>): AsyncGenerator<TextRecord[], void, void> {
    let batch = this.#sample;
    this.#sample = [];
    while (batch.length > CHUNK_ROWS) yield batch.splice(0, CHUNK_ROWS);
    try {
      for (;;) {
        const { done, value } = await records.next();
        if (done === true) break;
        batch.push(value);
        if (batch.length < CHUNK_ROWS) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      // What came before the fault is whole, and is learned.
      if (batch.length > 0) yield batch;
      throw error;
    }
    if (batch.length > 0) yield batch;
  }

  #locator(batch: readonly TextRecord[], columns: readonly string[]): RawChunk['locate'] {
    return async (row, column) => {
      const { line, cells } = batch[row];
      const value = cells[columns.indexOf(column)];
      const text = isMissing(value, this.#missing) ? 'nothing' : JSON.stringify(value);
      return { place: { source: this.name, row: line, isLine: true, column }, text };
    };
  }

  #column(name: string, at: number, request: ProfileRequest, sparse: boolean): ColumnProfile {
    const { target, targetKnown, categories, mostOneHot } = request;
    const cells = this.#sample
      .map(({ cells }) => cells[at])
      .filter((value) => !isMissing(value, this.#missing));
    const type = sparse && name !== target ? 'number' : typeOf(cells, name === target);
    const isTarget = name === target && !targetKnown;
    const most = isTarget ? MOST_CLASSES : mostOneHot;
    const asked = isTarget || type === 'text' || categories.includes(name);
    const values = asked ? new Set(cells.map((value) => String(value).trim())) : undefined;
    const known = values !== undefined && values.size <= most;
    const mostlyNumbers = isTarget && type === 'text' && numbersIn(cells) >= MOSTLY_NUMBERS;
    const found = {
      ...(known && { values: [...values] }),
      ...(mostlyNumbers && { mostlyNumbers }),
    };
    return { name, type, typeName: type, ...found };
  }
}

/** What all values are; of none at all: numbers, of which one may come yet. */
function typeOf(cells: readonly unknown[], isTarget: boolean): ColumnType {
  const every = (test: (value: unknown) => boolean): boolean => cells.every(test);
  if (every((value) => typeof value === 'object')) {
    return cells.length === 0 ? 'number' : 'unsupported';
  }
  const numbers = numbersIn(cells);
  if (numbers === 1) {
    return every((value) => Number.isInteger(Number(value))) ? 'integer' : 'number';
  }
  if (!isTarget && numbers >= MOSTLY_NUMBERS) return 'number';
  if (every((value) => typeof value === 'boolean')) return 'boolean';
  if (every((value) => typeof value === 'string' && DATE.test(value))) return 'date';
  return every((value) => typeof value !== 'object') ? 'text' : 'unsupported';
}

/** Which share of values are numbers. */
function numbersIn(cells: readonly unknown[]): number {
  const numbers = cells.filter(
    (value) => typeof value === 'number' || (typeof value === 'string' && isNumeric(value)),
  );
  return numbers.length / cells.length;
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}

async function* textOf(name: string, stream: Readable): AsyncGenerator<string, void, void> {
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) yield String(chunk);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError({ source: name }, `could not be read: ${reason}`, { cause });
  }
}
