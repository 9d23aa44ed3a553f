/**
 * What every platform must learn to the same bits: seeded networks over options
 * that take different ways through the kernels and the core.
 *
 * Rows are made of additions, multiplications and shifts alone, so that two
 * engines of JavaScript cannot disagree about them.
 */

import { createHash } from 'node:crypto';
import { GLN, type GLNOptions, type Preprocessing } from '../../lib/index';
import { digest } from '../support/gln';
import { Random } from '../support/random';

interface Training {
  name: string;
  options: GLNOptions;
  rowCount: number;
  weighted?: boolean;
  /** Values that are missing: for stages that fill them. */
  missing?: boolean;
}

const stages: Preprocessing = [
  { type: 'oneHot', columns: [0], size: 4 },
  { type: 'hash', columns: [1], size: 8, seed: 3 },
  { type: 'impute', indicators: [2, 3] },
  { type: 'standardize', limit: 3 },
  { type: 'normalizeRow' },
];

export const trainings: readonly Training[] = [
  { name: 'long rows', options: { inputSize: 200, layerSizes: [33, 7] }, rowCount: 300 },
  {
    name: 'short rows, one thread',
    options: { inputSize: 9, layerSizes: [16, 16], learningRate: 0.02, threads: 1 },
    rowCount: 400,
  },
  {
    name: 'classes, offsets, schedule',
    options: {
      inputSize: 90,
      layerSizes: [20, 5],
      numClasses: 3,
      contextBias: true,
      basePredictor: 'logits',
      learningRate: { type: 'inverse', maximum: 0.01, numerator: 1 },
      layerRates: [1, 0.5, 0.3],
      aggregation: 'average',
      threads: 3,
    },
    rowCount: 250,
  },
  {
    name: 'switching between neurons',
    options: { inputSize: 20, layerSizes: [10, 4], aggregation: 'switching' },
    rowCount: 200,
  },
  {
    name: 'batches, weighted rows',
    options: { inputSize: 40, layerSizes: [18], updateMode: 'batch', learningRate: 0.001 },
    rowCount: 200,
    weighted: true,
  },
  {
    name: 'Hadamard gates, tight weights',
    options: {
      inputSize: 70,
      layerSizes: [24, 3],
      numClasses: 4,
      gating: 'hadamard',
      shareContexts: true,
      contextMapSize: 6,
      weightClipping: 0.05,
      learningRate: 0.05,
    },
    rowCount: 250,
  },
  {
    name: 'few features a gate',
    options: { inputSize: 24, layerSizes: [12], gateFeatures: 2, basePredictor: 'probabilities' },
    rowCount: 150,
  },
  {
    name: 'preprocessing',
    options: { inputSize: 6, layerSizes: [20, 6], basePredictor: stages, sideInfo: stages },
    rowCount: 300,
    missing: true,
  },
  {
    name: 'whitening',
    options: {
      inputSize: 12,
      layerSizes: [10],
      basePredictor: [{ type: 'whiten' }],
      sideInfo: [{ type: 'normalScore' }],
    },
    rowCount: 300,
  },
];

function rowsOf({ options, rowCount, missing = false, weighted = false }: Training) {
  const random = new Random(7);
  const { inputSize, numClasses = 2 } = options;
  const values = random.floats(rowCount * inputSize, () => {
    if (missing && random.below(10) === 0) return Number.NaN;
    return missing ? random.below(6) : random.bell();
  });
  const labels = Uint32Array.from({ length: rowCount }, (_, row) => {
    const first = values[row * inputSize];
    return Math.abs(Math.trunc(4 * (first || 0))) % numClasses;
  });
  const weights = random.floats(rowCount, () => random.below(4) / 2);
  return { values, labels, options: weighted ? { weights } : {} };
}

function learn(training: Training): string {
  const model = new GLN({ seed: 11, ...training.options });
  const { values, labels, options } = rowsOf(training);
  const { inputSize } = training.options;
  const hash = createHash('sha256');
  const take = (array: Float32Array | Uint32Array) =>
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  take(model.learn(values, labels, { ...options, returnProbs: true }));
  // Single rows take a way of their own.
  for (let row = 0; row < 20; row++) {
    model.learn(values.subarray(row * inputSize, (row + 1) * inputSize), labels[row]);
  }
  take(model.predict(values));
  take(model.predict(values, undefined, { returnProbs: true }));
  hash.update(digest(model.parameters()));
  hash.update(model.toBuffer());
  return hash.digest('hex');
}

/** A digest of predictions, final weights and the saved file of every training. */
export function runTrainings(): Record<string, string> {
  return Object.fromEntries(trainings.map((training) => [training.name, learn(training)]));
}
