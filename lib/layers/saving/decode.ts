/**
 * A model of layers from a file that may hold anything: its texts and the shapes
 * of its tensors are checked against each other before any number is taken over.
 */
import { checkKeys } from '../../calls';
import { describe, GlnError } from '../../errors';
import type { TensorFile } from '../../format/tensors';
import { decodeExtra } from '../../saving/extra';
import { TensorReader, wrong } from '../../saving/tensor-reader';
import { checkedSeed } from '../core/seeds';
import type { Structure } from '../core/structure';
import type { LayeredModel } from '../layered-model';
import type { LayeredModelOptions } from '../model-options';
import type { CompileOptions } from '../training/compiled';
import { type CrossentropyOptions, resolveLoss } from '../training/losses';
import { resolveOptimizer } from '../training/optimizers';
import type { ModelConfig } from './config';
import { dropoutsOf, FORMAT, KIND } from './encode';

/** What may be given anew when a model of layers is loaded. */
export interface LoadLayersOptions {
  /** Default: as many as the processor has, as in a new model. */
  threads?: number;
}

/** How models of each class are made again. */
export type Makers = {
  readonly [className: string]: (config: ModelConfig, options: LayeredModelOptions) => LayeredModel;
};

const LOAD_KEYS: ReadonlySet<string> = new Set<keyof LoadLayersOptions>(['threads']);
const KNOWN_TEXTS = new Set([
  'gln.format',
  'gln.model',
  'gln.config',
  'gln.state',
  'gln.training',
  'gln.extra',
  'gln.checksum',
]);

type Fields = { [name: string]: unknown };

function textOf({ metadata }: TensorFile, key: string): string {
  const text = metadata.get(key);
  if (text === undefined) throw wrong(`text ${describe(key)}: expected, but is not there`);
  return text;
}

function fieldsOf(name: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(`${name}: expected an object, got ${describe(value)}`);
}

function parsed(file: TensorFile, key: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(textOf(file, key));
  } catch (cause) {
    if (cause instanceof GlnError) throw cause;
    throw wrong(`${key}: expected JSON`, cause);
  }
  return fieldsOf(key, value);
}

function listOf(name: string, value: unknown, length: number): unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw wrong(`${name}: expected an array of ${length}, got ${describe(value)}`);
}

function countOf(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(`${name}: expected an integer from 0 to 2^53 - 1, got ${describe(value)}`);
}

/** What a caller's mistake would be is the file's here. */
function ofFile<Result>(key: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof GlnError) || cause.code === 'ERR_GLN_FORMAT') throw cause;
    if (cause.code === 'ERR_GLN_MEMORY' || cause.code === 'ERR_GLN_ADDON') throw cause;
    throw wrong(`${key}: ${cause.message}`, cause);
  }
}

/**
 * The model of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no such model wrote;
 *   `ERR_GLN_OPTION` for what is given anew; `ERR_GLN_MEMORY`
 */
export function restoreLayeredModel<Outputs extends Structure>(
  file: TensorFile,
  options: LoadLayersOptions,
  makers: Makers,
): LayeredModel<Outputs> {
  checkKeys(options, LOAD_KEYS);
  checkTexts(file);
  const { className, config } = parsed(file, 'gln.config');
  const state = parsed(file, 'gln.state');
  const training = file.metadata.has('gln.training') ? parsed(file, 'gln.training') : undefined;
  const extra = decodeExtra(file.metadata.get('gln.extra'));
  const make = Object.hasOwn(makers, String(className)) ? makers[String(className)] : undefined;
  if (make === undefined) {
    const known = Object.keys(makers).join(' or ');
    throw wrong(`gln.config: expected a ${known}, got ${describe(className)}`);
  }
  const described = fieldsOf('gln.config', config);
  const model = ofFile('gln.config', () => {
    const made = make(described, options.threads === undefined ? {} : { threads: options.threads });
    made.network();
    return made;
  });
  const tensors = new TensorReader(file);
  const adopt = [weightsOf(model, tensors), stateOf(model, state)];
  if (training !== undefined) adopt.push(trainingOf(model, training, tensors));
  tensors.finish();
  for (const each of adopt) each();
  model.restoreExtra(extra);
  return model as LayeredModel<Outputs>;
}

