/**
 * Flags that several commands share, with their checks: what commander hands over
 * are texts.
 */
import type { Command } from 'commander';
import type { OutputOptions } from './context';
import { defaultTarget, type OpenOptions } from './data/open';
import type { ProfileRequest, SchemaFlags } from './data/profile';
import { TASKS, type Task } from './data/schema';
import { MISSING_TEXTS } from './data/values';
import { usageError } from './errors';
import { type ModelFlags, PRESETS, type PresetChoice } from './models';

/** Reads a whole number. @throws GlnError `ERR_GLN_OPTION` */
export function integer(flag: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} to ${most}`;
    throw usageError(`--${flag}: expected an integer ${range}, got ${JSON.stringify(text)}`);
  };
}

/** Reads a number. @throws GlnError `ERR_GLN_OPTION` */
export function number(flag: string, expected: string, inside: (value: number) => boolean) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (inside(value)) return value;
    throw usageError(`--${flag}: expected a number ${expected}, got ${JSON.stringify(text)}`);
  };
}

/** Names with commas between them; more of the same flag add up. */
function names(text: string, before: string[] | undefined): string[] {
  const given = text.split(',').map((name) => name.trim());
  return [...(before ?? []), ...given.filter((name) => name !== '')];
}

function repeated(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

function choice<Name extends string>(flag: string, known: readonly Name[]) {
  return (text: string): Name => {
    const found = known.find((name) => name === text);
    if (found !== undefined) return found;
    throw usageError(`--${flag}: expected ${known.join(' or ')}, got ${JSON.stringify(text)}`);
  };
}

/** `--json` and `--quiet`. */
export function outputFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout, for programs')
    .option('-q, --quiet', 'no progress and no remarks');
}

export interface DataFlags extends OutputOptions {
  /** Of networks: needs the number of all rows. */
  settle?: boolean;
  sql?: string;
  attach?: string[];
  format?: string;
  missing?: string[];
  features?: number;
  sampleRows?: number;
  shuffle?: number | true;
  skipInvalid?: boolean;
}

/** Flags of every command that reads a table. */
export function dataFlags(command: Command): Command {
  return command
    .argument('[data...]', 'files or globs, or - for standard input')
    .option('--sql <query>', 'a query in place of files')
    .option('--attach <database>', 'SQLite or DuckDB file, or postgres://…, for --sql', repeated)
    .option('--format <name>', 'csv, tsv, jsonl, json, parquet, libsvm or vw')
    .option('--missing <texts>', 'texts that stand for missing values in CSV', names)
    .option('--features <count>', 'features of libsvm rows; buckets of vw', integer('features', 1))
    .option(
      '--sample-rows <count>',
      'rows of text to look at first; default 200000 of files, 10000 of standard input',
      integer('sample-rows', 1),
    )
    .option('--shuffle [seed]', 'rows in a random order (not of standard input)', (text: string) =>
      integer('shuffle', 0, 2 ** 31 - 1)(text),
    )
    .option('--skip-invalid', 'leave out rows that cannot be read, and count them');
}

/** Where the data are. */
export function openOptions(files: readonly string[], flags: DataFlags): OpenOptions {
  return {
    files,
    ...(flags.sql !== undefined && { sql: flags.sql }),
    ...(flags.format !== undefined && { format: flags.format }),
    attach: flags.attach ?? [],
    missing: flags.missing === undefined ? MISSING_TEXTS : ['', ...flags.missing],
    features: flags.features,
    sampleRows: flags.settle === true ? Number.MAX_SAFE_INTEGER : flags.sampleRows,
    skipInvalid: flags.skipInvalid === true,
  };
}

/** The seed of the order of rows, if any. */
export function shuffleSeed({ shuffle }: DataFlags): number | undefined {
  return shuffle === true ? 0 : shuffle;
}

export interface ColumnFlags {
  target?: string;
  weight?: string;
  ignore?: string[];
  categories?: string[];
  numbers?: string[];
  classes?: string[];
  task?: Task;
  oneHot: number;
}

/** Flags that say what columns are. */
export function columnFlags(command: Command): Command {
  return command
    .option('-t, --target <column>', 'the column to predict')
    .option('--weight <column>', 'the column that says how much each row counts')
    .option('--ignore <columns>', 'columns to leave out', names)
    .option('--categories <columns>', 'columns of numbers that are categories', names)
    .option('--numbers <columns>', 'columns of texts that are numbers', names)
    .option('--classes <names>', 'all classes, in order; the second of two is class 1', names)
    .option('--task <name>', 'binary, classes or number; else as the target looks', (text) =>
      choice('task', TASKS)(text),
    )
    .option(
      '--one-hot <count>',
      'most categories of a column that get an input each; more are hashed',
      integer('one-hot', 0, 10_000),
      16,
    );
}

/** What to find out of a table, and what to make of it. */
export function schemaFlags(
  location: OpenOptions,
  flags: ColumnFlags,
): { request: ProfileRequest; schema: SchemaFlags } {
  const target = flags.target ?? defaultTarget(location);
  if (target === undefined) {
    throw usageError('--target: expected the name of the column to predict');
  }
  const { weight, ignore = [], categories = [], numbers = [], classes, task } = flags;
  return {
    request: {
      target,
      targetKnown: classes !== undefined,
      categories,
      ignored: ignore,
      mostOneHot: flags.oneHot,
    },
    schema: { target, weight, ignore, categories, numbers, classes, task },
  };
}

export interface NetworkFlags {
  preset: PresetChoice;
  layers?: number[];
  contexts?: number;
  rate?: number;
  seed?: number;
  threads?: number;
  set?: string[];
  settle?: boolean;
}

function layers(text: string): number[] {
  const size = integer('layers', 1, 2 ** 31 - 1);
  return text.trim() === '' ? [] : text.split(',').map((part) => size(part.trim()));
}

/** Flags that say what network is made. */
export function networkFlags(command: Command): Command {
  return command
    .option(
      '--preset <name>',
      'tabular, for accuracy, or plain, for speed',
      (text) => choice('preset', PRESETS)(text),
      'tabular',
    )
    .option('--layers <sizes>', 'neurons of each layer, such as 32,16', layers)
    .option('--contexts <bits>', 'halfspaces a neuron', integer('contexts', 0, 16))
    .option(
      '--rate <rate>',
      'a constant learning rate',
      number('rate', 'above 0', (x) => x > 0),
    )
    .option('--settle', 'let the rate fall to the last row, where their number is known')
    .option('--seed <seed>', 'seed of the hyperplanes', integer('seed', 0))
    .option('--threads <count>', 'threads that a call may use', integer('threads', 1, 1024))
    .option('--set <option=value>', 'any option of a model, its value as JSON', repeated);
}

/** What model is to be made. @param rows that are known to come */
export function modelFlags(flags: NetworkFlags, rows: number | undefined): ModelFlags {
  const { layers, contexts, rate, seed, threads } = flags;
  if (flags.settle === true && rows === undefined) {
    throw usageError('--settle: expected data that say how many rows they have');
  }
  const options = {
    ...(layers !== undefined && { layerSizes: layers }),
    ...(contexts !== undefined && { contextMapSize: contexts }),
    ...(rate !== undefined && { learningRate: rate }),
    ...(seed !== undefined && { seed }),
    ...(threads !== undefined && { threads }),
    ...Object.fromEntries((flags.set ?? []).map(setting)),
  };
  return { preset: flags.preset, options, rows: flags.settle === true ? rows : undefined };
}

function setting(text: string): [string, unknown] {
  const [, name, json] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw usageError(`--set: expected option=value, got ${JSON.stringify(text)}`);
  }
  try {
    return [name, JSON.parse(json) as unknown];
  } catch {
    // A word without quotes: shells take them away.
    return [name, json];
  }
}

/** The flag that names a model's file. */
export function modelFlag(command: Command): Command {
  return command.option('-m, --model <file>', "the model's file", 'model.safetensors');
}
