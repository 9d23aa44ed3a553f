/**
 * One network out of several that were trained apart: the mean of their weights.
 *
 * Neurons learn by themselves, each from a loss that is convex in its weights, and
 * with the same gates the weights of one network mean what those of another do: so
 * their mean is sound, as it is for linear models.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../errors';
import { bytesOf, type Tensor, type TensorFile } from '../format/tensors';
import type { Network } from '../network';
import type { ResolvedOptions } from '../options';
import { RowPreparation } from '../row-preparation';
import { decodeModel, encodeModel, type LoadedModel } from '../saving/model';
import type { LoadOptions } from '../saving/options';
import { statisticsLayout } from '../saving/statistics';
import { mergeRows } from './rows';
import { mergeStatistics } from './statistics';

/** Options in which models may differ: those of gates, which are compared themselves, and of learning. */
const MAY_DIFFER: ReadonlySet<string> = new Set<keyof ResolvedOptions>([
  'seed',
  'contextBias',
  'contextBiasScale',
  'gateFeatures',
  'learningRate',
  'layerRates',
  'chaining',
  'inputLimit',
  'threads',
]);

/** Names of the tensors that learning changes; all others are gates, and the options' own. */
const LEARNED = /^layers\.\d+\.(weight_rows|weights|weight_bounds)$|^(mixture|statistics)$/;

/**
 * The mean of networks.
 *
 * @param models the networks, at least one, as a caller passed them.
 * @param networkOf the network of a model; undefined for what is no model.
 * @param weights how much each counts; undefined for the rows that each has learned.
 * @throws GlnError, see {@link GLN.merge}.
 */
export function mergeModels(
  models: readonly unknown[],
  networkOf: (model: unknown) => Network | undefined,
  weights: readonly number[] | undefined,
): LoadedModel {
  const networks = checkedNetworks(models, networkOf);
  const given = weights === undefined ? undefined : checkedWeights(weights, networks.length);
  const [first] = networks;
  networks.forEach((network, i) => {
    checkOptions(first.options, network.options, i);
  });
  const files = networks.map((network) => encodeModel(network, undefined));
  checkGates(files);
  const rowsSeen = files.map(({ metadata }) => Number(metadata.get('gln.rows_seen')));
  const merged = mergeFiles(files, sharesOf(given ?? rowsSeen), first);
  merged.metadata.set('gln.rows_seen', String(summedRows(rowsSeen)));
  return decodeModel(merged, notInFiles(first.options));
}

/** Everything that a network is, of several, as it would be saved. */
function mergeFiles(
  files: readonly TensorFile[],
  shares: readonly number[],
  { options }: Network,
): { metadata: Map<string, string>; tensors: Map<string, Tensor> } {
  const tensors = new Map(files[0].tensors);
  const arraysOf = <Data>(name: string): Data[] =>
    files.map((file) => (file.tensors.get(name) as Tensor).data as Data);
  for (let k = 0; k <= options.layerSizes.length; k++) {
    const at = (part: string) => `layers.${k}.${part}`;
    const [, inputs] = (tensors.get(at('weights')) as Tensor).shape;
    const weights = arraysOf<Float32Array>(at('weights'));
    const bounds = arraysOf<Float32Array>(at('weight_bounds'));
    const rows = mergeRows(
      arraysOf<BigInt64Array>(at('weight_rows')).map((which, i) => ({
        which,
        weights: weights[i],
        bounds: bounds[i],
      })),
      shares,
      { inputs, contexts: 2 ** options.contextMapSize },
    );
    const count = rows.which.length;
    tensors.set(at('weight_rows'), { shape: [count], data: rows.which });
    tensors.set(at('weights'), { shape: [count, inputs], data: rows.weights });
    const { shape } = tensors.get(at('weight_bounds')) as Tensor;
    tensors.set(at('weight_bounds'), { shape, data: rows.bounds });
  }
  const mixture = tensors.get('mixture');
  if (mixture !== undefined) {
    const data = meanOf(arraysOf<Float64Array>('mixture'), shares);
    tensors.set('mixture', { shape: mixture.shape, data });
  }
  const statistics = tensors.get('statistics');
  if (statistics !== undefined) {
    const layout = statisticsLayout(options, new RowPreparation(options));
    const data = mergeStatistics(layout, arraysOf<Float64Array>('statistics'));
    tensors.set('statistics', { shape: statistics.shape, data });
  }
  return { metadata: new Map(files[0].metadata), tensors };
}

