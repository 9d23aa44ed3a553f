/**
 * The options of a Gaussian GLN: defaults, ranges, and messages when they are wrong.
 */
import {
  checkedChoice,
  checkedFlag,
  checkedInteger,
  checkedOptions,
  checkedRange,
  fail,
} from '../checks';
import { resolvePreprocessing } from '../preprocessing/resolve';
import type { Preprocessing } from '../preprocessing/stages';
import type { LearningRate } from '../schedules';
import {
  contextBiasScale,
  contextMapSize,
  inputLimit,
  LARGEST_SIZE,
  layerRates,
  layerSizes,
  learningRate,
  or,
  refuseBeyondMemory,
  seed,
  threads,
} from '../shared-options';

/** Options of {@link GaussianGLN}. Variances and means are of standardised targets. */
export interface GaussianGLNOptions {
  /** Values a row; an integer of at least 1. */
  inputSize: number;
  /** Neurons of each layer but the last, which has one and is implicit. May be empty. */
  layerSizes: readonly number[];
  /** Halfspaces a neuron, K: 2^K weight rows. 0 to 16; 0 means no gating. Default 4. */
  contextMapSize?: number;
  /** Whether halfspaces have random offsets (and unit normals). Default true. */
  contextBias?: boolean;
  /** Standard deviation of those offsets; above 0. Default 1. */
  contextBiasScale?: number;
  /**
   * How many features, chosen at random, each hyperplane looks at; where there are fewer,
   * it looks at all. Default 2, which suits tables; with `standardize: false` all.
   */
  gateFeatures?: number;
  /**
   * What rows go through before layer 0 takes their values as means of its inputs; an
   * empty array takes rows as they come. Default `[{ type: 'standardize' }]`, with
   * `standardize: false` an empty array.
   */
  preprocessing?: Preprocessing;
  /**
   * Values a row of side information. Given, every call needs `sideInfo`; otherwise
   * the gates look at the input.
   */
  sideInfoSize?: number;
  /**
   * Preprocessing of what the gates look at; an empty array takes it as it comes.
   * Default: `preprocessing`, or with `sideInfoSize` as `preprocessing`'s default.
   */
  sideInfo?: Preprocessing;
  /**
   * Whether the network works on standardised numbers: targets are learned as differences
   * from their running mean, over their running deviation, within ± 4 (predictions are in
   * the target's own units all the same), and inputs go through a `standardize` stage
   * where `preprocessing` says nothing else. Default true. With false, and nothing else
   * given, the network is the paper's and no more.
   */
  standardize?: boolean;
  /**
   * `paper`: the paper's rule and DeepMind's: a gradient times the learning rate, and
   * mixtures of negative precision counted as too narrow. Large rates and surprises can
   * make weights diverge. `robust`: no step goes beyond where the row's own loss would be
   * smallest, and mixtures of negative precision count as too wide. Default `robust`,
   * with `standardize: false` `paper`.
   */
  rule?: 'robust' | 'paper';
  /**
   * Step size, a number above 0 or a schedule. Default min(0.1, 0.5 / √t), with
   * `rule: 'paper'` 0.001.
   */
  learningRate?: LearningRate;
  /** Factors of the learning rate, one for each layer, the last one included. Default 1. */
  layerRates?: readonly number[];
  /** Variance of layer 0's inputs. Default 1. */
  inputVariance?: number;
  /** Smallest variance that a neuron may predict. Default 0.03, with `standardize: false` 0.5. */
  minVariance?: number;
  /** Largest variance that a neuron may predict. Default 5, with `standardize: false` 10^5. */
  maxVariance?: number;
  /**
   * Magnitude beyond which a neuron's predicted mean is cut; above 0, at most 10^60.
   * Default 4, which is as far as standardised targets go; with `standardize: false` 10^60.
   */
  meanLimit?: number;
  /** Constant inputs that every layer gains; 0 to 1000. Default 3. */
  biasLength?: number;
  /** Their means are spread evenly over ± this (one alone is at -this). Default 1. */
  biasMaxMean?: number;
  /** Their variance. Default 1. */
  biasVariance?: number;
  /**
   * Weights are limited to this range where they are used. Those that a step takes
   * outside stay where they are. Default [-1000, 1000].
   */
  weightRange?: readonly [number, number];
  /**
   * Whose prediction is the network's. `last` (default): the last neuron's. `switching`:
   * the mean and variance of a Bayesian mixture of all neurons' distributions, which
   * follows whichever neuron predicts best (arXiv 1712.01897, section 5).
   */
  aggregation?: 'last' | 'switching';
  /** Seed of the hyperplanes: an integer from 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /**
   * Largest magnitude of values of rows, of side information and of targets; calls with
   * a larger one are refused before anything has changed. Default 10^15.
   */
  inputLimit?: number;
  /** Threads that a call may use; 1 never starts one. Results do not depend on it. */
  threads?: number;
}

