/**
 * A model's file as the command line keeps it: the model, the columns of its table,
 * and how its training went.
 */
import { existsSync } from 'node:fs';
import { GLN } from '../gln';
import { type FitState, fitState } from '../streams/state';
import { type Schema, schemaOf } from './data/schema';
import { usageError } from './errors';

/** One point of a learning curve. */
export interface CurvePoint {
  rows: number;
  /** Of all rows so far, each predicted before it was learned. */
  accuracy: number;
  logLoss: number;
  /** Of the latest ones. */
  recentAccuracy: number;
  recentLogLoss: number;
}

/** What the command line keeps in a model's `extra`, beside the state of `fit`. */
export interface CliExtra {
  schema: Schema;
  /** What it learned from, for people. */
  source: string;
  curve: readonly CurvePoint[];
}

export interface LoadedCliModel extends CliExtra {
  model: GLN;
  fit: FitState | undefined;
}

/**
 * Loads a model that `gln train` has written.
 *
 * @throws GlnError `ERR_GLN_OPTION` where there is no such file, `ERR_GLN_FORMAT`
 */
export async function loadCliModel(path: string, threads?: number): Promise<LoadedCliModel> {
  if (!existsSync(path)) throw usageError(`--model: expected a file that is there, got ${path}`);
  const model = await GLN.load(path, threads === undefined ? {} : { threads });
  const schema = schemaOf(model.extra, path);
  const { source, curve } = (model.extra as { cli: Partial<CliExtra> }).cli;
  return {
    ...{ model, schema },
    source: typeof source === 'string' ? source : '',
    curve: Array.isArray(curve) ? curve : [],
    fit: fitState(model),
  };
}

/** What goes into the file beside `fit`. */
export function cliExtra(extra: CliExtra): { cli: CliExtra } {
  return { cli: extra };
}
