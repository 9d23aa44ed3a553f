/** The formula for a network's memory in docs/architecture.md, against `model.memory`. */

import { GLN, type GLNOptions } from '../../lib/index';
import { Random } from '../support/random';

const ceil = (value: number, unit: number) => Math.ceil(value / unit) * unit;
const pad = (size: number) => {
  const padded = ceil(size, 16);
  return padded > 64 && padded % 32 === 0 ? padded + 16 : padded;
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Sizes as the page names them. */
function sizesOf(model: GLN) {
  const { layerSizes, contextMapSize: K, bias, sideInfoSize, shareContexts } = model.options;
  const networks = model.numNetworks;
  const N = networks * (sum(layerSizes) + 1);
  const inputs = [model.inputSize, ...layerSizes].map((size) => size + Number(bias));
  const G = shareContexts ? N / networks : N;
  const S = sideInfoSize ?? model.inputSize;
  const P = Math.max(16, 2 ** Math.ceil(Math.log2(S)));
  return { K, S, P, networks, N, G, inputs, strides: inputs.map(pad) };
}

function gateBytes(model: GLN): number {
  const { K, S, P, G } = sizesOf(model);
  if (model.options.gating === 'dense') return 4 * (S + 1) * ceil(K * G, 16);
  return 12 * P * Math.ceil(G / Math.floor(P / K)) + 8 * K * G;
}

function workspaceBytes(model: GLN, rows: number): number {
  const { K, P, N, networks, G, inputs, strides } = sizesOf(model);
  const single = rows === 1;
  const behind = single ? 0 : 15;
  const dense = model.options.gating === 'dense';
  const outputs = strides.slice(1).map((stride) => 4 * stride * (networks * rows + behind));
  const long = inputs.map((size) => size > 64);
  const grams = long.slice(1).some(Boolean) ? networks : Number(long[0]);
  const panels = Math.max(single ? 0 : 256 * Math.max(...strides), dense ? 0 : 128 * P);
  const scratch = single ? 1152 + panels : 88_192 + panels + 2 * 2 ** K;
  return (
    4 * strides[0] * (rows + behind) +
    2 * G * rows +
    (dense ? 2 * Math.ceil((K * G) / 16) * rows : 0) +
    sum(outputs) +
    (12 * networks * rows + 4 * behind) +
    12 * rows +
    (model.options.aggregation === 'switching'
      ? 4 * networks * rows + 8 * (networks + 1) * (N / networks)
      : 0) +
    grams * ((single ? 0 : 16_384 * (rows / 64 + 1)) + 4 * rows) +
    model.options.threads * scratch
  );
}

function tableBytes(model: GLN): number {
  const { K, N, networks } = sizesOf(model);
  const tables = model.options.updateMode === 'batch' ? 2 : 1;
  const mixture = model.options.aggregation === 'switching' ? N / networks : 0;
  return tables * 8 * (2 ** K * N + mixture) + 4 * N;
}

const small = { inputSize: 3, layerSizes: [4] };
const switching = { aggregation: 'switching' } as const;
const networks: [string, GLNOptions][] = [
  ['small', small],
  ['of several classes', { inputSize: 50, layerSizes: [20, 7], numClasses: 5 }],
  ['with long rows', { inputSize: 300, layerSizes: [16, 8], numClasses: 3, threads: 2 }],
  ['with long rows deep inside', { inputSize: 70, layerSizes: [90, 4], numClasses: 3 }],
  ['with many contexts', { inputSize: 40, layerSizes: [30], contextMapSize: 10, sideInfoSize: 9 }],
  ['in batch mode', { inputSize: 80, layerSizes: [10], updateMode: 'batch', bias: false }],
  ['without gates', { inputSize: 20, layerSizes: [5], contextMapSize: 0 }],
  ['with shared gates', { inputSize: 99, layerSizes: [9], numClasses: 4, shareContexts: true }],
  ['with a mixture', { inputSize: 20, layerSizes: [50, 9], numClasses: 3, ...switching }],
  ['with a mixture in batch mode', { ...small, updateMode: 'batch', ...switching }],
  ['with structured gates', { inputSize: 99, layerSizes: [9, 9], gating: 'hadamard' }],
];

/** What the page leaves out: a shared row for each table, and a byte for each chain. */
function leftOut(model: GLN): number {
  const { strides } = sizesOf(model);
  const chains = 9;
  return 2 * 4 * sum(strides) + chains * model.numNetworks;
}

describe.each(networks)('a network %s', (_, options) => {
  it('holds at first what the page says', () => {
    const model = new GLN(options);
    const expected = gateBytes(model) + tableBytes(model) + workspaceBytes(model, 1);
    expect(model.memory).toBeGreaterThanOrEqual(expected);
    expect(model.memory).toBeLessThanOrEqual(expected + leftOut(model));
  });

  it('grows to the block and the weight rows that it needs', () => {
    const model = new GLN(options);
    const { K, S, inputs, strides, networks: count } = sizesOf(model);
    const random = new Random(3);
    const rows = 130;
    const input = random.floats(rows * model.inputSize);
    const labels = Array.from({ length: rows }, () => random.below(model.numClasses));
    const given = options.sideInfoSize === undefined ? {} : { sideInfo: random.floats(rows * S) };
    model.learn(input, labels, given);

    const before = gateBytes(model) + tableBytes(model) + workspaceBytes(model, 192);
    const weights = model.parameters().map((layer, index) => {
      const size = inputs[index];
      let touched = 0;
      for (let at = 0; at < layer.weights.length; at += size) {
        const row = layer.weights.subarray(at, at + size);
        if (row.some((weight) => weight !== Math.fround(1 / size))) touched += 1;
      }
      const neurons = layer.weights.length / size / 2 ** K;
      expect(neurons % count).toBe(0);
      return { used: 4 * strides[index] * touched, first: 16 * strides[index] };
    });
    const used = sum(weights.map((layer) => layer.used));
    const reserved = sum(weights.map((layer) => 1.5 * layer.used + layer.first));
    expect(model.memory).toBeGreaterThanOrEqual(before + used);
    expect(model.memory).toBeLessThanOrEqual(before + reserved + leftOut(model));
  });
});

it('with given parameters has a row for every context', () => {
  const options = { inputSize: 20, layerSizes: [6], contextMapSize: 3 };
  const model = GLN.fromParameters(options, new GLN(options).parameters());
  const { N, K, strides } = sizesOf(model);
  expect(N).toBe(7);
  const weights = 4 * 2 ** K * (6 * strides[0] + strides[1]);
  const expected = gateBytes(model) + tableBytes(model) + workspaceBytes(model, 1) + weights;
  expect(model.memory).toBeGreaterThanOrEqual(expected);
  expect(model.memory).toBeLessThanOrEqual(expected + leftOut(model));
});
