/**
 * What DuckDB does not say of files: that a compressed one ends in the middle, and
 * which line of JSON is none.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../errors';

/** The content of a file, decompressed where its name says so. */
export function contentOf(file: string): Readable {
  const stream = createReadStream(file);
  if (!/\.gz$/i.test(file)) return stream;
  const unzipped = createGunzip();
  stream.on('error', (error) => unzipped.destroy(error));
  unzipped.on('close', () => stream.destroy());
  return stream.pipe(unzipped);
}

/**
 * Goes through compressed files to their ends.
 *
 * @throws DataError for the first that is not whole; nothing after an abort
 */
export async function checkWhole(files: readonly string[], signal: AbortSignal): Promise<void> {
  for (const file of files) {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    try {
      await pipeline(contentOf(file), nowhere, { signal });
    } catch (cause) {
      if (signal.aborted) return;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError({ source: file }, `expected a whole compressed file: ${reason}`, {
        cause,
      });
    }
  }
}

/** The first line of a file that is no JSON, from 1; undefined where all are. */
export async function lineWithoutJson(file: string): Promise<number | undefined> {
  const content = contentOf(file);
  let number = 0;
  try {
    for await (const line of createInterface({
      input: content,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (line.trim() !== '' && !isJson(line)) return number;
    }
  } finally {
    content.destroy();
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
