/**
 * The options of a GLN: defaults, ranges, and messages when they are wrong.
 */
import {
  checkedChoice,
  checkedFlag,
  checkedInteger,
  checkedOptions,
  checkedRange,
  fail,
} from './checks';
import { resolvePreprocessing } from './preprocessing/resolve';
import type { Preprocessing } from './preprocessing/stages';
import type { LearningRate } from './schedules';
import {
  contextBiasScale,
  contextMapSize,
  inputLimit,
  LARGEST_SIZE,
  layerRates,
  layerSizes,
  learningRate,
  or,
  predClipping,
  refuseBeyondMemory,
  seed,
  threads,
} from './shared-options';

/**
 * Named base predictors: how a row becomes the predictions that layer 0 mixes.
 *
 * - `minMax`: p = (x - min) / (max - min) over the row; a constant row gives 1/2.
 * - `probabilities`: the values are probabilities themselves (values outside
 *   [0, 1] are clipped).
 * - `logits`: the values are logits and are mixed as they are, without clipping
 *   to `predClipping` (magnitudes above 10^6 are cut there).
 */
export type BasePredictorName = 'minMax' | 'probabilities' | 'logits';

/**
 * A base predictor of one's own: from one row to any fixed number of
 * probabilities. Called in JavaScript for every row; it must not change the row.
 */
export type BasePredictor = (row: Float32Array) => ArrayLike<number>;

/** Options of {@link GLN}. Names are PyGLN's, in camelCase. */
export interface GLNOptions {
  /** Values a row; an integer of at least 1. */
  inputSize: number;
  /** Neurons of each layer but the last, which has one and is implicit. May be empty. */
  layerSizes: readonly number[];
  /** Classes; above 2 each class gets a binary network of its own. Default 2. */
  numClasses?: number;
  /** Halfspaces a neuron, K: 2^K weight rows. 0 to 16; 0 means no gating. Default 4. */
  contextMapSize?: number;
  /** Whether every layer's inputs gain a constant prediction of e / (1 + e). Default true. */
  bias?: boolean;
  /** Whether halfspaces have random offsets (and unit normals). Default false. */
  contextBias?: boolean;
  /** Standard deviation of those offsets; above 0. Default 1. */
  contextBiasScale?: number;
  /**
   * How hyperplanes are made. `dense` (default): independent normals, as in the
   * paper; gating costs neurons · K · D a row. `hadamard`: rows of randomised
   * Walsh-Hadamard transforms, which cost D · log D for D of them and hardly any
   * memory.
   */
  gating?: 'dense' | 'hadamard';
  /**
   * How many features, chosen at random, each hyperplane looks at; the others count
   * nothing. 1 gives halfspaces along the axes, as trees have them, which suit
   * tables with features that say little. Default all. Only for dense gating.
   */
  gateFeatures?: number;
  /**
   * Whether the networks of all classes look at the same hyperplanes: gating then
   * costs as much as for one class. Default false.
   */
  shareContexts?: boolean;
  /**
   * How a row becomes the predictions that layer 0 mixes: a name, a function, or
   * preprocessing, whose values are used as logits. Default `minMax`.
   */
  basePredictor?: BasePredictorName | BasePredictor | Preprocessing;
  /**
   * Preprocessing of what the gates look at: of the side information where
   * `sideInfoSize` was given, else of the input.
   */
  sideInfo?: Preprocessing;
  /** Step size, a number above 0 or a schedule. Default 0.001. */
  learningRate?: LearningRate;
  /**
   * Factors of the learning rate, one for each layer, the last one included (so one
   * more than `layerSizes`); each above 0. Deeper layers of wide networks see many
   * large and alike inputs, and want smaller steps. Default 1 for all.
   */
  layerRates?: readonly number[];
  /**
   * Whose prediction is the network's. `last` (default): the last neuron's.
   * `average`: the mean over all layers of each layer's mean logit; the hidden
   * neurons' are clamped, the last neuron's is not. `switching`: a Bayesian mixture of
   * all neurons' probabilities that expects the best neuron to change (arXiv
   * 1712.01897, section 5), often better while rows are few. What neurons learn is
   * the same.
   */
  aggregation?: 'last' | 'average' | 'switching';
  /** ε: predictions stay within [ε, 1 - ε]; in (0, 0.5), at least 10^-7. Default 0.001. */
  predClipping?: number;
  /** Weights stay within ± this; above 0, at most 10^6. Default 5. */
  weightClipping?: number;
  /** Seed of the hyperplanes: an integer from 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /**
   * Largest magnitude of values of rows and of side information; calls with a larger
   * one are refused before anything has changed. Above 0, to 3.4 · 10^38, the
   * largest float32; default 10^15. A value far beyond a feature's range ruins what
   * a `standardize` stage knows of it: set this to what your data can really hold.
   */
  inputLimit?: number;
  /**
   * Values a row of side information. Given, every call needs `sideInfo`;
   * otherwise the gates look at the input.
   */
  sideInfoSize?: number;
  /**
   * `online` (default): row after row, whatever the number of rows in a call.
   * `batch`: all updates of a call are computed with the weights from before it
   * and summed, as PyGLN does.
   */
  updateMode?: 'online' | 'batch';
  /**
   * When the rows of a call are learned together, by their inner products, instead
   * of one by one; either way the result is that of row after row, but for
   * rounding. `stable` (default): only where no step overshoots (η |l|² / 4 at most
   * 2), so that any split of rows into calls agrees to about 10^-5. `always`: up to
   * twice as fast with large rates and many unscaled inputs, where rounding
   * differences grow from row to row.
   */
  chaining?: 'stable' | 'always';
  /** Threads that a call may use; 1 never starts one. Results do not depend on it. */
  threads?: number;
}

