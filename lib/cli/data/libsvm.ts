/**
 * libsvm's text format: `label index:value index:value …`, a row a line, features
 * numbered from 1, those not named 0; `#` begins a comment.
 */
import { DataError } from '../errors';
import { type Line, linesOf } from './lines';
import type { TextParser, TextRecord } from './text-table';

export const LIBSVM_TARGET = 'label';
/** A row is kept whole in memory, zeros included. */
const MOST_FEATURES = 1_000_000;

interface Parsed {
  line: number;
  label: string;
  /** Pairs of a feature's number and its value. */
  features: readonly (readonly [number, number])[];
}

/**
 * @param name of the source, for messages
 * @param features how many there are; undefined: as many as the first rows have
 */
export function libsvmParser(
  name: string,
  features: number | undefined,
  sampleRows: number,
): TextParser {
  return async (text) => {
    const lines = linesOf(text);
    const head: Parsed[] = [];
    while (features === undefined && head.length < sampleRows) {
      const { done, value } = await lines.next();
      if (done === true) break;
      const parsed = parseLine(name, value);
      if (parsed !== undefined) head.push(parsed);
    }
    const count =
      features ?? Math.max(1, ...head.flatMap((row) => row.features.map(([index]) => index)));
    const columns = [LIBSVM_TARGET, ...Array.from({ length: count }, (_, i) => String(i + 1))];
    async function* records(): AsyncGenerator<TextRecord, void, void> {
      for (const parsed of head.splice(0)) yield record(name, parsed, count);
      for await (const line of lines) {
        const parsed = parseLine(name, line);
        if (parsed !== undefined) yield record(name, parsed, count);
      }
    }
    return { columns, sparse: true, lenient: true, records: records() };
  };
}

function record(source: string, { line, label, features }: Parsed, count: number): TextRecord {
  const cells = new Array<unknown>(count + 1).fill(undefined);
  cells[0] = label;
  for (const [index, value] of features) {
    if (index > count) {
      const message = `expected features 1 to ${count}, got ${index}; tell how many by --features`;
      throw new DataError({ source, row: line, isLine: true }, message);
    }
    cells[index] = value;
  }
  return { line, cells };
}

function parseLine(source: string, { number, text }: Line): Parsed | undefined {
  const [content] = text.split('#', 1);
  const [label, ...pairs] = content.trim().split(/\s+/);
  if (label === '') return undefined;
  const place = { source, row: number, isLine: true };
  if (label.includes(':')) {
    throw new DataError(place, `expected a label first, got ${JSON.stringify(label)}`);
  }
  const features = pairs
    .filter((pair) => !pair.startsWith('qid:'))
    .map((pair): readonly [number, number] => {
      const [index, value] = pair.split(':');
      const feature = Number(index);
      const amount = value === undefined || value === '' ? Number.NaN : Number(value);
      const known = Number.isInteger(feature) && feature >= 1 && feature <= MOST_FEATURES;
      if (!known || Number.isNaN(amount)) {
        const message =
          `expected index:value with an index from 1 to ${MOST_FEATURES}, ` +
          `got ${JSON.stringify(pair)}`;
        throw new DataError(place, message);
      }
      return [feature, amount];
    });
  return { line: number, label, features };
}
