/**
 * A model's options as a file holds them: JSON, with the numbers of fixed maps as
 * tensors beside it.
 */
import { checkKeys } from '../calls';
import { describe, GlnError } from '../errors';
import type { Tensor } from '../format/tensors';
import type { GLNOptions, ResolvedOptions } from '../options';
import { resolveOptions } from '../options';
import type { PreprocessingStage } from '../preprocessing/stages';
import { type TensorReader, wrong } from './tensor-reader';

/** Options of {@link GLN.save}. */
export interface SaveOptions {
  /** Anything that JSON can hold, to be kept beside the model. */
  extra?: unknown;
  /** Stops the writing; the old file, if any, stays. */
  signal?: AbortSignal;
}

/** What may be given anew when a model is loaded. */
export interface LoadOptions {
  /** Default: as many as the processor has, as in a new model. */
  threads?: number;
  /** Needed where the saved model's rate was a function; else another rate from here on. */
  learningRate?: GLNOptions['learningRate'];
  /** Needed, the same as before, where the saved model's was a function; else refused. */
  basePredictor?: Extract<GLNOptions['basePredictor'], (...args: never[]) => unknown>;
}

const LOAD_KEYS = new Set(['threads', 'learningRate', 'basePredictor']);

/**
 * What was given, copied.
 *
 * @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_OPTION` for options that are not known.
 */
export function checkedLoadOptions(options: LoadOptions): LoadOptions {
  checkKeys(options, LOAD_KEYS);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** What stands for a function, which no file can hold. */
export const FUNCTION = 'function';
const FUNCTIONS = ['learningRate', 'basePredictor'] as const;

/** The two options that can be lists of stages. */
const STAGE_LISTS = ['basePredictor', 'sideInfo'] as const;

/** More than options may have; hostile files must not use up the stack. */
const DEEPEST_BRANCHES = 32;

/** Options as JSON; arrays of numbers go to `tensors`. */
export function encodeOptions(
  options: Readonly<ResolvedOptions>,
  tensors: Map<string, Tensor>,
): string {
  // How many threads there should be is the machine's matter, not the model's.
  const { threads: _, ...plain } = options;
  const encoded: { [key: string]: unknown } = { ...plain };
  for (const name of FUNCTIONS) {
    if (typeof options[name] === 'function') encoded[name] = { type: FUNCTION };
  }
  for (const list of STAGE_LISTS) {
    const stages = options[list];
    if (Array.isArray(stages)) encoded[list] = encodeStages(stages, `options.${list}`, tensors);
  }
  return JSON.stringify(encoded);
}

/** Stages as JSON; the numbers of fixed maps go to `tensors`. */
export function encodeStages(
  stages: readonly PreprocessingStage[],
  at: string,
  tensors: Map<string, Tensor>,
): unknown[] {
  return stages.map((stage, i) => {
    if (stage.type === 'branches') {
      const branches = stage.branches.map((branch, k) =>
        encodeStages(branch, `${at}.${i}.${k}`, tensors),
      );
      return { type: stage.type, branches };
    }
    if (stage.type !== 'linear') return stage;
    const offsets = Float32Array.from(stage.offsets ?? []);
    const matrix = Float32Array.from(stage.matrix);
    const shape = [matrix.length / offsets.length, offsets.length];
    tensors.set(`${at}.${i}.matrix`, { shape, data: matrix });
    tensors.set(`${at}.${i}.offsets`, { shape: [offsets.length], data: offsets });
    return { type: stage.type };
  });
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stages with their tensors back; what is no stage stays, for the options' checks to refuse. */
export function decodeStages(
  stages: readonly unknown[],
  at: string,
  tensors: TensorReader,
  depth = DEEPEST_BRANCHES,
): unknown[] {
  return stages.map((stage, i) => {
    if (!isObject(stage)) return stage;
    if (stage.type === 'branches' && Array.isArray(stage.branches) && depth > 0) {
      const branches = stage.branches.map((branch: unknown, k) =>
        Array.isArray(branch)
          ? decodeStages(branch, `${at}.${i}.${k}`, tensors, depth - 1)
          : branch,
      );
      return { ...stage, branches };
    }
    // Where it is left out it stands for all columns, of which there may be any number.
    if (stage.type === 'impute' && !Array.isArray(stage.indicators)) {
      throw wrong(`gln.options: ${at}.${i}.indicators: expected an array of column numbers`);
    }
    if (stage.type !== 'linear') return stage;
    if ('matrix' in stage || 'offsets' in stage) {
      throw wrong(`gln.options: ${at}.${i}: expected matrix and offsets as tensors alone`);
    }
    const offsets = tensors.takeFinite(`${at}.${i}.offsets`, [undefined]);
    const matrix = tensors.takeFinite(`${at}.${i}.matrix`, [undefined, offsets.length]);
    return { ...stage, matrix, offsets };
  });
}

/** The options of a file as an object. @throws GlnError `ERR_GLN_FORMAT` */
export function parseOptions(json: string): { [key: string]: unknown } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw wrong('gln.options: expected JSON', cause);
  }
  if (!isObject(parsed)) {
    throw wrong(`gln.options: expected an object, got ${describe(parsed)}`);
  }
  if ('threads' in parsed) throw wrong('gln.options: expected no threads');
  return parsed;
}

function isFunction(value: unknown): boolean {
  return isObject(value) && value.type === FUNCTION && Object.keys(value).length === 1;
}

/**
 * Takes out what stands for a function.
 *
 * @throws GlnError `ERR_GLN_OPTION` where it is not given again.
 */
export function takeFunction(
  options: { [key: string]: unknown },
  name: string,
  given: unknown,
): void {
  if (!isFunction(options[name])) return;
  if (given === undefined) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected it to be given again: the model was saved with a function, ` +
        'which a file cannot hold',
    );
  }
  delete options[name];
}

/** Takes out what stands for functions, and sees to it that they are given. */
function takeFunctions(options: { [key: string]: unknown }, given: LoadOptions): void {
  if (given.basePredictor !== undefined) {
    if (!isFunction(options.basePredictor)) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `basePredictor: expected none, as the file says what it is, got ${describe(given.basePredictor)}`,
      );
    }
    if (typeof given.basePredictor !== 'function') {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `basePredictor: expected a function, as before, got ${describe(given.basePredictor)}`,
      );
    }
  }
  for (const name of FUNCTIONS) takeFunction(options, name, given[name]);
}

/**
 * The options of a file, checked as a caller's are.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for what no model wrote, `ERR_GLN_OPTION` where
 *   a function must be given anew, or what is given is wrong.
 */
export function decodeOptions(
  json: string,
  tensors: TensorReader,
  given: LoadOptions,
): Readonly<ResolvedOptions> {
  const options = parseOptions(json);
  for (const list of STAGE_LISTS) {
    const stages = options[list];
    if (!Array.isArray(stages)) continue;
    options[list] = decodeStages(stages, `options.${list}`, tensors);
  }
  takeFunctions(options, given);
  let resolved: Readonly<ResolvedOptions>;
  try {
    resolved = resolveOptions(options as unknown as GLNOptions);
  } catch (cause) {
    throw wrong(`gln.options: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  return resolveOptions({ ...resolved, ...given });
}
