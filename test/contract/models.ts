/**
 * Every model of the package behind calls of one shape, so that the same checks can
 * run over all of them. A new model gets an entry in {@link contracts}.
 */
import {
  AutoregressiveDensity,
  DendriticGatedNetwork,
  DendriticGatedRegressor,
  type DendriticOptions,
  type DendriticRegressorOptions,
  GatedLinearBandit,
  GaussianGLN,
  type GaussianGLNOptions,
  type GaussianPredictions,
  GLN,
  type GLNOptions,
} from '../../lib/index';
import { Random } from '../support/random';

/** What one row, or many, are learned as. */
export interface Examples {
  rows: Float32Array;
  targets: readonly number[];
}

/** A model, and its calls with their results as plain numbers. */
export interface Subject {
  model: {
    readonly rowsSeen: number;
    readonly memory: number;
    toBuffer(options?: { extra?: unknown }): Buffer;
    readonly extra: unknown;
    dispose(): void;
    [Symbol.asyncDispose](): Promise<void>;
  };
  learn(examples: Examples): number[];
  predict(rows: Float32Array): number[];
  learnAsync(examples: Examples): Promise<number[]>;
  predictAsync(rows: Float32Array): Promise<number[]>;
}

/** How models of one kind are made, and what must be refused. */
export interface Contract {
  name: string;
  /** Values a row. */
  width: number;
  /** A model that knows nothing yet. */
  make(seed: number): Subject;
  reload(bytes: Uint8Array): Subject;
  examples: Examples;
  /** A target that cannot be learned; absent where rows are all there is. */
  badTarget?: number;
  /** A value that no row may have. */
  badValue: number;
  /** Whether a call takes one row, and calls with many are a loop of the test's own. */
  rowByRow?: boolean;
}

const width = 6;
const count = 150;

function examplesFor(target: (row: Float32Array, random: Random) => number): Examples {
  const random = new Random(31);
  // The rows are the same in every engine: platforms are compared by what they learn.
  const rows = random.floats(count * width, () => random.bell());
  const targets = Array.from({ length: count }, (_, i) =>
    target(rows.subarray(i * width, (i + 1) * width), random),
  );
  return { rows, targets };
}

type AnyClassifier = GLN | DendriticGatedNetwork;

function classifier(model: AnyClassifier): Subject {
  const probabilities = { returnProbs: true } as const;
  return {
    model,
    learn: ({ rows, targets }) => Array.from(model.learn(rows, targets, probabilities)),
    predict: (rows) => Array.from(model.predict(rows, undefined, probabilities)),
    learnAsync: async ({ rows, targets }) =>
      Array.from(await model.learnAsync(rows, targets, probabilities)),
    predictAsync: async (rows) => Array.from(await model.predictAsync(rows, probabilities)),
  };
}

function regressor(model: DendriticGatedRegressor): Subject {
  return {
    model,
    learn: ({ rows, targets }) => Array.from(model.learn(rows, targets)),
    predict: (rows) => Array.from(model.predict(rows)),
    learnAsync: async ({ rows, targets }) => Array.from(await model.learnAsync(rows, targets)),
    predictAsync: async (rows) => Array.from(await model.predictAsync(rows)),
  };
}

function gaussian(model: GaussianGLN): Subject {
  const flat = ({ means, variances }: GaussianPredictions) => [...means, ...variances];
  // One after the other for each row, as many calls would give them.
  const byRow = (predictions: GaussianPredictions) => {
    const all = flat(predictions);
    const rows = all.length / 2;
    return all.map((_, i) => all[(i % 2) * rows + Math.floor(i / 2)]);
  };
  return {
    model,
    learn: ({ rows, targets }) => byRow(model.learn(rows, targets)),
    predict: (rows) => byRow(model.predict(rows)),
    learnAsync: async ({ rows, targets }) => byRow(await model.learnAsync(rows, targets)),
    predictAsync: async (rows) => byRow(await model.predictAsync(rows)),
  };
}

/** The estimates of all actions stand for a prediction, rewards for targets. */
function bandit(model: GatedLinearBandit): Subject {
  const rowsOf = (rows: Float32Array) =>
    Array.from({ length: Math.max(1, Math.ceil(rows.length / width)) }, (_, i) =>
      rows.subarray(i * width, (i + 1) * width),
    );
  const estimates = (row: Float32Array) => model.estimates(row).map(({ estimate }) => estimate);
  const learn = ({ rows, targets }: Examples) =>
    rowsOf(rows).flatMap((row, i) => {
      const before = estimates(row);
      model.learn(row, row[1] > 0 ? 1 : 0, targets[i]);
      return before;
    });
  const predict = (rows: Float32Array) => rowsOf(rows).flatMap(estimates);
  return {
    ...{ model, learn, predict },
    learnAsync: async (examples) => learn(examples),
    predictAsync: async (rows) => predict(rows),
  };
}

