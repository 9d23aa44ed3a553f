/**
 * What DuckDB is to read, as SQL: files, a table of an attached database, or a query.
 */
import { usageError } from '../errors';
import { type Attachment, attachment } from './attachments';
import { separatorOfFile } from './file-head';
import { quoted } from './sql';

/** What the command line says of where the data are. */
export interface DataLocation {
  /** Files, globs, or `-` for standard input. */
  files: readonly string[];
  /** A query, in place of files. */
  sql?: string;
  /** Databases to attach: `file`, or `name=file`; SQLite, DuckDB, or postgres://…. */
  attach: readonly string[];
  /** In place of what the file's name says. */
  format?: string;
  /** Texts that stand for missing values in CSV. */
  missing: readonly string[];
  /** Whether lines of CSV that are none are left out. */
  skipInvalid: boolean;
  /** Rows of text that are looked at before any is learned. */
  sampleRows: number | undefined;
}

/** Formats that DuckDB reads. */
export const TABLE_FORMATS = ['csv', 'tsv', 'jsonl', 'json', 'parquet'] as const;
/** Formats that are ours to read. */
export const SPARSE_FORMATS = ['libsvm', 'vw'] as const;
export type DataFormat = (typeof TABLE_FORMATS)[number] | (typeof SPARSE_FORMATS)[number];

const ENDINGS: Readonly<Record<string, DataFormat>> = {
  csv: 'csv',
  txt: 'csv',
  data: 'csv',
  tsv: 'tsv',
  parquet: 'parquet',
  pq: 'parquet',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  libsvm: 'libsvm',
  svmlight: 'libsvm',
  svm: 'libsvm',
  vw: 'vw',
};

/** The format that is told, or that a file's name tells. @throws GlnError `ERR_GLN_OPTION` */
export function formatOf(file: string, told: string | undefined): DataFormat {
  const known: readonly string[] = [...TABLE_FORMATS, ...SPARSE_FORMATS];
  if (told !== undefined) {
    if (known.includes(told)) return told as DataFormat;
    throw usageError(`--format: expected one of ${known.join(', ')}, got ${JSON.stringify(told)}`);
  }
  const ending = file
    .replace(/\.(gz|zst)$/i, '')
    .split('.')
    .pop();
  const format = ENDINGS[(ending ?? '').toLowerCase()];
  if (format !== undefined) return format;
  throw usageError(
    `${file}: expected a name that tells the format, or --format (${known.join(', ')})`,
  );
}

/** What to attach first, and what then stands after FROM. */
export interface Relation {
  name: string;
  attachments: readonly Attachment[];
  /** Names or patterns of files; none of a query. */
  files: readonly string[];
  format: DataFormat | undefined;
  /**
   * @param fileColumn whether rows carry the file they are from, as `gln_file`
   * @param rejects whether lines that are none are left out, and noted by DuckDB
   */
  from(fileColumn: boolean, rejects?: boolean): string;
  /** Whether there can be lines that are none. */
  hasLines: boolean;
  /** Whether it is text, and slow to read. */
  isText: boolean;
  /** Whether there are files to be named in messages. */
  named: boolean;
}

/** Yes and no stay what they are called: they may be classes. */
const CSV_TYPES = "['NULL', 'BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']";

function reader(
  format: DataFormat,
  { files, missing }: DataLocation,
  fileColumn: boolean,
  rejects: boolean,
): string {
  const filename = `filename = ${fileColumn ? "'gln_file'" : 'false'}`;
  const list = `[${files.map(quoted).join(', ')}]`;
  switch (format) {
    case 'csv':
    case 'tsv': {
      const separator = format === 'tsv' ? '\t' : separatorOfFile(files[0]);
      const settings = [
        `nullstr = [${missing.map(quoted).join(', ')}]`,
        `auto_type_candidates = ${CSV_TYPES}`,
        ...(separator === undefined ? [] : [`delim = ${quoted(separator)}`]),
        ...(rejects ? ['store_rejects = true'] : []),
        filename,
      ];
      return `read_csv(${list}, ${settings.join(', ')})`;
    }
    case 'jsonl':
      return `read_json(${list}, format = 'newline_delimited', ${filename})`;
    case 'json':
      return `read_json(${list}, ${filename})`;
    default:
      return `read_parquet(${list}, ${filename})`;
  }
}

/**
 * The relation of a location that is not standard input.
 *
 * @throws GlnError `ERR_GLN_OPTION`
 */
export function relationOf(location: DataLocation): Relation {
  const { files, sql, attach, format, skipInvalid } = location;
  const attachments = attach.map(attachment);
  if (sql !== undefined) {
    if (files.length > 0) throw usageError('--sql: expected no files beside a query');
    const query = sql.trim().replace(/;+$/, '');
    return {
      name: 'query',
      attachments,
      files: [],
      format: undefined,
      from: () => `(${query}\n)`,
      named: false,
      hasLines: false,
      isText: false,
    };
  }
  if (files.length === 0) throw usageError('data: expected files, - for standard input, or --sql');
  const formats = new Set(files.map((file) => formatOf(file, format)));
  const [first, ...others] = formats;
  if (others.length > 0) {
    throw usageError(`data: expected files of one format, got ${[...formats].join(' and ')}`);
  }
  const name = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`;
  const from: Relation['from'] = (fileColumn, rejects = skipInvalid) =>
    reader(first, location, fileColumn, rejects);
  const hasLines = first === 'csv' || first === 'tsv';
  const isText = first !== 'parquet';
  return { name, attachments, files, format: first, from, named: true, hasLines, isText };
}
