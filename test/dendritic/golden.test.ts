/**
 * The rule is DeepMind's: their notebook's own step functions, run in float64, left
 * these predictions and weights.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DendriticGatedNetwork, DendriticGatedRegressor } from '../../lib/index';
import { ReferenceDendrites } from '../reference/dendritic-network';
import { expectClose } from '../support/closeness';

interface Golden {
  inputSize: number;
  layerSizes: number[];
  branches: number;
  gateBias: number;
  learningRate: number;
  epochs: number;
  rows: number[][];
  targets: number[];
  layers: { weights: number[]; hyperplanes: number[]; hyperplaneBias: number[] }[];
  predictions: number[];
  weights: number[][];
}

function golden(kind: 'binary' | 'regression'): Golden {
  const path = join(__dirname, '..', 'fixtures', 'golden', `dendritic-${kind}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Golden;
}

function optionsOf({ inputSize, layerSizes, branches, learningRate }: Golden) {
  return { inputSize, layerSizes, branches, learningRate, weightSharing: 'layer' as const };
}

function epochs({ epochs, targets }: Golden): number[][] {
  return Array.from({ length: epochs }, () => targets);
}

// Predictions and weights are of order 1; float32 rounds each of 180 steps to 6e-8.
const tolerance = { absolute: 1e-5 };

describe('the notebook', () => {
  test('binary', () => {
    const given = golden('binary');
    const model = DendriticGatedNetwork.fromParameters(optionsOf(given), given.layers);
    const predictions = epochs(given).flatMap((targets) =>
      Array.from(model.learn(given.rows, targets, { returnProbs: true })),
    );
    expectClose(predictions, given.predictions, tolerance, 'predictions');
    model.parameters().forEach(({ weights }, k) => {
      expectClose(weights, given.weights[k], tolerance, `weights of layer ${k}`);
    });
  });

  test('regression', () => {
    const given = golden('regression');
    const model = DendriticGatedRegressor.fromParameters(optionsOf(given), given.layers);
    const predictions = epochs(given).flatMap((targets) =>
      Array.from(model.learn(given.rows, targets)),
    );
    expectClose(predictions, given.predictions, tolerance, 'predictions');
    model.parameters().forEach(({ weights }, k) => {
      expectClose(weights, given.weights[k], tolerance, `weights of layer ${k}`);
    });
  });

  test.each(['binary', 'regression'] as const)('the specification: %s', (kind) => {
    const given = golden(kind);
    const { learningRate, rows } = given;
    const binary = kind === 'binary' && { predClipping: 0.01 };
    const reference = new ReferenceDendrites(
      { ...given, bias: true, weightSharing: 'layer', ...binary },
      given.layers,
    );
    const predictions = epochs(given).flatMap((targets) =>
      rows.map((row, i) => reference.learn(row, targets[i], learningRate)),
    );
    // The fixture's numbers have nine digits.
    expectClose(predictions, given.predictions, { absolute: 1e-7 }, 'predictions');
    reference.layers.forEach(({ weights }, k) => {
      expectClose(weights, given.weights[k], { absolute: 1e-7 }, `weights of layer ${k}`);
    });
  });
});
