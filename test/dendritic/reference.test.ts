/** Random networks of both forms against the specification, row after row. */
import { DendriticGatedNetwork, DendriticGatedRegressor } from '../../lib/index';
import { ReferenceDendrites } from '../reference/dendritic-network';
import { expectClose } from '../support/closeness';
import type { FlatLayer } from '../support/gln';
import { Random } from '../support/random';

// How near to an edge a row may lie: float32 errs by about 1e-6 there.
const leastMargin = 1e-4;
// Predictions and weights of order 1 after a few hundred roundings of 6e-8.
const tolerance = { absolute: 2e-5, relative: 2e-5 };

interface Case {
  inputSize: number;
  layerSizes: number[];
  branches: number;
  bias: boolean;
  gateBias: number;
  weightSharing?: 'none' | 'layer';
}

const cases: Case[] = [
  { inputSize: 1, layerSizes: [], branches: 1, bias: true, gateBias: 1 },
  { inputSize: 6, layerSizes: [5, 3], branches: 4, bias: true, gateBias: 1 },
  { inputSize: 17, layerSizes: [18], branches: 33, bias: false, gateBias: 0.3 },
  { inputSize: 40, layerSizes: [3], branches: 64, bias: true, gateBias: 0 },
  {
    ...{ inputSize: 20, layerSizes: [35, 4], branches: 5, bias: true, gateBias: 1 },
    weightSharing: 'layer',
  },
];

/** Rows that lie clearly on one side of every halfspace. */
function clearRows(reference: ReferenceDendrites, inputSize: number, random: Random) {
  const rows = Array.from({ length: 120 }, () =>
    random.floats(inputSize, () => 2 * random.normal()),
  );
  return rows.filter((row) => reference.margin(row) > leastMargin);
}

function flatRows(rows: readonly Float32Array[]): number[] {
  return rows.flatMap((row) => Array.from(row));
}

function compareWeights(layers: readonly FlatLayer[], reference: ReferenceDendrites): void {
  reference.layers.forEach(({ weights }, k) => {
    expectClose(layers[k].weights, weights, tolerance, `weights of layer ${k}`);
  });
}

test.each(cases)('binary: %j', (options) => {
  const random = new Random(options.branches);
  const model = new DendriticGatedNetwork({ ...options, learningRate: 0.01, seed: 5 });
  const layers = model.parameters();
  const reference = new ReferenceDendrites({ ...options, predClipping: 0.01 }, layers);
  const rows = clearRows(reference, options.inputSize, random);
  expect(rows.length).toBeGreaterThan(60);
  const labels = rows.map((row) => (row[0] + 0.3 * random.normal() > 0 ? 1 : 0));
  const actual = model.learn(flatRows(rows), labels, { returnProbs: true });
  const expected = rows.map((row, i) => reference.learn(row, labels[i], 0.01));
  expectClose(actual, expected, tolerance, 'probabilities');
  compareWeights(model.parameters(), reference);
});

test.each(cases)('regression: %j', (options) => {
  const random = new Random(options.branches);
  const model = new DendriticGatedRegressor({ ...options, learningRate: 1e-4, seed: 6 });
  const reference = new ReferenceDendrites(options, model.parameters());
  const rows = clearRows(reference, options.inputSize, random);
  const targets = rows.map((row) => 2 * row[0] + random.normal());
  const actual = model.learn(flatRows(rows), targets);
  const expected = rows.map((row, i) => reference.learn(row, targets[i], 1e-4));
  expectClose(actual, expected, tolerance, 'predictions');
  compareWeights(model.parameters(), reference);
});

test('one network a class, each its own', () => {
  const options = { inputSize: 5, layerSizes: [4], branches: 6, bias: true };
  const random = new Random(1);
  const model = new DendriticGatedNetwork({ ...options, numClasses: 3, learningRate: 0.02 });
  const layers = model.parameters();
  const third = (values: Float32Array, k: number) =>
    values.subarray((k * values.length) / 3, ((k + 1) * values.length) / 3);
  const references = [0, 1, 2].map(
    (k) =>
      new ReferenceDendrites(
        { ...options, predClipping: 0.01 },
        layers.map(({ weights, hyperplanes, hyperplaneBias }) => ({
          weights: third(weights, k),
          hyperplanes: third(hyperplanes, k),
          hyperplaneBias: third(hyperplaneBias, k),
        })),
      ),
  );
  const rows = Array.from({ length: 120 }, () => random.floats(5)).filter((row) =>
    references.every((reference) => reference.margin(row) > leastMargin),
  );
  const labels = rows.map(() => random.below(3));
  const actual = model.learn(flatRows(rows), labels, { returnProbs: true });
  const expected = rows.flatMap((row, i) =>
    references.map((reference, k) => reference.learn(row, labels[i] === k ? 1 : 0, 0.02)),
  );
  expectClose(actual, expected, tolerance, 'probabilities');
});

test('halfspaces are scaled as in the notebook: all numbers of a neuron but the last columns', () => {
  const model = new DendriticGatedNetwork({
    inputSize: 7,
    branches: 5,
    layerSizes: [3],
    gateBias: 2,
  });
  for (const { hyperplanes, hyperplaneBias } of model.parameters()) {
    const neurons = hyperplaneBias.length / 5;
    for (let neuron = 0; neuron < neurons; neuron++) {
      let square = 0;
      for (let plane = 5 * neuron; plane < 5 * (neuron + 1); plane++) {
        square += (hyperplaneBias[plane] / 2) ** 2;
        for (let i = 0; i < 6; i++) square += hyperplanes[plane * 7 + i] ** 2;
      }
      expect(square).toBeCloseTo(1, 5);
    }
  }
});
