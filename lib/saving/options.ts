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

/** What all models take that learn at a rate: what else is in a file is fixed. */
export type RateLoadOptions = Pick<LoadOptions, 'threads' | 'learningRate'>;

const LOAD_KEYS = new Set(['threads', 'learningRate', 'basePredictor']);
const RATE_LOAD_KEYS = new Set(['threads', 'learningRate']);

/**
 * What was given, copied.
 *
 * @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_OPTION` for options that are not known.
 */
export function givenOptions<Options extends object>(
  options: Options,
  known: ReadonlySet<string>,
): Options {
  checkKeys(options, known);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Options;
}

/** The same of {@link LoadOptions}. */
export function checkedLoadOptions(options: LoadOptions): LoadOptions {
  return givenOptions(options, LOAD_KEYS);
}

/** The same of {@link RateLoadOptions}. */
export function checkedRateLoadOptions(options: RateLoadOptions): RateLoadOptions {
  return givenOptions(options, RATE_LOAD_KEYS);
}

/** The two options that can be lists of stages. */
const STAGE_LISTS = ['basePredictor', 'sideInfo'] as const;

/** More than is taken of a caller; hostile files must not use up the stack. */
const DEEPEST_BRANCHES = 32;

/** Options that JSON can hold, but for lists of stages. */
export function plainOptions(options: object): { [key: string]: unknown } {
  const plain: { [key: string]: unknown } = {};
  for (const [name, value] of Object.entries(options)) {
    // How many threads there should be is the machine's matter, not the model's.
    if (name === 'threads') continue;
    plain[name] = typeof value === 'function' ? FUNCTION_MARK : value;
  }
  return plain;
}

/** Options as JSON; arrays of numbers go to `tensors`. */
export function encodeOptions(
  options: Readonly<ResolvedOptions>,
  tensors: Map<string, Tensor>,
): string {
  const encoded = plainOptions(options);
  for (const list of STAGE_LISTS) {
    const stages = options[list];
    if (Array.isArray(stages)) encoded[list] = encodeStages(stages, `options.${list}`, tensors);
  }
  return JSON.stringify(encoded);
}

/** Stages as JSON can hold them; the arrays of fixed maps go to `tensors`, below `at`. */
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

/** Stages with their tensors back; what is no stage stays, to be refused with the options. */
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

/** @throws GlnError `ERR_GLN_FORMAT` for what is no object of options */
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

/** What a function is written as. */
export const FUNCTION_MARK: Readonly<{ type: string }> = Object.freeze({ type: 'function' });

/**
 * Takes out what stands for a function, and sees to it that one is given instead.
 *
 * @returns whether there was such.
 */
export function takeFunction(
  options: { [key: string]: unknown },
  name: string,
  given: unknown,
): boolean {
  const value = options[name];
  const marked =
    isObject(value) && value.type === FUNCTION_MARK.type && Object.keys(value).length === 1;
  if (!marked) return false;
  if (given === undefined) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected it to be given again: the model was saved with a function, ` +
        'which a file cannot hold',
    );
  }
  delete options[name];
  return true;
}

/** The same for both options that can be functions. */
function takeFunctions(options: { [key: string]: unknown }, given: LoadOptions): void {
  const { basePredictor } = given;
  if (basePredictor !== undefined && typeof basePredictor !== 'function') {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `basePredictor: expected a function, as before, got ${describe(basePredictor)}`,
    );
  }
  takeFunction(options, 'learningRate', given.learningRate);
  if (!takeFunction(options, 'basePredictor', basePredictor) && basePredictor !== undefined) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `basePredictor: expected none, as the file says what it is, got ${describe(basePredictor)}`,
    );
  }
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
  return resolveSaved(options, given, (all) => resolveOptions(all as GLNOptions));
}

/**
 * The options of a file, and what is given anew in their place.
 *
 * @param resolve checks options and fills in defaults.
 * @throws GlnError `ERR_GLN_FORMAT` for what is wrong with the file's; what `resolve`
 *   throws for what is wrong with those given, or for want of memory.
 */
export function resolveSaved<Resolved extends object>(
  saved: object,
  given: object,
  resolve: (options: object) => Resolved,
): Resolved {
  let resolved: Resolved;
  try {
    resolved = resolve(saved);
  } catch (cause) {
    if (cause instanceof GlnError && cause.code === 'ERR_GLN_MEMORY') throw cause;
    throw wrong(`gln.options: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  return resolve({ ...resolved, ...given });
}

/** @throws GlnError `ERR_GLN_FORMAT` for more layers than a file with so few tensors can hold */
export function checkLayers(layerSizes: readonly number[], tensors: TensorReader): void {
  if (layerSizes.length < tensors.count) return;
  throw wrong(
    `gln.options: layerSizes: expected fewer layers than the ${tensors.count} tensors, ` +
      `got ${layerSizes.length}`,
  );
}