/** {@link GaussianGLNOptions} with every default filled in. */
export type ResolvedGaussianOptions = Required<
  Omit<GaussianGLNOptions, 'sideInfoSize' | 'gateFeatures' | 'layerRates'>
> &
  Pick<GaussianGLNOptions, 'sideInfoSize' | 'gateFeatures' | 'layerRates'>;

/** As in native code: what keeps its double precision from overflowing. */
const SMALLEST_VARIANCE = 1e-12;
const LARGEST_VARIANCE = 1e12;
const LARGEST_WEIGHT = 1e6;
const LARGEST_MEAN = 1e60;
const MOST_BIAS_INPUTS = 1000;

const ROBUST_RATE: LearningRate = { type: 'inverseSquareRoot', numerator: 0.5, maximum: 0.1 };
const PAPER_RATE = 0.001;

const STANDARDIZE: Preprocessing = Object.freeze([{ type: 'standardize' }]);

const OPTION_KEYS: ReadonlySet<string> = new Set<keyof GaussianGLNOptions>([
  'inputSize',
  'layerSizes',
  'contextMapSize',
  'contextBias',
  'contextBiasScale',
  'gateFeatures',
  'preprocessing',
  'sideInfoSize',
  'sideInfo',
  'standardize',
  'rule',
  'learningRate',
  'layerRates',
  'inputVariance',
  'minVariance',
  'maxVariance',
  'meanLimit',
  'biasLength',
  'biasMaxMean',
  'biasVariance',
  'weightRange',
  'aggregation',
  'seed',
  'inputLimit',
  'threads',
]);

function variance(name: string, value: unknown): number {
  return checkedRange(
    name,
    value,
    `a number from ${SMALLEST_VARIANCE} to ${LARGEST_VARIANCE}`,
    (x) => x >= SMALLEST_VARIANCE && x <= LARGEST_VARIANCE,
  );
}

function stages(name: string, value: unknown, size: number): Preprocessing {
  if (!Array.isArray(value)) fail(name, 'an array of stages', value);
  return value.length === 0 ? Object.freeze([]) : resolvePreprocessing(value, size, name).stages;
}

function weightRange(value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) {
    fail('weightRange', 'an array of two numbers', value);
  }
  const inside = (x: number) => Math.abs(x) <= LARGEST_WEIGHT;
  const words = `a number within ± ${LARGEST_WEIGHT}`;
  const low = checkedRange('weightRange[0]', value[0], words, inside);
  const high = checkedRange('weightRange[1]', value[1], words, inside);
  if (low >= high) fail('weightRange[1]', `a number above weightRange[0], ${low}`, high);
  return Object.freeze([low, high] as const);
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws GlnError `ERR_GLN_OPTION`, naming the option.
 */