/** The mean of distributions is one. */
function meanOf(all: readonly Float64Array[], shares: readonly number[]): Float64Array {
  return all[0].map((_, i) => all.reduce((sum, values, k) => sum + shares[k] * values[i], 0));
}

/** Gates are the same where all their numbers are, however they were made. */
function checkGates(files: readonly TensorFile[]): void {
  for (const [name, { data }] of files[0].tensors) {
    if (LEARNED.test(name)) continue;
    files.forEach(({ tensors }, i) => {
      const other = (tensors.get(name) as Tensor).data;
      if (Buffer.compare(bytesOf(data), bytesOf(other)) === 0) return;
      throw new GlnError(
        'ERR_GLN_OPTION',
        `models[${i}]: expected the gates of models[0] (the same seed gives the same ones), ` +
          `got others in ${name}`,
      );
    });
  }
}

function summedRows(rowsSeen: readonly number[]): number {
  const sum = rowsSeen.reduce((a, b) => a + b, 0);
  if (Number.isSafeInteger(sum)) return sum;
  throw new GlnError('ERR_GLN_VALUE', `models: expected fewer than 2^53 rows seen, got ${sum}`);
}

/** What no file holds, for the merged model. */
function notInFiles({ threads, learningRate, basePredictor }: ResolvedOptions): LoadOptions {
  return {
    threads,
    ...(typeof learningRate === 'function' && { learningRate }),
    ...(typeof basePredictor === 'function' && { basePredictor }),
  };
}

function checkedNetworks(
  models: readonly unknown[],
  networkOf: (model: unknown) => Network | undefined,
): Network[] {
  if (!Array.isArray(models) || models.length === 0) {
    const got = Array.isArray(models) ? 'none' : describe(models);
    throw new GlnError('ERR_GLN_TYPE', `models: expected an array of models, got ${got}`);
  }
  // Holes in the array are no models, either.
  return Array.from(models, (model: unknown, i) => {
    const network = networkOf(model);
    if (network === undefined) {
      throw new GlnError('ERR_GLN_TYPE', `models[${i}]: expected a GLN, got ${describe(model)}`);
    }
    return network;
  });
}

function checkedWeights(weights: unknown, count: number): number[] {
  const isArray =
    Array.isArray(weights) || types.isFloat32Array(weights) || types.isFloat64Array(weights);
  if (!isArray) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `weights: expected an array of numbers, got ${describe(weights)}`,
    );
  }
  const given: unknown[] = Array.from(weights);
  if (given.length !== count) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `weights: expected ${count} weights, one a model, got ${given.length}`,
    );
  }
  const checked = given.map((weight, i) => {
    if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)) return weight;
    throw new GlnError(
      typeof weight === 'number' ? 'ERR_GLN_VALUE' : 'ERR_GLN_TYPE',
      `weights[${i}]: expected a finite number of at least 0, got ${describe(weight)}`,
    );
  });
  if (checked.some((weight) => weight > 0)) return checked;
  throw new GlnError('ERR_GLN_VALUE', 'weights: expected one above 0 at least, got 0 for all');
}

/** Weights as shares of 1; where all are 0, of models that have learned nothing, equal ones. */
function sharesOf(weights: readonly number[]): number[] {
  const largest = Math.max(...weights);
  if (largest === 0) return weights.map(() => 1 / weights.length);
  // Divided before they are added: the sum of large weights may be infinite.
  const scaled = weights.map((weight) => weight / largest);
  const sum = scaled.reduce((a, b) => a + b, 0);
  return scaled.map((weight) => weight / sum);
}

function checkOptions(
  first: Readonly<ResolvedOptions>,
  other: Readonly<ResolvedOptions>,
  index: number,
): void {
  const names = new Set([...Object.keys(first), ...Object.keys(other)]);
  for (const name of names as Set<keyof ResolvedOptions>) {
    if (MAY_DIFFER.has(name) || isSame(first[name], other[name])) continue;
    throw new GlnError(
      'ERR_GLN_OPTION',
      `models[${index}]: expected the ${name} of models[0], ${shown(first[name])}, ` +
        `got ${shown(other[name])}`,
    );
  }
}

/** Options are plain data, but for functions. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === 'function' || typeof other === 'function') return one === other;
  return JSON.stringify(one, plainNumbers) === JSON.stringify(other, plainNumbers);
}

function plainNumbers(_key: string, value: unknown): unknown {
  return types.isFloat32Array(value) ? Array.from(value) : value;
}

function shown(option: unknown): string {
  const json = typeof option === 'object' ? JSON.stringify(option) : undefined;
  return json !== undefined && json.length <= 60 ? json : describe(option);
}
