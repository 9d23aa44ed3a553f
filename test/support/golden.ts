/**
 * Reads the golden vectors: what another implementation computed in float64.
 *
 * Any file `pygln-*.json` in the folder becomes a test of the reference and of
 * the engine; nothing is hard-wired to the files that happen to be there. What a
 * file says in its config must agree with the shapes of its arrays, so that a
 * misread axis is an error here and not a puzzling difference later.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BasePredictor } from '../reference/arithmetic';
import type { ReferenceOptions } from '../reference/gln';
import { flatten, type NumberTree, shapeOf } from '../reference/trees';

const folder = join(__dirname, '..', 'fixtures', 'golden');

/** The parameters of one layer, nested: [networks][neurons][contexts or halfspaces][values]. */
export interface GoldenLayer {
  weights: number[][][][];
  hyperplanes: number[][][][];
  hyperplaneBias: number[][][];
}

/** The rows of one call. */
export interface GoldenStep {
  input: number[][];
  target: number[];
  /** [rows][networks], from before each row's update (in batch mode: before the step). */
  probs: number[][];
  sideInfo?: number[][];
}

export interface GoldenTest {
  input: number[][];
  probs: number[][];
  labels: number[];
  sideInfo?: number[][];
}

export interface GoldenOptions extends ReferenceOptions {
  /** Without the last layer of one neuron. */
  layerSizes: number[];
  contextBias: boolean;
  learningRate: number;
}

export interface Golden {
  name: string;
  options: GoldenOptions;
  layers: GoldenLayer[];
  steps: GoldenStep[];
  /** [layers][networks][neurons][contexts][inputs] */
  finalWeights: number[][][][][];
  test: GoldenTest;
}

interface GoldenFile {
  config: {
    layerSizes: number[];
    inputSize: number;
    sideInfoSize?: number;
    numClasses: number;
    contextMapSize: number;
    bias: boolean;
    contextBias: boolean;
    learningRate: number;
    predClipping: number;
    weightClipping: number;
    basePredictor: string;
    updateMode: string;
  };
  layers: GoldenLayer[];
  steps: GoldenStep[];
  finalWeights: number[][][][][];
  test: GoldenTest;
}

/** Every golden file of Bernoulli networks, by name. */
export function readGoldens(): Golden[] {
  const names = readdirSync(folder).filter((name) => /^pygln-.*\.json$/.test(name));
  return names.sort().map((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as GoldenFile;
    const { steps, layers, finalWeights, test } = file;
    const golden = { name, options: readOptions(name, file), layers, steps, finalWeights, test };
    check(golden);
    return golden;
  });
}

function readOptions(name: string, { config }: GoldenFile): GoldenOptions {
  // Named one by one: a file may say more in its config than a network wants to know.
  const { inputSize, layerSizes, numClasses, contextMapSize, sideInfoSize } = config;
  const { bias, contextBias, learningRate, predClipping, weightClipping } = config;
  return {
    inputSize,
    layerSizes,
    numClasses,
    contextMapSize,
    ...(sideInfoSize !== undefined && { sideInfoSize }),
    bias,
    contextBias,
    learningRate,
    predClipping,
    weightClipping,
    basePredictor: readBasePredictor(name, config.basePredictor),
    updateMode: config.updateMode.startsWith('batch') ? 'batch' : 'online',
  };
}

function readBasePredictor(name: string, text: string): BasePredictor {
  if (/min-?max/i.test(text)) return 'minMax';
  if (/logit/i.test(text)) return 'logits';
  if (/probabilit|identity/i.test(text)) return 'probabilities';
  throw new Error(`${name}: unknown base predictor ${text}`);
}

function check({ name, options, layers, steps, finalWeights, test }: Golden): void {
  const { inputSize, sideInfoSize = inputSize, numClasses, contextMapSize } = options;
  const networks = numClasses === 2 ? 1 : numClasses;
  const bias = options.bias ? 1 : 0;
  const sizes = [...options.layerSizes, 1];
  expectShape(name, 'layers', [layers.length], [sizes.length]);
  sizes.forEach((neurons, index) => {
    const inputs = (index === 0 ? inputSize : sizes[index - 1]) + bias;
    const weights = [networks, neurons, 2 ** contextMapSize, inputs];
    const planes = [networks, neurons, contextMapSize];
    const layer = layers[index];
    expectTree(name, `weights of layer ${index}`, layer.weights, weights);
    expectTree(name, `final weights of layer ${index}`, finalWeights[index], weights);
    if (contextMapSize > 0) {
      expectTree(name, `hyperplanes of layer ${index}`, layer.hyperplanes, [
        ...planes,
        sideInfoSize,
      ]);
      expectTree(name, `hyperplane bias of layer ${index}`, layer.hyperplaneBias, planes);
    }
  });
  for (const rows of [...steps, test]) {
    expectTree(name, 'input', rows.input, [rows.input.length, inputSize]);
    expectTree(name, 'probs', rows.probs, [rows.input.length, networks]);
  }
}

function expectTree(name: string, what: string, tree: NumberTree, shape: number[]): void {
  expectShape(name, what, shapeOf(tree), shape);
  const length = shape.reduce((product, size) => product * size, 1);
  if (flatten(tree).length !== length) throw new Error(`${name}: ${what} is ragged`);
}

function expectShape(name: string, what: string, actual: number[], expected: number[]): void {
  if (actual.join() !== expected.join()) {
    throw new Error(`${name}: ${what} is [${actual}], expected [${expected}]`);
  }
}