function density(model: AutoregressiveDensity): Subject {
  return {
    model,
    learn: ({ rows }) => Array.from(model.learn(rows)),
    predict: (rows) => Array.from(model.logLikelihood(rows)),
    learnAsync: async ({ rows }) => Array.from(await model.learnAsync(rows)),
    predictAsync: async (rows) => Array.from(await model.logLikelihoodAsync(rows)),
  };
}

const binary = examplesFor((row, random) => (row[0] + 0.5 * random.bell() > 0 ? 1 : 0));
const classes = examplesFor((row) => (row[0] > 0.5 ? 2 : row[1] > 0 ? 1 : 0));
const numbers = examplesFor((row, random) => 20 + 3 * row[0] + random.bell());
const bits: Examples = {
  rows: binary.rows.map((x) => (x > 0 ? 1 : 0)),
  targets: binary.targets,
};

function gln(name: string, examples: Examples, options: Partial<GLNOptions>): Contract {
  return {
    ...{ name: `GLN, ${name}`, width, examples, badTarget: 3, badValue: Number.NaN },
    make: (seed) => classifier(new GLN({ inputSize: width, layerSizes: [5, 3], seed, ...options })),
    reload: (bytes) => classifier(GLN.fromBuffer(bytes)),
  };
}

function dendrites(name: string, examples: Examples, options: Partial<DendriticOptions>): Contract {
  const fixed = { inputSize: width, layerSizes: [5, 3], branches: 7, learningRate: 0.01 };
  return {
    ...{ name: `DendriticGatedNetwork, ${name}`, width, examples },
    ...{ badTarget: 3, badValue: Number.NaN },
    make: (seed) => classifier(new DendriticGatedNetwork({ ...fixed, seed, ...options })),
    reload: (bytes) => classifier(DendriticGatedNetwork.fromBuffer(bytes)),
  };
}

function dendriticRegressor(name: string, options: Partial<DendriticRegressorOptions>): Contract {
  const fixed = { inputSize: width, layerSizes: [5, 3], branches: 7, learningRate: 1e-3 };
  return {
    ...{ name: `DendriticGatedRegressor, ${name}`, width, examples: numbers },
    ...{ badTarget: Number.NaN, badValue: Number.POSITIVE_INFINITY },
    make: (seed) => regressor(new DendriticGatedRegressor({ ...fixed, seed, ...options })),
    reload: (bytes) => regressor(DendriticGatedRegressor.fromBuffer(bytes)),
  };
}

function gaussians(name: string, options: Partial<GaussianGLNOptions>): Contract {
  return {
    ...{ name: `GaussianGLN, ${name}`, width, examples: numbers },
    ...{ badTarget: Number.NaN, badValue: Number.NaN },
    make: (seed) =>
      gaussian(new GaussianGLN({ inputSize: width, layerSizes: [5, 3], seed, ...options })),
    reload: (bytes) => gaussian(GaussianGLN.fromBuffer(bytes)),
  };
}

function bandits(name: string, rewards: 'binary' | { min: number; max: number }): Contract {
  const options = { contextSize: width, actions: 3, rewards, layerSizes: [5, 3] };
  return {
    ...{ name: `GatedLinearBandit, ${name}`, width, examples: binary },
    ...{ badTarget: 7, badValue: Number.POSITIVE_INFINITY, rowByRow: true },
    make: (seed) => bandit(new GatedLinearBandit({ ...options, seed })),
    reload: (bytes) => bandit(GatedLinearBandit.fromBuffer(bytes)),
  };
}

export const contracts: readonly Contract[] = [
  gln('binary', binary, {}),
  gln('three classes', classes, { numClasses: 3, contextBias: true }),
  gln('switching', binary, { aggregation: 'switching' }),
  gln('with preprocessing', classes, {
    ...{ numClasses: 3, basePredictor: [{ type: 'standardize' }] },
    sideInfo: [{ type: 'normalScore' }],
  }),
  gaussians('plain', {}),
  gaussians('by the plain rule', { standardize: false, learningRate: 1e-3 }),
  gaussians('switching', { aggregation: 'switching' }),
  bandits('rewards of 0 and 1', 'binary'),
  bandits('rewards in a range', { min: -1, max: 2 }),
  dendrites('binary', binary, {}),
  dendrites('three classes', classes, { numClasses: 3, preprocessing: [{ type: 'standardize' }] }),
  dendrites('shared weights', binary, { weightSharing: 'layer' }),
  dendriticRegressor('plain', {}),
  dendriticRegressor('standardised', {
    ...{ standardizeTargets: true, preprocessing: [{ type: 'standardize' }] },
  }),
  {
    ...{ name: 'AutoregressiveDensity', width, examples: bits, badValue: 0.5 },
    make: (seed) => density(new AutoregressiveDensity({ size: width, layerSizes: [4], seed })),
    reload: (bytes) => density(AutoregressiveDensity.fromBuffer(bytes)),
  },
];
