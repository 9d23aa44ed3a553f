/** Networks that are given many rows a call, or the same rows one a call. */
import { type BasePredictorName, GLN } from 'gated-linear-networks';
import type { Bench, Named } from '../bench';
import { gatingOperations, learningOperations, mixingOperations, type Shape } from '../operations';
import { randomFloats, randomLabels } from '../random';

/** A network with rows to feed it. */
export interface Setup {
  shape: Shape;
  make(): GLN;
  rows: Float32Array;
  labels: Uint8Array;
  /** Given where it is not the rows themselves. */
  sideInfo?: Float32Array;
}

/** What a random setup is made of. */
export interface RandomOptions {
  inputSize: number;
  layerSizes: number[];
  rows: number;
  contextMapSize?: number;
  basePredictor?: BasePredictorName;
  /** Gives the rows side information of their own. */
  sideInfoSize?: number;
}

/** Random rows for a binary network. */
export function randomSetup(bench: Bench, options: RandomOptions): Setup {
  const { inputSize, layerSizes, rows, sideInfoSize } = options;
  const { contextMapSize = 4, basePredictor = 'minMax' } = options;
  const separate = sideInfoSize === undefined ? {} : { sideInfoSize };
  const make = () =>
    new GLN({
      inputSize,
      layerSizes,
      contextMapSize,
      basePredictor,
      threads: bench.threads,
      seed: 1,
      ...separate,
    });
  const setup: Setup = {
    shape: {
      inputSize,
      layerSizes,
      networks: 1,
      contextMapSize,
      sideInfoSize: sideInfoSize ?? inputSize,
    },
    make,
    rows: randomFloats(rows * inputSize, 1),
    labels: randomLabels(rows, 2, 2),
  };
  if (sideInfoSize !== undefined) setup.sideInfo = randomFloats(rows * sideInfoSize, 3);
  return setup;
}

/** The first rows of a setup. */
export function firstRows(setup: Setup, count: number): Setup {
  const { shape, rows, labels, sideInfo } = setup;
  const cut: Setup = {
    ...setup,
    rows: rows.subarray(0, count * shape.inputSize),
    labels: labels.subarray(0, count),
  };
  if (sideInfo !== undefined) cut.sideInfo = sideInfo.subarray(0, count * shape.sideInfoSize);
  return cut;
}

/** All rows in each call. Gating counts as work only where `withGating` says so. */
export function sampleLearning(bench: Bench, named: Named, setup: Setup, withGating = true): void {
  const { shape, rows, labels, sideInfo } = setup;
  const model = setup.make();
  const options = { out: new Uint32Array(labels.length), ...(sideInfo && { sideInfo }) };
  const gating = withGating ? gatingOperations(shape) : 0;
  const operations = labels.length * (learningOperations(shape) + gating);
  bench.sample(named, { rows: labels.length, operations }, (times) => {
    for (let i = 0; i < times; i++) model.learn(rows, labels, options);
    return undefined;
  });
  model.dispose();
}

export function samplePrediction(bench: Bench, named: Named, setup: Setup): void {
  const { shape, rows, labels } = setup;
  const model = setup.make();
  // Not the weights of the beginning, which are all in one place.
  model.learn(rows, labels);
  const options = { out: new Uint32Array(labels.length) };
  const operations = labels.length * (mixingOperations(shape) + gatingOperations(shape));
  bench.sample(named, { rows: labels.length, operations }, (times) => {
    for (let i = 0; i < times; i++) model.predict(rows, undefined, options);
    return undefined;
  });
  model.dispose();
}

/** Rows as views, made once: a service has its row in an array of its own. */
export function separateRows({ rows, shape, labels }: Setup): Float32Array[] {
  return Array.from(labels, (_, i) => rows.slice(i * shape.inputSize, (i + 1) * shape.inputSize));
}

/** One row in each call. */
export function sampleSingleRows(bench: Bench, setup: Setup): void {
  const { shape, labels } = setup;
  const rows = separateRows(setup);
  const learner = setup.make();
  const out = new Uint32Array(1);
  const gating = gatingOperations(shape);
  const learning = {
    rows: labels.length,
    operations: labels.length * (learningOperations(shape) + gating),
  };
  bench.sample({ metric: 'learn one row a call' }, learning, (times) => {
    for (let i = 0; i < times; i++) {
      for (let row = 0; row < rows.length; row++) learner.learn(rows[row], labels[row], { out });
    }
    return undefined;
  });
  const mixing = {
    rows: labels.length,
    operations: labels.length * (mixingOperations(shape) + gating),
  };
  bench.sample({ metric: 'predict one row a call' }, mixing, (times) => {
    for (let i = 0; i < times; i++) {
      for (const row of rows) learner.predict(row, undefined, { out });
    }
    return undefined;
  });
  learner.dispose();
}
