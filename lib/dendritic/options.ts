/**
 * The options of dendritic gated networks: defaults, ranges, and messages when they
 * are wrong. Defaults are those of DeepMind's notebook that goes with the paper.
 */
import {
  checkedChoice,
  checkedFlag,
  checkedInteger,
  checkedNumber,
  checkedOptions,
  checkedRange,
  fail,
} from '../checks';
import { LARGEST_WEIGHT_CLIPPING } from '../options';
import { resolvePreprocessing } from '../preprocessing/resolve';
import type { Preprocessing } from '../preprocessing/stages';
import type { LearningRate } from '../schedules';
import {
  inputLimit,
  LARGEST_SIZE,
  layerSizes,
  learningRate,
  or,
  predClipping,
  seed,
  threads,
} from '../shared-options';

/** What the options of both forms have in common. */
export interface DendriticSharedOptions {
  /** Values a row; an integer of at least 1. */
  inputSize: number;
  /**
   * Neurons of each layer but the last, which has one and is implicit. May be empty.
   * Default [100, 10].
   */
  layerSizes?: readonly number[];
  /** Branches of every neuron, each with a halfspace and a weight row: 1 to 64. Default 20. */
  branches?: number;
  /**
   * Whose weight rows a neuron adds up, branch by branch, to mix its inputs with.
   * `none` (default): its own, as in the paper. `layer`: those of all neurons of its
   * layer, as DeepMind's notebook does. Each neuron learns in its own rows either way,
   * so that with `layer` a layer of n neurons takes n such steps for every row.
   */
  weightSharing?: 'none' | 'layer';
  /** Whether every layer's inputs gain a constant 1. Default true. */
  bias?: boolean;
  /**
   * The constant that the halfspaces see beside the values of a row, which gives them
   * offsets; 0: all go through the origin. At least 0, at most 10^15. Default 1.
   */
  gateBias?: number;
  /** What rows go through before both the neurons and the halfspaces see them. */
  preprocessing?: Preprocessing;
  /** Weights stay within ± this; above 0, at most 10^6, the default: no bound in effect. */
  weightClipping?: number;
  /** Seed of the halfspaces: an integer from 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /**
   * Largest magnitude of values of rows; calls with a larger one are refused before
   * anything has changed. Above 0, to 3.4 · 10^38; default 10^15.
   */
  inputLimit?: number;
  /** Threads that a call may use; 1 never starts one. Results do not depend on it. */
  threads?: number;
}

/** Options of {@link DendriticGatedNetwork}. */
export interface DendriticOptions extends DendriticSharedOptions {
  /** Classes; above 2 each class gets a binary network of its own. Default 2. */
  numClasses?: number;
  /** Step size, a number above 0 or a schedule. Default 0.0001. */
  learningRate?: LearningRate;
  /**
   * ε: inputs and predictions stay within [ε, 1 - ε] as probabilities, and a neuron
   * whose prediction is nearer to the target than ε does not learn. In (0, 0.5), at
   * least 10^-7. Default 0.01.
   */
  predClipping?: number;
}

/** Options of {@link DendriticGatedRegressor}. */
export interface DendriticRegressorOptions extends DendriticSharedOptions {
  /** Step size, a number above 0 or a schedule. Default 0.00001. */
  learningRate?: LearningRate;
  /**
   * Whether the network learns targets less their running mean, divided by their
   * running deviation. Predictions are in the targets' own units either way. Default
   * false: the targets as they are.
   */
  standardizeTargets?: boolean;
}

type Shared = Required<Omit<DendriticSharedOptions, 'preprocessing'>> & {
  learningRate: LearningRate;
  /** Absent where rows are used as they come. */
  preprocessing?: Preprocessing;
};

/** {@link DendriticOptions} with every default filled in. */
export type ResolvedDendriticOptions = Shared &
  Required<Pick<DendriticOptions, 'numClasses' | 'predClipping'>>;

/** {@link DendriticRegressorOptions} with every default filled in. */
export type ResolvedDendriticRegressorOptions = Shared &
  Required<Pick<DendriticRegressorOptions, 'standardizeTargets'>>;

/** Options of either form. */
export type AnyDendriticOptions = ResolvedDendriticOptions | ResolvedDendriticRegressorOptions;

const MOST_BRANCHES = 64;
const LARGEST_GATE_BIAS = 1e15;

const SHARED_KEYS: readonly (keyof DendriticSharedOptions | 'learningRate')[] = [
  'inputSize',
  'layerSizes',
  'branches',
  'weightSharing',
  'bias',
  'gateBias',
  'preprocessing',
  'learningRate',
  'weightClipping',
  'seed',
  'inputLimit',
  'threads',
];
const CLASSIFIER_KEYS = new Set<string>([...SHARED_KEYS, 'numClasses', 'predClipping']);
const REGRESSOR_KEYS = new Set<string>([...SHARED_KEYS, 'standardizeTargets']);

type Given = { [Key in keyof DendriticSharedOptions]: unknown } & { learningRate?: unknown };

function resolveShared(options: Given, defaultRate: number): Shared {
  const rate = learningRate(or(options.learningRate, defaultRate));
  const inputSize = checkedInteger('inputSize', options.inputSize, 1, LARGEST_SIZE);
  const resolved: Shared = {
    inputSize,
    layerSizes: layerSizes(or(options.layerSizes, [100, 10])),
    branches: checkedInteger('branches', or(options.branches, 20), 1, MOST_BRANCHES),
    weightSharing: checkedChoice('weightSharing', or(options.weightSharing, 'none'), [
      'none',
      'layer',
    ]),
    bias: checkedFlag('bias', or(options.bias, true)),
    gateBias: checkedNumber('gateBias', or(options.gateBias, 1), 0, LARGEST_GATE_BIAS),
    learningRate: rate,
    weightClipping: checkedRange(
      'weightClipping',
      or(options.weightClipping, LARGEST_WEIGHT_CLIPPING),
      `a number above 0 and at most ${LARGEST_WEIGHT_CLIPPING}`,
      (x) => Math.fround(x) > 0 && x <= LARGEST_WEIGHT_CLIPPING,
    ),
    seed: seed(options.seed),
    inputLimit: inputLimit(options.inputLimit),
    threads: threads(options.threads),
  };
  const { preprocessing } = options;
  if (preprocessing !== undefined) {
    if (!Array.isArray(preprocessing)) fail('preprocessing', 'an array of stages', preprocessing);
    resolved.preprocessing = resolvePreprocessing(preprocessing, inputSize, 'preprocessing').stages;
  }
  return resolved;
}

/**
 * Checks the options of a classifier and fills in the defaults.
 *
 * @throws GlnError `ERR_GLN_OPTION`, naming the option.
 */
export function resolveDendriticOptions(options: unknown): Readonly<ResolvedDendriticOptions> {
  const from = checkedOptions<DendriticOptions>(options, CLASSIFIER_KEYS);
  return Object.freeze({
    ...resolveShared(from, 1e-4),
    numClasses: checkedInteger('numClasses', or(from.numClasses, 2), 2, LARGEST_SIZE),
    predClipping: predClipping(from.predClipping, 0.01),
  });
}

/** The same for a regressor. @throws GlnError `ERR_GLN_OPTION`, naming the option */
export function resolveRegressorOptions(
  options: unknown,
): Readonly<ResolvedDendriticRegressorOptions> {
  const from = checkedOptions<DendriticRegressorOptions>(options, REGRESSOR_KEYS);
  return Object.freeze({
    ...resolveShared(from, 1e-5),
    standardizeTargets: checkedFlag('standardizeTargets', or(from.standardizeTargets, false)),
  });
}
