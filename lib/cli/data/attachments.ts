/**
 * Databases that a query may name: how DuckDB is told of them, and what to do where
 * it has not got what that needs.
 */
import { existsSync } from 'node:fs';
import { GlnError } from '../../errors';
import { DataError, usageError } from '../errors';
import { databaseKind } from './file-head';
import { identifier, quoted } from './sql';

/** A database, with the statement that attaches it. */
export interface Attachment {
  /** For messages: the file, or the address without a password. */
  place: string;
  statement: string;
}

/**
 * @param text a file or an address, or `name=` and one of them
 * @param number how many were attached before
 * @throws GlnError `ERR_GLN_OPTION` for a file that is not there, DataError for one that
 *   is no database
 */
export function attachment(text: string, number: number): Attachment {
  const [, name = `db${number === 0 ? '' : number}`, place = text] =
    /^(?:([A-Za-z_]\w*)=)?(.*)$/s.exec(text) ?? [];
  return {
    place: withoutPassword(place),
    statement: `ATTACH ${quoted(place)} AS ${identifier(name)} (TYPE ${kindOf(place)}, READ_ONLY)`,
  };
}

function kindOf(place: string): string {
  if (/^postgres(ql)?:/.test(place) || /\bdbname=/.test(place)) return 'postgres';
  // DuckDB's own, and elsewhere.
  if (place.includes('://')) return 'duckdb';
  if (!existsSync(place)) {
    throw usageError(`--attach: expected a database, got no file at ${JSON.stringify(place)}`);
  }
  const kind = databaseKind(place);
  if (kind !== undefined) return kind;
  const expected = 'expected a database of SQLite or DuckDB, or the address of one of Postgres';
  throw new DataError({ source: place }, expected);
}

/** What went wrong with an attachment, in words that say what to do. */
export function attachmentError(place: string, cause: unknown): GlnError {
  const message = withoutPassword(cause instanceof Error ? cause.message : String(cause));
  const extension = /(?:download|install|load|find) extension "?(\w+)/i.exec(message)?.[1];
  if (extension === undefined) {
    const [first] = message.replace(/^(Error: )+/, '').split('\n');
    return new DataError({ source: place }, first, { cause });
  }
  const folder = /\/(v[\d.]+\/\w+)\//.exec(message)?.[1] ?? '<version>/<platform>';
  return new GlnError(
    'ERR_GLN_DEPENDENCY',
    `--attach: expected DuckDB's extension ${extension} for ${place}, which is not on this ` +
      'machine and could not be fetched from extensions.duckdb.org. Run the same once where ' +
      `that can be reached, or bring the file to ~/.duckdb/extensions/${folder}/` +
      `${extension}.duckdb_extension; or export the table as CSV or Parquet`,
    { cause },
  );
}

/** An address is shown in messages and logs. */
function withoutPassword(text: string): string {
  return text
    .replace(/(:\/\/[^\s:@/]*):[^\s@]*@/g, '$1:…@')
    .replace(/(\bpassword=)('[^']*'|\S+)/gi, '$1…');
}