function checkTexts(file: TensorFile): void {
  for (const [key, expected] of [
    ['gln.format', FORMAT],
    ['gln.model', KIND],
  ]) {
    const text = textOf(file, key);
    if (text !== expected) {
      throw wrong(`${key}: expected ${describe(expected)}, got ${describe(text)}`);
    }
  }
  for (const key of file.metadata.keys()) {
    if (!KNOWN_TEXTS.has(key)) throw wrong(`text ${describe(key)}: not known in a model's file`);
  }
}

/** What is still to be done when everything is known to be right. */
type Adopt = () => void;

function weightsOf(model: LayeredModel, tensors: TensorReader): Adopt {
  const found = [...model.weights].map(
    ([path, weight]) => [weight, tensors.takeFinite(`weights/${path}`, weight.shape)] as const,
  );
  return () => {
    for (const [weight, values] of found) weight.adopt(own(values));
  };
}

/** Memory of its own: arrays may be views of the bytes that were read, which are the caller's. */
function own(values: Float32Array): Float32Array {
  return values.slice();
}

function stateOf(model: LayeredModel, state: Fields): Adopt {
  const seeds = listOf('gln.state: seeds', state.seeds, model.layers.length);
  const draws = fieldsOf('gln.state: draws', state.draws);
  const dropouts = new Map(dropoutsOf(model.layers.map((layer) => [layer.name, layer] as const)));
  for (const path of Object.keys(draws)) {
    countOf(`gln.state: draws: ${path}`, draws[path]);
    if (!dropouts.has(path)) throw wrong(`gln.state: draws: no dropout at ${describe(path)}`);
  }
  const epochsBegun = countOf('gln.state: epochsBegun', state.epochsBegun);
  const [seed, ...ofLayers] = ofFile('gln.state', () =>
    [state.seed, ...seeds].map((each) => checkedSeed('seed', each)),
  );
  return () => {
    Object.assign(model.state, { seed, epochsBegun });
    for (const [i, layer] of model.layers.entries()) layer.reseed(ofLayers[i]);
    for (const [path, dropout] of dropouts) dropout.draws = Number(draws[path] ?? 0);
  };
}

function trainingOf(model: LayeredModel, training: Fields, tensors: TensorReader): Adopt {
  const { name, config, iterations } = fieldsOf('gln.training: optimizer', training.optimizer);
  const goals = listOf('gln.training: goals', training.goals, model.outputNames.length);
  const optimizer = ofFile('gln.training: optimizer', () =>
    resolveOptimizer(String(name), fieldsOf('gln.training: optimizer', config)),
  );
  optimizer.iterations = countOf('gln.training: iterations', iterations);
  ofFile('gln.training', () => model.compile({ optimizer, ...goalsOf(model.outputNames, goals) }));
  const found = [...model.weights].flatMap(([path, weight]) => {
    const names = optimizer.slotNames.map((slot) => `optimizer/${slot}/${path}`);
    if (!names.some((each) => tensors.has(each))) return [];
    return [[weight, names.map((each) => tensors.takeFinite(each, weight.shape))] as const];
  });
  return () => {
    for (const [weight, slots] of found) optimizer.adoptSlots(weight, slots.map(own));
  };
}

/** What `compile` takes, by the names of outputs. */
function goalsOf(
  names: readonly string[],
  goals: readonly unknown[],
): Pick<CompileOptions, 'loss' | 'lossWeights' | 'metrics'> {
  const entries = goals
    .map((goal, i) => [names[i], goal] as const)
    .filter(([, goal]) => goal !== null);
  const fields = entries.map(
    ([name, goal]) => [name, fieldsOf('gln.training: goal', goal)] as const,
  );
  const each = (pick: (goal: Fields) => unknown) =>
    Object.fromEntries(fields.map(([name, goal]) => [name, pick(goal)]));
  return {
    loss: each(({ loss }) => {
      const { name, config } = fieldsOf('gln.training: loss', loss);
      const options = fieldsOf('gln.training: loss', config) as CrossentropyOptions;
      return resolveLoss('loss', String(name), options);
    }),
    lossWeights: each(({ weight }) => weight),
    metrics: each(({ metrics }) => metrics),
  } as Pick<CompileOptions, 'loss' | 'lossWeights' | 'metrics'>;
}
