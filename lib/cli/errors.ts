/**
 * Errors of the command line, and which exit status each error of the package has.
 */
import { GlnError, type GlnErrorCode } from '../errors';
import { ExitCode } from './exit-codes';

/** The command line is wrong: the name of an argument, what was expected, what came. */
export function usageError(message: string): GlnError {
  return new GlnError('ERR_GLN_OPTION', message);
}

/** Where in the data a value is. */
export interface DataPlace {
  /** A file's name, `standard input`, or `query`. */
  source: string;
  /** From 1; of a text file, its line. */
  row?: number;
  /** Whether `row` counts lines of a file, and not rows of a table. */
  isLine?: boolean;
  column?: string;
}

/** The data are not what they should be. */
export class DataError extends GlnError {
  readonly place: DataPlace;

  constructor(place: DataPlace, message: string, options?: { cause?: unknown }) {
    super('ERR_GLN_SOURCE', `${formatPlace(place)}: ${message}`, options);
    this.name = 'DataError';
    this.place = place;
  }
}

/** A place in words: `clicks.csv, row 12, column "price"`. */
export function formatPlace({ source, row, isLine, column }: DataPlace): string {
  const parts = [source];
  if (row !== undefined) parts.push(`${isLine === true ? 'line' : 'row'} ${row}`);
  if (column !== undefined) parts.push(`column ${JSON.stringify(column)}`);
  return parts.join(', ');
}

const STATUS: { readonly [Code in GlnErrorCode]?: number } = {
  ERR_GLN_OPTION: ExitCode.usage,
  ERR_GLN_SOURCE: ExitCode.data,
  ERR_GLN_FORMAT: ExitCode.data,
  ERR_GLN_DEPENDENCY: ExitCode.dependency,
};

/** The exit status for an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof GlnError ? (STATUS[error.code] ?? ExitCode.failure) : ExitCode.failure;
}

/** The error that people want to read: a run's error says less than its cause. */
export function rootError(error: unknown): unknown {
  if (error instanceof DataError || !(error instanceof Error)) return error;
  return error.cause instanceof DataError ? error.cause : error;
}