/** {@link GLNOptions} with every default filled in. */
export type ResolvedOptions = Required<
  Omit<GLNOptions, 'sideInfoSize' | 'sideInfo' | 'gateFeatures' | 'layerRates'>
> & {
  /** Absent where hyperplanes look at all features. */
  gateFeatures?: number;
  /** Absent where the gates look at rows as they come. */
  sideInfo?: Preprocessing;
  /** Absent where all layers learn at the same rate. */
  layerRates?: readonly number[];
  /** Absent when the gates look at the input. */
  sideInfoSize?: number;
};

/** Largest weight bound: sums of weights times logits stay finite in float32. */
export const LARGEST_WEIGHT_CLIPPING = 1e6;

export const BASE_PREDICTOR_KINDS = { minMax: 0, probabilities: 1, logits: 2 } as const;

const OPTION_KEYS: ReadonlySet<string> = new Set<keyof GLNOptions>([
  'inputSize',
  'layerSizes',
  'numClasses',
  'contextMapSize',
  'bias',
  'contextBias',
  'contextBiasScale',
  'gating',
  'gateFeatures',
  'shareContexts',
  'basePredictor',
  'sideInfo',
  'learningRate',
  'layerRates',
  'aggregation',
  'predClipping',
  'weightClipping',
  'seed',
  'inputLimit',
  'sideInfoSize',
  'updateMode',
  'chaining',
  'threads',
]);

