/**
 * Reads the golden vectors of Gaussian networks: any file `gaussian-*.json` in the
 * folder becomes a test of the reference and of the engine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GaussianGLNOptions } from '../../lib';
import type { GaussianLayer, GaussianOptions } from '../reference/gaussian';

const folder = join(__dirname, '..', 'fixtures', 'golden');

/** One row with what was predicted for it. */
export interface GaussianGoldenRow {
  input: number[];
  mean: number;
  variance: number;
}

export interface GaussianGolden {
  name: string;
  /** Layer sizes here have the last layer of one neuron. */
  config: GaussianOptions & {
    layerSizes: number[];
    inputSize: number;
    contextMapSize: number;
    learningRate: number;
  };
  layers: GaussianLayer[];
  /** Learned in order; predictions are from before the update. */
  steps: (GaussianGoldenRow & { target: number })[];
  /** [layers][neurons][contexts][inputs] */
  finalWeights: number[][][][];
  test: GaussianGoldenRow[];
}

export function readGaussianGoldens(): GaussianGolden[] {
  const names = readdirSync(folder).filter((name) => /^gaussian-.*\.json$/.test(name));
  return names.sort().map((name) => ({
    name,
    ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Omit<GaussianGolden, 'name'>),
  }));
}

/** The rule of the file alone: nothing is standardised. */
export function gaussianGoldenOptions({ config }: GaussianGolden): GaussianGLNOptions {
  const { layerSizes, ...named } = config;
  return {
    ...named,
    layerSizes: layerSizes.slice(0, -1),
    standardize: false,
  };
}
