/**
 * Tables through DuckDB: files of many kinds, attached databases, and queries.
 */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { DataError } from '../errors';
import { loadCliPeer } from '../peers';
import { attachmentError } from './attachments';
import {
  columnType,
  differentValues,
  numericShare,
  rowExpressions,
  targetExpression,
  weightExpression,
} from './duckdb-columns';
import { ChunkDecoder } from './duckdb-rows';
import { checkText, isPattern } from './file-head';
import {
  type ColumnProfile,
  MOST_CLASSES,
  MOSTLY_NUMBERS,
  type ProfileRequest,
  requireColumns,
  type TableProfile,
} from './profile';
import { type DataLocation, type Relation, relationOf } from './relation';
import type { DataSource, RawChunk, ReadPlan } from './source';
import { identifier, quoted } from './sql';
import { checkWhole, lineWithoutJson } from './whole-files';

type Library = { DuckDBInstance: typeof DuckDBInstance };

/** Rows of CSV and JSON that are looked at before any is learned, where nobody says. */
const TEXT_SAMPLE_ROWS = 200_000;

/** Opens what DuckDB reads. @throws GlnError `ERR_GLN_DEPENDENCY`, `ERR_GLN_OPTION`, DataError */
export async function openDuckDb(location: DataLocation): Promise<DataSource> {
  const relation = relationOf(location);
  if (relation.isText) for (const file of relation.files) checkText(file);
  const { DuckDBInstance } = loadCliPeer<Library>('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    // Files are read once from end to end; keeping them would only fill memory.
    enable_external_file_cache: 'false',
  });
  const connection = await instance.connect();
  const { skipInvalid, sampleRows } = location;
  const most = relation.isText ? (sampleRows ?? TEXT_SAMPLE_ROWS) : Number.POSITIVE_INFINITY;
  const source = new DuckDbSource(instance, connection, relation, skipInvalid, most);
  try {
    await source.open();
  } catch (error) {
    await source.close();
    throw error;
  }
  return source;
}

class DuckDbSource implements DataSource {
  readonly reusable = true;
  readonly name: string;
  #types = new Map<string, string>();

  constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly relation: Relation,
    private readonly skipInvalid: boolean,
    private readonly sampleRows: number,
  ) {
    this.name = relation.name;
  }

  async open(): Promise<void> {
    for (const { place, statement } of this.relation.attachments) {
      await this.connection.run(statement).catch((error: unknown) => {
        throw attachmentError(place, error);
      });
    }
    const describe = `DESCRIBE SELECT * FROM ${this.relation.from(false)}`;
    const columns = await this.#query(describe).catch((error) => this.#brokenLine(error));
    for (const [name, type] of columns) this.#types.set(String(name), String(type));
  }

  async profile(request: ProfileRequest): Promise<TableProfile> {
    const { target, targetKnown, ignored, categories, mostOneHot } = request;
    requireColumns(this.name, new Set(this.#types.keys()), {
      target: target === undefined ? [] : [target],
      ignore: ignored,
      categories,
    });
    const columns = [...this.#types].map(([name, typeName]) => ({
      ...{ name, typeName },
      type: columnType(typeName),
    }));
    // One pass over the data answers everything.
    const most = new Map<string, number>();
    for (const { name, type } of columns) {
      if (name === target && !targetKnown) most.set(name, MOST_CLASSES);
      else if (ignored.includes(name) || name === target) continue;
      else if (type === 'text' || categories.includes(name)) most.set(name, mostOneHot);
    }
    const asked = [...most].map(([name, count]) =>
      differentValues(name, this.#types.get(name) ?? '', count + 1),
    );
    const texts = columns.filter(({ type }) => type === 'text');
    const numbers = texts.map(({ name }) => numericShare(name));
    const [answer] = await this.#query(
      `SELECT ${['count(*)', ...asked, ...numbers].join(', ')} FROM ${this.#sampled()}`,
    );
    const mostlyNumbers = new Set(
      texts
        .filter((_, i) => Number(answer[1 + asked.length + i] ?? 0) >= MOSTLY_NUMBERS)
        .map(({ name }) => name),
    );
    const values = new Map(
      [...most].map(([name, count], i) => {
        const list = JSON.parse(String(answer[i + 1] ?? '[]')) as unknown[];
        const found = [...new Set(list.map((text) => String(text).trim()))];
        return [name, found.length <= count ? found : undefined] as const;
      }),
    );
    const profiles = columns.map((column): ColumnProfile => {
      const found = values.get(column.name);
      const numbers = mostlyNumbers.has(column.name);
      if (numbers && column.name !== target) return { ...column, type: 'number' };
      const texts = found !== undefined && { values: found };
      return { ...column, ...texts, ...(numbers && { mostlyNumbers: true }) };
    });
    const count = Number(answer[0]);
    // As many as were asked for: there may be more.
    const rows = count < this.sampleRows ? count : undefined;
    return { columns: profiles, rows, sparse: false };
  }

  /** What is looked at first: of text, which is slow to read, only the beginning. */
  #sampled(): string {
    const from = this.relation.from(false);
    if (this.sampleRows === Number.POSITIVE_INFINITY) return from;
    return `(SELECT * FROM ${from} LIMIT ${this.sampleRows})`;
  }

  async *read(plan: ReadPlan): AsyncGenerator<RawChunk, void, void> {
    const { schema, labelled, keep } = plan;
    const { inputs, target, weight } = schema;
    const needed = inputs.map(({ name }) => name);
    requireColumns(this.name, new Set(this.#types.keys()), {
      model: needed,
      target: labelled ? [target.name] : [],
      weight: labelled && weight !== undefined ? [weight] : [],
      keep,
    });
    const typeOf = (name: string) => this.#types.get(name) ?? '';
    const columns = rowExpressions(inputs, typeOf);
    if (labelled) columns.push(targetExpression(target, typeOf(target.name)));
    if (labelled && weight !== undefined) columns.push(weightExpression(weight));
    for (const name of keep) columns.push(`CAST(${identifier(name)} AS VARCHAR)`);
    const from = this.#ordered(plan.shuffle);
    const decoder = new ChunkDecoder(plan);
    const stop = new AbortController();
    const whole = checkWhole(await this.#compressedFiles(), stop.signal);
    // It is waited for at the end: what is there is learned.
    whole.catch(() => undefined);
    try {
      let first = 0;
      for await (const chunk of this.#chunks(`SELECT ${columns.join(', ')} FROM ${from}`)) {
        const start = first;
        first += chunk.rowCount;
        const locate: RawChunk['locate'] = (row, column) =>
          this.#locate(plan.shuffle, start + row, column);
        yield { ...decoder.decode(chunk), count: chunk.rowCount, locate };
      }
      await whole;
    } finally {
      stop.abort();
    }
    if (!this.skipInvalid || !this.relation.hasLines) return;
    const nothing = { rows: new Float32Array(0), targets: new Uint32Array(0), kept: [], count: 0 };
    const locate = () => Promise.reject(new Error('no rows to locate'));
    yield { ...nothing, locate, rejected: await this.#rejected() };
  }

  async close(): Promise<void> {
    this.connection.interrupt();
    this.connection.closeSync();
    this.instance.closeSync();
  }

  #ordered(shuffle: number | undefined, named = false): string {
    const from = this.relation.from(named);
    if (shuffle === undefined) return from;
    const numbered = `SELECT *, row_number() OVER () AS gln_row FROM ${from}`;
    return `(SELECT * FROM (${numbered}) ORDER BY hash(gln_row, ${shuffle}))`;
  }

  /** Files of text that are compressed; DuckDB takes the beginning of one for all of it. */
  async #compressedFiles(): Promise<string[]> {
    const { files, isText } = this.relation;
    const compressed = files.filter((file) => isText && /\.gz$/i.test(file));
    const lists = compressed.map(async (file) => {
      if (!isPattern(file)) return [file];
      if (file.includes('://')) return [];
      return (await this.#query(`SELECT file FROM glob(${quoted(file)})`)).map(
        ([name]) => `${name}`,
      );
    });
    return (await Promise.all(lists)).flat();
  }

  /** Lines that the latest reading left out. */
  async #rejected(): Promise<DataError[]> {
    const found = await this.#query(
      'SELECT any_value(file_path), line, any_value(column_name), any_value(error_message) ' +
        'FROM reject_errors JOIN reject_scans USING (scan_id, file_id) ' +
        'WHERE scan_id = (SELECT max(scan_id) FROM reject_scans) GROUP BY line ORDER BY line',
    );
    return found.map(([file, line, column, message]) => {
      const place = { source: String(file), row: Number(line), isLine: true };
      const named = column === null ? place : { ...place, column: String(column) };
      return new DataError(named, shortened(String(message)));
    });
  }

  /** Which line is at fault where DuckDB cannot make sense of a whole file of CSV. */
  async #brokenLine(error: unknown): Promise<never> {
    if (!this.relation.hasLines || !(error instanceof DataError)) throw error;
    if (!error.message.includes('sniffing')) throw error;
    try {
      await this.#query(`SELECT count(*) FROM ${this.relation.from(false, true)}`);
    } catch {
      throw error;
    }
    const [first] = await this.#rejected();
    if (first !== undefined) throw first;
    // Empty cells at the end of a line are no fault to it then.
    const message = 'expected lines of the same columns, and quotes that are closed';
    throw new DataError({ source: this.name }, message, { cause: error });
  }

  /** The file and row that a message is to name; only asked for when there is one. */
  async #locate(shuffle: number | undefined, row: number, column: string) {
    const { named } = this.relation;
    const file = named ? 'gln_file' : quoted(this.name);
    const number = shuffle === undefined ? String(row + 1) : 'gln_row';
    const from = this.#ordered(shuffle, named);
    const value = `CAST(${identifier(column)} AS VARCHAR)`;
    const [found] = await this.#query(
      `SELECT ${file}, ${number}, ${value} FROM ${from} LIMIT 1 OFFSET ${row}`,
    );
    const [source, at, text] = found ?? [this.name, row + 1, null];
    const before = await this.#rowsBefore(String(source), Number(at));
    const place = { source: String(source), row: Number(at) - before, column };
    return { place, text: text === null ? 'nothing' : JSON.stringify(text) };
  }

  /** Rows of other files before a row. */
  async #rowsBefore(file: string, row: number): Promise<number> {
    if (!this.relation.named) return 0;
    const upTo = `SELECT gln_file FROM ${this.relation.from(true)} LIMIT ${row}`;
    const [[count]] = await this.#query(
      `SELECT count(*) FROM (${upTo}) WHERE gln_file <> ${quoted(file)}`,
    );
    return Number(count);
  }

  /** Chunks of a result, the next one being made while one is used. */
  async *#chunks(sql: string): AsyncGenerator<DuckDBDataChunk, void, void> {
    try {
      const result = await this.connection.stream(sql);
      let next = result.fetchChunk();
      for (;;) {
        const chunk = await next;
        if (chunk === null || chunk.rowCount === 0) return;
        next = result.fetchChunk();
        // Where nobody asks for it any more its failure is nobody's either.
        next.catch(() => undefined);
        yield chunk;
      }
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  async #query(sql: string): Promise<unknown[][]> {
    try {
      const reader = await this.connection.runAndReadAll(sql);
      return reader.getRowsJS();
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** What went wrong, where more of it can be found out than DuckDB says. */
  async #explained(error: unknown): Promise<unknown> {
    const failure = this.#failure(error);
    // A line that is cut off with the rest of its file is no fault of its own.
    const { signal } = new AbortController();
    const cut = await checkWhole(await this.#compressedFiles(), signal).catch(
      (cause: unknown) => cause,
    );
    if (cut !== undefined) return cut;
    // The line of JSON that is none is another than DuckDB says.
    if (this.relation.format !== 'jsonl' || !(failure instanceof DataError)) return failure;
    const source = /JSON in file "([^"]+)"/.exec(failure.message)?.[1];
    if (source === undefined || source.includes('://')) return failure;
    const row = await lineWithoutJson(source).catch(() => undefined);
    if (row === undefined) return failure;
    return new DataError({ source, row, isLine: true }, 'expected JSON', { cause: error });
  }

  /** DuckDB's own message says what is wrong, and of files where; a hint how to go on remains ours. */
  #failure(cause: unknown): unknown {
    if (cause instanceof DataError) return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
    const column = /Error when converting column "([^"]*)"/.exec(message)?.[1];
    const file = /^\s*file\s*=\s*(.+)$/m.exec(message)?.[1];
    const place = {
      source: file ?? this.name,
      ...(line !== undefined && { row: Number(line), isLine: true }),
      ...(column !== undefined && { column }),
    };
    return new DataError(place, shortened(message), { cause });
  }
}

/** Characters of a line of DuckDB's message, which may hold a whole line of the data. */
const LONGEST_LINE = 160;

/** The part of DuckDB's message that speaks of the data, without its advice. */
function shortened(message: string): string {
  const lines = message
    .replace(/^(Error: )+/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^LINE \d+:|^\^$|^Possible (fixes|Solution)/i.test(line));
  const end = lines.findIndex((line) =>
    /^(\*|file\s*=|Column .* is being|The search space|Potential Fixes)/i.test(line),
  );
  return lines
    .slice(0, end < 0 ? 4 : Math.max(1, end))
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
    .join(' ');
}
