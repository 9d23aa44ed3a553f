/**
 * Calls of every kind on networks of every kind, for an addon that was built with
 * sanitizers: what is computed does not matter here, only that no byte is touched
 * that should not be. Runs in the folder that scripts/sanitize.mjs stages.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { callTensors } from './tensors.mjs';

const { GLN, GlnError } = createRequire(import.meta.url)('../../dist/index.js');

const stages = [
  { type: 'impute' },
  { type: 'clip', minimum: -1e6, maximum: 1e6 },
  {
    type: 'branches',
    branches: [
      [{ type: 'standardize' }, { type: 'square', factor: 0.5 }],
      [{ type: 'normalScore' }, { type: 'whiten' }],
      [{ type: 'bins', bins: 3 }, { type: 'center' }],
      [
        { type: 'select', columns: [1, 0] },
        { type: 'oneHot', columns: [1], size: 3 },
      ],
      [{ type: 'hash', columns: [0, 2], size: 5 }, { type: 'normalizeRow' }],
      [{ type: 'branches', branches: [[{ type: 'scale', offset: 1, factor: 2 }]] }],
    ],
  },
];
const linear = (size) => [
  { type: 'linear', matrix: Array.from({ length: 3 * size }, (_, i) => Math.sin(i)) },
];

/** Narrow and wide rows, one network and several, and every option once at least. */
const models = [
  { inputSize: 5, layerSizes: [4] },
  { inputSize: 1, layerSizes: [], contextMapSize: 0, bias: false },
  { inputSize: 17, layerSizes: [16, 3], numClasses: 4, updateMode: 'batch', threads: 2 },
  { inputSize: 130, layerSizes: [33, 17], numClasses: 3, threads: 3, chaining: 'always' },
  { inputSize: 70, layerSizes: [70, 5], gating: 'hadamard', contextBias: true, threads: 2 },
  { inputSize: 9, layerSizes: [8, 4], shareContexts: true, numClasses: 3, aggregation: 'average' },
  { inputSize: 6, layerSizes: [5], gateFeatures: 2, sideInfoSize: 3, layerRates: [1, 0.5] },
  { inputSize: 6, layerSizes: [5], basePredictor: stages, sideInfo: stages, inputLimit: 3e38 },
  { inputSize: 6, layerSizes: [5], basePredictor: linear(6), sideInfo: [{ type: 'center' }] },
  { inputSize: 4, layerSizes: [3], basePredictor: (row) => Array.from(row, Math.cos) },
  { inputSize: 4, layerSizes: [3], basePredictor: 'logits', predClipping: 1e-7 },
];

let state = 7;
function uniform() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
const floats = (length) => Float32Array.from({ length }, () => 4 * uniform() - 2);

/** Waits for a call; it may end by being aborted or because its model is gone. */
async function settled(promise) {
  try {
    await promise;
  } catch (error) {
    const codes = ['ERR_GLN_ABORTED', 'ERR_GLN_DISPOSED', 'ERR_GLN_BUSY'];
    if (!(error instanceof GlnError) || !codes.includes(error.code)) throw error;
  }
}

function makeCall(model, count) {
  const { inputSize, numClasses, sideInfoSize } = model.options;
  return {
    rows: floats(count * inputSize),
    labels: Uint8Array.from({ length: count }, () => Math.floor(uniform() * numClasses)),
    options: sideInfoSize === undefined ? {} : { sideInfo: floats(count * sideInfoSize) },
  };
}

function lookAt(model) {
  const { rows, options } = makeCall(model, 1);
  model.predict(rows, undefined, options);
  model.layerPredictions(rows, options);
  model.contexts(rows, options);
  model.explain(rows, options);
  model.parameters();
}

async function callAll(options, folder) {
  const model = new GLN({ ...options, learningRate: (t) => 0.1 / Math.sqrt(t) });
  for (const count of [1, 3, 64, 65, 200]) {
    const call = makeCall(model, count);
    model.learn(call.rows, call.labels, call.options);
    model.learn(Float64Array.from(call.rows), Array.from(call.labels), {
      ...call.options,
      returnProbs: true,
      outClasses: new Uint32Array(count),
      weights: Array.from({ length: count }, () => Math.floor(3 * uniform())),
    });
    model.predict(call.rows, undefined, { ...call.options, returnProbs: true });
    lookAt(model);
  }
  const file = path.join(folder, 'model.safetensors');
  await model.save(file);
  const { basePredictor } = options;
  const again = typeof basePredictor === 'function' ? { basePredictor } : {};
  const given = { ...again, learningRate: 0.01 };
  const loaded = await GLN.load(file, given);
  const copy = GLN.fromBuffer(model.toBuffer(), given);
  await callAsync(loaded);
  lookAt(copy);
  copy.dispose();
  model.dispose();
}

/** Learning, looks while it learns, an abort, and an end in the middle. */
async function callAsync(model) {
  const call = makeCall(model, 1500);
  const controller = new AbortController();
  const pending = [
    settled(model.learnAsync(call.rows, call.labels, call.options)),
    settled(model.predictAsync(call.rows, { ...call.options, returnProbs: true })),
    settled(
      model.learnAsync(call.rows, call.labels, { ...call.options, signal: controller.signal }),
    ),
  ];
  lookAt(model);
  model.toBuffer();
  await new Promise((resolve) => setTimeout(resolve, 2));
  controller.abort();
  await Promise.all(pending);
  const last = settled(model.learnAsync(call.rows, call.labels, call.options));
  model.dispose();
  await last;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'gln-sanitize-'));
try {
  for (const options of models) await callAll(options, folder);
  callTensors(floats);
  globalThis.gc();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
