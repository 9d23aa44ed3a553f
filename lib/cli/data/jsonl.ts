/** JSON objects, one a line. */
import { DataError } from '../errors';
import { type Line, linesOf } from './lines';
import type { TextParser, TextRecord } from './text-table';

/** Lines that are looked at for the names of columns. */
const HEAD_LINES = 1000;

/** @param name of the source, for messages */
export function jsonlParser(name: string): TextParser {
  return async (text) => {
    const lines = linesOf(text);
    const head: { line: number; object: Record<string, unknown> }[] = [];
    const columns = new Set<string>();
    while (head.length < HEAD_LINES) {
      const { done, value } = await lines.next();
      if (done === true) break;
      if (value.text.trim() === '') continue;
      const object = objectOf(name, value);
      head.push({ line: value.number, object });
      for (const key of Object.keys(object)) columns.add(key);
    }
    const names = [...columns];
    const record = (line: number, object: Record<string, unknown>): TextRecord => ({
      line,
      cells: names.map((key) => object[key]),
    });
    async function* records(): AsyncGenerator<TextRecord, void, void> {
      for (const { line, object } of head.splice(0)) yield record(line, object);
      for await (const line of lines) {
        if (line.text.trim() !== '') yield record(line.number, objectOf(name, line));
      }
    }
    return { columns: names, sparse: false, lenient: true, records: records() };
  };
}

function objectOf(source: string, { number, text }: Line): Record<string, unknown> {
  const place = { source, row: number, isLine: true };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(place, `expected JSON: ${reason}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DataError(place, `expected an object, got ${text.slice(0, 40)}`);
  }
  return value as Record<string, unknown>;
}
