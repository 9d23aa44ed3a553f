/** CSV from a stream, by `csv-parse`. */
import type { Options, Parser } from 'csv-parse';
import { DataError } from '../errors';
import { loadCliPeer } from '../peers';
import { separatorOf } from './separator';
import type { TextParser, TextRecord } from './text-table';

type Library = { parse: (options: Options) => Parser };

/** What the parser gives with `info`. */
interface Entry {
  record: string[];
  info: { lines: number };
}

/** Gives what was read to see the beginning, then the rest. */
async function* again(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (;;) {
    const { done, value } = await rest.next();
    if (done === true) return;
    yield value;
  }
}

/** @param name of the source, for messages */
export function csvParser(name: string): TextParser {
  return async (text) => {
    const { parse } = loadCliPeer<Library>('csv-parse');
    const chunks = text[Symbol.asyncIterator]();
    let head = '';
    while (!head.includes('\n')) {
      const { done, value } = await chunks.next();
      if (done === true) break;
      head += value;
    }
    const parser = parse({
      bom: true,
      info: true,
      delimiter: separatorOf(head),
      skip_empty_lines: true,
    });
    void feed(parser, again(head, chunks));
    const entries = parser[Symbol.asyncIterator]() as AsyncIterator<Entry>;
    const next = () => entries.next().catch((error: unknown) => Promise.reject(wrong(name, error)));
    const { done, value } = await next();
    if (done === true) throw new DataError({ source: name }, 'expected a line of column names');
    const columns = value.record;
    const twice = columns.find((column, i) => columns.indexOf(column) < i);
    if (twice !== undefined) {
      throw new DataError({ source: name, row: 1, isLine: true, column: twice }, 'named twice');
    }
    return {
      columns,
      sparse: false,
      lenient: false,
      records: recordsOf(next, () => parser.destroy()),
    };
  };
}

async function* recordsOf(
  next: () => Promise<IteratorResult<Entry>>,
  close: () => void,
): AsyncGenerator<TextRecord, void, void> {
  try {
    for (;;) {
      const { done, value } = await next();
      if (done === true) return;
      yield { line: value.info.lines, cells: value.record };
    }
  } finally {
    close();
  }
}

/** Passes the text on as fast as it is taken. */
async function feed(parser: Parser, text: AsyncIterable<string>): Promise<void> {
  try {
    for await (const chunk of text) {
      if (parser.destroyed) return;
      if (!parser.write(chunk)) {
        await new Promise<void>((resolve) => {
          parser.once('drain', resolve);
          parser.once('close', resolve);
        });
      }
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

function wrong(name: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const { message, lines } = error as Error & { lines?: number };
  const place = { source: name, ...(lines !== undefined && { row: lines, isLine: true }) };
  return new DataError(place, message, { cause: error });
}