function basePredictor(
  value: unknown,
  inputSize: number,
): BasePredictorName | BasePredictor | Preprocessing {
  if (typeof value === 'function') return value as BasePredictor;
  if (Array.isArray(value)) return resolvePreprocessing(value, inputSize, 'basePredictor').stages;
  if (typeof value === 'string' && Object.hasOwn(BASE_PREDICTOR_KINDS, value)) {
    return value as BasePredictorName;
  }
  return fail(
    'basePredictor',
    `a function, an array of stages or one of ${Object.keys(BASE_PREDICTOR_KINDS).join(', ')}`,
    value,
  );
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws GlnError `ERR_GLN_OPTION`, naming the option.
 */
export function resolveOptions(options: GLNOptions): Readonly<ResolvedOptions> {
  const given = checkedOptions<GLNOptions>(options, OPTION_KEYS);
  const rate = learningRate(or(given.learningRate, 1e-3));
  const inputSize = checkedInteger('inputSize', given.inputSize, 1, LARGEST_SIZE);
  const resolved: ResolvedOptions = {
    inputSize,
    layerSizes: layerSizes(given.layerSizes),
    numClasses: checkedInteger('numClasses', or(given.numClasses, 2), 2, LARGEST_SIZE),
    contextMapSize: contextMapSize(given.contextMapSize),
    bias: checkedFlag('bias', or(given.bias, true)),
    contextBias: checkedFlag('contextBias', or(given.contextBias, false)),
    contextBiasScale: contextBiasScale(given.contextBiasScale),
    gating: checkedChoice('gating', or(given.gating, 'dense'), ['dense', 'hadamard']),
    shareContexts: checkedFlag('shareContexts', or(given.shareContexts, false)),
    basePredictor: basePredictor(or(given.basePredictor, 'minMax'), inputSize),
    learningRate: rate,
    aggregation: checkedChoice('aggregation', or(given.aggregation, 'last'), [
      'last',
      'average',
      'switching',
    ]),
    predClipping: predClipping(given.predClipping, 1e-3),
    weightClipping: checkedRange(
      'weightClipping',
      or(given.weightClipping, 5),
      `a number above 0 and at most ${LARGEST_WEIGHT_CLIPPING}`,
      (x) => x > 0 && x <= LARGEST_WEIGHT_CLIPPING,
    ),
    seed: seed(given.seed),
    inputLimit: inputLimit(given.inputLimit),
    updateMode: checkedChoice('updateMode', or(given.updateMode, 'online'), ['online', 'batch']),
    chaining: checkedChoice('chaining', or(given.chaining, 'stable'), ['stable', 'always']),
    threads: threads(given.threads),
  };
  if (given.sideInfoSize !== undefined) {
    resolved.sideInfoSize = checkedInteger('sideInfoSize', given.sideInfoSize, 1, LARGEST_SIZE);
  }
  if (given.sideInfo !== undefined) {
    if (!Array.isArray(given.sideInfo)) fail('sideInfo', 'an array of stages', given.sideInfo);
    const size = resolved.sideInfoSize ?? inputSize;
    resolved.sideInfo = resolvePreprocessing(given.sideInfo, size, 'sideInfo').stages;
  }
  if (given.gateFeatures !== undefined) {
    resolved.gateFeatures = checkedInteger('gateFeatures', given.gateFeatures, 1, LARGEST_SIZE);
    if (resolved.gating !== 'dense') {
      fail('gateFeatures', "it together with gating 'dense' only", given.gateFeatures);
    }
  }
  if (given.layerRates !== undefined) {
    resolved.layerRates = layerRates(given.layerRates, resolved.layerSizes.length + 1);
  }
  return Object.freeze(resolved);
}

/**
 * Refuses sizes whose fixed memory (hyperplanes, tables of weight rows, one
 * block's workspace) this machine cannot hold.
 *
 * @throws GlnError `ERR_GLN_MEMORY`
 */
export function checkMemory(
  options: Readonly<ResolvedOptions>,
  baseSize: number,
  sideInfoSize: number,
): void {
  const networks = options.numClasses > 2 ? options.numClasses : 1;
  const contexts = 2 ** options.contextMapSize;
  const blockRows = 64;
  let bytes = 4 * blockRows * (baseSize + sideInfoSize);
  for (const neurons of [...options.layerSizes, 1]) {
    const dense = options.gating === 'dense' ? 4 * options.contextMapSize * sideInfoSize : 0;
    const gated = options.shareContexts ? 1 : networks;
    const tables = options.updateMode === 'batch' ? 2 : 1;
    bytes += neurons * (gated * dense + networks * (8 * contexts * tables + 8 * blockRows));
  }
  refuseBeyondMemory(bytes);
}
