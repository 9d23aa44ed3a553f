/**
 * What the first bytes of a file on this machine tell, where DuckDB would guess or
 * take what is no text for text.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors';
import { separatorOf } from './separator';

/** Bytes that the line of names surely fits in. */
const HEAD_BYTES = 2 ** 16;

/** Whether a name may stand for several files, or for one elsewhere. */
export function isPattern(file: string): boolean {
  return /[*?[]|:\/\//.test(file);
}

/** The beginning of a plain file; undefined where it cannot be read as it stands. */
function headOf(file: string): Buffer | undefined {
  if (isPattern(file) || /\.(gz|zst)$/i.test(file)) return undefined;
  try {
    const descriptor = openSync(file, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(descriptor, head));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'EISDIR') {
      throw new DataError({ source: file }, 'expected a file, got a folder', { cause: error });
    }
    // DuckDB will say what is wrong with the file.
    return undefined;
  }
}

/**
 * The separator of a file of CSV. Where one line is wrong DuckDB would rather take
 * another separator for the right one than say so.
 *
 * @throws DataError for a folder
 */
export function separatorOfFile(file: string): string | undefined {
  const head = headOf(file);
  return head === undefined ? undefined : separatorOf(head.toString('utf8'));
}

/**
 * Checks that a file begins as text in UTF-8 does.
 *
 * @throws DataError for an empty file, a folder, UTF-16 and binary data
 */
export function checkText(file: string): void {
  const head = headOf(file);
  if (head === undefined) return;
  if (head.length === 0) throw new DataError({ source: file }, 'expected rows, got an empty file');
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') {
    throw new DataError({ source: file }, 'expected text in UTF-8, got UTF-16');
  }
  const zero = head.indexOf(0);
  if (zero < 0) return;
  const row = head.subarray(0, zero).toString('latin1').split('\n').length;
  const message = 'expected text in UTF-8, got a byte 0, as binary data have';
  throw new DataError({ source: file, row, isLine: true }, message);
}

/** Which kind of database a file is; by its content, since names tell little. */
export function databaseKind(file: string): 'sqlite' | 'duckdb' | undefined {
  const head = headOf(file)?.toString('latin1', 0, 16) ?? '';
  if (head.startsWith('SQLite format 3')) return 'sqlite';
  return head.slice(8, 12) === 'DUCK' ? 'duckdb' : undefined;
}
