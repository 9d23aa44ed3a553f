/**
 * Opens what the command line names as data: DuckDB for files, databases and
 * queries, our own readers for standard input and sparse texts.
 */
import type { Readable } from 'node:stream';
import type { CliContext } from '../context';
import { usageError } from '../errors';
import { csvParser } from './csv';
import { openDuckDb } from './duckdb';
import { jsonlParser } from './jsonl';
import { LIBSVM_TARGET, libsvmParser } from './libsvm';
import { type DataFormat, type DataLocation, formatOf, SPARSE_FORMATS } from './relation';
import type { DataSource } from './source';
import { type TextParser, TextTable } from './text-table';
import { VW_TARGET, vwParser } from './vw';
import { contentOf } from './whole-files';

/** What the command line says of data and of how to read it. */
export interface OpenOptions extends DataLocation {
  /** Features of libsvm rows; values that Vowpal Wabbit's are hashed into. */
  features: number | undefined;
}

const DEFAULT_BUCKETS = 256;
/** Rows of a stream that are kept to be looked at, where nobody says. */
const STREAM_SAMPLE_ROWS = 10_000;

const isSparse = (format: string | undefined): boolean =>
  (SPARSE_FORMATS as readonly string[]).includes(format ?? '');

/** What a format calls the target, where it has a name by itself. */
export function defaultTarget({ files, format }: DataLocation): string | undefined {
  const known = format ?? (files.length === 1 && files[0] !== '-' ? formatIfKnown(files[0]) : '');
  if (known === 'libsvm') return LIBSVM_TARGET;
  return known === 'vw' ? VW_TARGET : undefined;
}

function formatIfKnown(file: string): string | undefined {
  try {
    return formatOf(file, undefined);
  } catch {
    return undefined;
  }
}

/** @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_DEPENDENCY`, DataError */
export async function openData(options: OpenOptions, context: CliContext): Promise<DataSource> {
  const { files, sql } = options;
  if (files.includes('-')) {
    if (files.length > 1 || sql !== undefined) {
      throw usageError('data: expected nothing beside - for standard input');
    }
    return openText('standard input', () => context.stdin, false, options, options.format ?? 'csv');
  }
  const [first] = files;
  const sparse = files.filter((file) => isSparse(options.format ?? formatIfKnown(file)));
  if (sparse.length === 0 || sql !== undefined) return openDuckDb(options);
  if (files.length > 1) throw usageError(`data: expected one file of ${sparse[0]}'s format`);
  return openText(first, () => contentOf(first), true, options, formatOf(first, options.format));
}

function openText(
  name: string,
  open: () => Readable,
  reusable: boolean,
  options: OpenOptions,
  told: string,
): DataSource {
  const format = formatOf(name, told);
  return new TextTable({
    ...{ name, reusable },
    parse: parserOf(name, format, options),
    open,
    missing: options.missing,
    sampleRows: options.sampleRows ?? STREAM_SAMPLE_ROWS,
  });
}

function parserOf(name: string, format: DataFormat, options: OpenOptions): TextParser {
  const { features, sampleRows = STREAM_SAMPLE_ROWS } = options;
  switch (format) {
    case 'csv':
    case 'tsv':
      return csvParser(name);
    case 'jsonl':
      return jsonlParser(name);
    case 'libsvm':
      return libsvmParser(name, features, sampleRows);
    case 'vw':
      return vwParser(name, features ?? DEFAULT_BUCKETS);
    default:
      throw usageError(
        `--format: expected csv, tsv, jsonl, libsvm or vw for ${name}, got ${format}`,
      );
  }
}
