/**
 * Vowpal Wabbit's text format: `label [importance] ['tag] |namespace[:scale]
 * feature[:value] … |…`. Features are hashed into a fixed number of values, each
 * with a sign that the hash chooses (Weinberger et al., arXiv 0902.2206).
 */
import { hashCategory } from '../../preprocessing/categories';
import { DataError } from '../errors';
import { type Line, linesOf } from './lines';
import type { TextParser, TextRecord } from './text-table';

export const VW_TARGET = 'label';

/**
 * @param name of the source, for messages
 * @param buckets values that features are hashed into
 */
export function vwParser(name: string, buckets: number): TextParser {
  return async (text) => {
    const columns = [VW_TARGET, ...Array.from({ length: buckets }, (_, i) => `hash${i}`)];
    async function* records(): AsyncGenerator<TextRecord, void, void> {
      for await (const line of linesOf(text)) {
        if (line.text.trim() !== '') yield recordOf(name, line, buckets);
      }
    }
    return { columns, sparse: true, lenient: true, records: records() };
  };
}

function recordOf(source: string, { number, text }: Line, buckets: number): TextRecord {
  const place = { source, row: number, isLine: true };
  const [head, ...namespaces] = text.split('|');
  if (namespaces.length === 0) {
    throw new DataError(place, `expected | and features, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  const [label, importance] = head.trim().split(/\s+/);
  if (importance !== undefined && !importance.startsWith("'") && Number(importance) !== 1) {
    throw new DataError(place, `expected no importance but 1, got ${importance}`);
  }
  const cells = new Array<unknown>(buckets + 1).fill(undefined);
  if (label !== '' && !label.startsWith("'")) cells[0] = label;
  for (const namespace of namespaces) {
    // A name stands right behind the bar; after a space there is none.
    const named = /^\S/.test(namespace);
    const words = namespace.trim().split(/\s+/).filter(Boolean);
    const [name = '', scale = '1'] = named ? (words.shift() ?? '').split(':') : [];
    for (const word of words) {
      const [feature, value = '1'] = word.split(':');
      const amount = Number(value) * Number(scale);
      if (Number.isNaN(amount)) {
        throw new DataError(place, `expected feature:value, got ${JSON.stringify(word)}`);
      }
      const hash = hashCategory(`${name}^${feature}`);
      const at = 1 + ((hash >>> 1) % buckets);
      cells[at] = Number(cells[at] ?? 0) + ((hash & 1) === 0 ? amount : -amount);
    }
  }
  return { line: number, cells };
}
