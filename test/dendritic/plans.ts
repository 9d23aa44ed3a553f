/** Networks and rows that the tests of dendritic gated networks share. */
import {
  DendriticGatedNetwork,
  DendriticGatedRegressor,
  type DendriticOptions,
  type DendriticRegressorOptions,
} from '../../lib/index';
import { Random } from '../support/random';

/** A network to be made, and rows to teach it. */
export type DendriticPlan = { seed: number; rows: number } & (
  | { regression: false; options: DendriticOptions }
  | { regression: true; options: DendriticRegressorOptions }
);

export interface DendriticRows {
  rows: Float32Array;
  /** Classes, or real numbers. */
  targets: number[];
  weights: number[];
}

/** Networks of both forms that reach every path: one to many lanes, branches, tiles. */
export const plans: readonly DendriticPlan[] = [
  {
    ...{ regression: false, seed: 1, rows: 600 },
    options: { inputSize: 9, layerSizes: [20, 5], branches: 20, learningRate: 0.01, seed: 3 },
  },
  {
    ...{ regression: false, seed: 2, rows: 100 },
    options: {
      ...{ inputSize: 70, layerSizes: [18], branches: 64, numClasses: 3, learningRate: 0.003 },
      ...{ bias: false, weightClipping: 0.05, gateBias: 0 },
      preprocessing: [{ type: 'standardize' }, { type: 'impute', indicators: false }],
    },
  },
  {
    ...{ regression: false, seed: 3, rows: 90 },
    options: {
      ...{ inputSize: 3, layerSizes: [], branches: 1, learningRate: 0.1 },
      ...{ predClipping: 0.2 },
    },
  },
  {
    ...{ regression: false, seed: 6, rows: 130 },
    options: {
      ...{ inputSize: 30, layerSizes: [40, 3], branches: 12, learningRate: 1e-3 },
      weightSharing: 'layer',
    },
  },
  {
    ...{ regression: true, seed: 4, rows: 600 },
    options: {
      ...{ inputSize: 140, layerSizes: [5, 4], branches: 17, seed: 8 },
      learningRate: { type: 'inverseSquareRoot', numerator: 1e-4, maximum: 1e-4 },
    },
  },
  {
    ...{ regression: true, seed: 5, rows: 200 },
    options: {
      ...{ inputSize: 4, layerSizes: [18], branches: 3, learningRate: 0.002 },
      ...{ standardizeTargets: true, preprocessing: [{ type: 'standardize' }] },
    },
  },
];

export function rowsOf({ seed, rows: count, options, regression }: DendriticPlan): DendriticRows {
  const random = new Random(seed);
  const { inputSize } = options;
  const rows = random.floats(count * inputSize);
  const classes = ('numClasses' in options && options.numClasses) || 2;
  const targets = Array.from({ length: count }, (_, i) => {
    const at = i * inputSize;
    const value = rows[at] + Math.sin(2 * rows[at + 1]) + 0.3 * random.normal();
    if (regression) return 5 + 3 * value;
    return Math.min(classes - 1, Math.max(0, Math.floor(value + classes / 2)));
  });
  const weights = Array.from({ length: count }, () => [0, 1, 0.5][random.below(3)]);
  return { rows, targets, weights };
}

/** A model of either form behind calls of one shape: numbers of every kind as an array. */
export interface AnyDendrites {
  model: DendriticGatedNetwork | DendriticGatedRegressor;
  learn(rows: Float32Array, targets: readonly number[], weights?: readonly number[]): number[];
  predict(rows: Float32Array): number[];
}

export function wrap(model: DendriticGatedNetwork | DendriticGatedRegressor): AnyDendrites {
  if (model instanceof DendriticGatedRegressor) {
    return {
      model,
      learn: (rows, targets, weights) =>
        Array.from(model.learn(rows, targets, weights && { weights })),
      predict: (rows) => Array.from(model.predict(rows)),
    };
  }
  return {
    model,
    learn: (rows, targets, weights) => {
      const outClasses = new Uint32Array(targets.length);
      const probabilities = model.learn(rows, targets, {
        ...{ returnProbs: true, outClasses },
        ...(weights && { weights }),
      });
      return [...probabilities, ...outClasses];
    },
    predict: (rows) => Array.from(model.predict(rows, undefined, { returnProbs: true })),
  };
}

export function build(plan: DendriticPlan, threads?: number): AnyDendrites {
  const more = threads === undefined ? {} : { threads };
  return wrap(
    plan.regression
      ? new DendriticGatedRegressor({ ...plan.options, ...more })
      : new DendriticGatedNetwork({ ...plan.options, ...more }),
  );
}

/** The model of a file of the same kind. */
export function reload(plan: DendriticPlan, bytes: Uint8Array): AnyDendrites {
  return wrap(
    plan.regression
      ? DendriticGatedRegressor.fromBuffer(bytes)
      : DendriticGatedNetwork.fromBuffer(bytes),
  );
}

/** Rows first … last of several. */
export function part(all: DendriticRows, first: number, last: number): DendriticRows {
  const width = all.rows.length / all.targets.length;
  return {
    rows: all.rows.subarray(first * width, last * width),
    targets: all.targets.slice(first, last),
    weights: all.weights.slice(first, last),
  };
}
