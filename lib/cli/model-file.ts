/**
 * A model's file as the command line keeps it: the model, the columns of its table,
 * and how its training went.
 */
import { existsSync } from 'node:fs';
import type { StreamKind } from '../streams/kinds';
import { type FitState, fitState } from '../streams/state';
import { type Schema, schemaOf } from './data/schema';
import { usageError } from './errors';
import { loadModel } from './models';
import type { CliTask, CurvePoint } from './tasks/task';

/** How rows went that were learned one by one while the model was serving. */
export interface ServedRows {
  /** State of the metrics, each row predicted before it was learned. */
  metrics: unknown;
}

/** What the command line keeps in a model's `extra`, beside the state of `fit`. */
export interface CliExtra {
  schema: Schema;
  /** What it learned from, for people. */
  source: string;
  curve: readonly CurvePoint[];
  /** How training went, in a model that has learned other rows since, and cannot be resumed. */
  trained?: FitState<StreamKind>;
  served?: ServedRows;
}

export interface LoadedCliModel extends Omit<CliExtra, 'schema'> {
  task: CliTask;
  /** Where a run can go on. */
  fit: FitState<StreamKind> | undefined;
}

/**
 * Loads a model that `gln train` has written.
 *
 * @throws GlnError `ERR_GLN_OPTION` where there is no such file, `ERR_GLN_FORMAT`
 */
export async function loadCliModel(path: string, threads?: number): Promise<LoadedCliModel> {
  if (!existsSync(path)) throw usageError(`--model: expected a file that is there, got ${path}`);
  const options = threads === undefined ? {} : { threads };
  const task = await loadModel(path, options, ({ extra }) => schemaOf(extra, path));
  const { extra } = task.model;
  const { source, curve, trained, served } = (extra as { cli: Partial<CliExtra> }).cli;
  return {
    task,
    source: typeof source === 'string' ? source : '',
    curve: Array.isArray(curve) ? curve : [],
    ...(trained !== undefined && { trained }),
    ...(served !== undefined && { served }),
    fit: fitState({ extra }),
  };
}

/** What goes into the file beside `fit`. */
export function cliExtra(extra: CliExtra): { cli: CliExtra } {
  return { cli: extra };
}