export function resolveGaussianOptions(
  options: GaussianGLNOptions,
): Readonly<ResolvedGaussianOptions> {
  const given = checkedOptions<GaussianGLNOptions>(options, OPTION_KEYS);
  const inputSize = checkedInteger('inputSize', given.inputSize, 1, LARGEST_SIZE);
  const sideInfoSize =
    given.sideInfoSize === undefined
      ? undefined
      : checkedInteger('sideInfoSize', given.sideInfoSize, 1, LARGEST_SIZE);
  const standardize = checkedFlag('standardize', or(given.standardize, true));
  const rule = checkedChoice('rule', or(given.rule, standardize ? 'robust' : 'paper'), [
    'robust',
    'paper',
  ]);
  const rate = learningRate(or(given.learningRate, rule === 'robust' ? ROBUST_RATE : PAPER_RATE));
  const usual = standardize ? STANDARDIZE : [];
  const preprocessing = stages('preprocessing', or(given.preprocessing, usual), inputSize);
  const ofGates = or(given.sideInfo, sideInfoSize === undefined ? preprocessing : usual);
  const minVariance = variance('minVariance', or(given.minVariance, standardize ? 0.03 : 0.5));
  const maxVariance = variance('maxVariance', or(given.maxVariance, standardize ? 5 : 1e5));
  if (maxVariance < minVariance) {
    fail('maxVariance', `at least minVariance, ${minVariance}`, maxVariance);
  }
  const resolved: ResolvedGaussianOptions = {
    inputSize,
    layerSizes: layerSizes(given.layerSizes),
    contextMapSize: contextMapSize(given.contextMapSize),
    contextBias: checkedFlag('contextBias', or(given.contextBias, true)),
    contextBiasScale: contextBiasScale(given.contextBiasScale),
    preprocessing,
    sideInfo: stages('sideInfo', ofGates, sideInfoSize ?? inputSize),
    standardize,
    rule,
    learningRate: rate,
    inputVariance: variance('inputVariance', or(given.inputVariance, 1)),
    minVariance,
    maxVariance,
    meanLimit: checkedRange(
      'meanLimit',
      or(given.meanLimit, standardize ? 4 : LARGEST_MEAN),
      `a number above 0, at most ${LARGEST_MEAN}`,
      (x) => x > 0 && x <= LARGEST_MEAN,
    ),
    biasLength: checkedInteger('biasLength', or(given.biasLength, 3), 0, MOST_BIAS_INPUTS),
    biasMaxMean: checkedRange(
      'biasMaxMean',
      or(given.biasMaxMean, 1),
      'a number that is finite in float32',
      (x) => Number.isFinite(Math.fround(x)),
    ),
    biasVariance: variance('biasVariance', or(given.biasVariance, 1)),
    weightRange: weightRange(or(given.weightRange, [-1000, 1000])),
    aggregation: checkedChoice('aggregation', or(given.aggregation, 'last'), ['last', 'switching']),
    seed: seed(given.seed),
    inputLimit: inputLimit(given.inputLimit),
    threads: threads(given.threads),
  };
  if (sideInfoSize !== undefined) resolved.sideInfoSize = sideInfoSize;
  const gateFeatures = or(given.gateFeatures, standardize ? 2 : undefined);
  if (gateFeatures !== undefined) {
    resolved.gateFeatures = checkedInteger('gateFeatures', gateFeatures, 1, LARGEST_SIZE);
  }
  if (given.layerRates !== undefined) {
    resolved.layerRates = layerRates(given.layerRates, resolved.layerSizes.length + 1);
  }
  return Object.freeze(resolved);
}

/**
 * Refuses sizes whose fixed memory (hyperplanes, tables of weight rows, one row's
 * workspace) this machine cannot hold.
 *
 * @throws GlnError `ERR_GLN_MEMORY`
 */
export function checkGaussianMemory(
  options: Readonly<ResolvedGaussianOptions>,
  baseSize: number,
  sideInfoSize: number,
): void {
  const contexts = 2 ** options.contextMapSize;
  let bytes = 4 * (baseSize + sideInfoSize);
  for (const neurons of [...options.layerSizes, 1]) {
    bytes += neurons * (4 * options.contextMapSize * sideInfoSize + 8 * contexts);
  }
  refuseBeyondMemory(bytes);
}
