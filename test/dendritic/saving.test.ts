/** Files of dendritic gated networks: whole ones come back, others are refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DendriticGatedNetwork, DendriticGatedRegressor, GLN } from '../../lib/index';
import { type OpenFile, spoiled, withData, withOptions } from '../saving/hostile-files';
import { digest } from '../support/gln';
import { thrown } from '../support/thrown';

const model = new DendriticGatedRegressor({
  ...{ inputSize: 3, layerSizes: [4, 2], branches: 3, weightClipping: 2, learningRate: 0.01 },
  ...{ preprocessing: [{ type: 'standardize' }], standardizeTargets: true },
});
model.learn([1, 2, 3, 2, 1, 0, 3, 3, 1], [5, 6, 4]);
const bytes = model.toBuffer();

test('a file is what the buffer is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dendritic-'));
  const path = join(folder, 'model.safetensors');
  try {
    await model.save(path, { extra: 'beside' });
    const loaded = await DendriticGatedRegressor.load(path, { threads: 1 });
    expect(loaded.extra).toBe('beside');
    expect(loaded.options).toEqual({ ...model.options, threads: 1 });
    expect(loaded.toBuffer()).toEqual(bytes);
    await expect(DendriticGatedNetwork.load(path)).rejects.toMatchObject({
      code: 'ERR_GLN_FORMAT',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a function must be given again', () => {
  const rate = (t: number) => 0.01 / t;
  const network = new DendriticGatedNetwork({ inputSize: 1, layerSizes: [], learningRate: rate });
  const saved = network.toBuffer();
  expect(thrown(() => DendriticGatedNetwork.fromBuffer(saved)).code).toBe('ERR_GLN_OPTION');
  const loaded = DendriticGatedNetwork.fromBuffer(saved, { learningRate: rate });
  expect(loaded.options.learningRate).toBe(rate);
  const wrong = { basePredictor: rate } as object;
  expect(thrown(() => DendriticGatedNetwork.fromBuffer(saved, wrong)).code).toBe('ERR_GLN_OPTION');
});

test('parameters make the same network', () => {
  const { threads: _, ...options } = model.options;
  const plain = { ...options, preprocessing: undefined, standardizeTargets: false };
  const one = new DendriticGatedRegressor(plain);
  one.learn([1, 2, 3], 4);
  const other = DendriticGatedRegressor.fromParameters({ ...plain, seed: 5 }, one.parameters());
  expect(digest(other.parameters())).toBe(digest(one.parameters()));
  expect(other.predict([3, 2, 1])).toEqual(one.predict([3, 2, 1]));
  const layers = one.parameters();
  layers[1].weights[0] = 3;
  const make = () => DendriticGatedRegressor.fromParameters(plain, layers);
  expect(thrown(make)).toMatchObject({
    code: 'ERR_GLN_VALUE',
    message: expect.stringContaining('layers[1].weights'),
  });
});

const hostile: readonly [string, (file: OpenFile) => void][] = [
  ['another kind', ({ metadata }) => metadata.set('gln.model', 'DendriticGatedNetwork')],
  ['no options', ({ metadata }) => metadata.delete('gln.options')],
  ['rows below 0', ({ metadata }) => metadata.set('gln.rows_seen', '-1')],
  ['an option of another form', withOptions((options) => ({ ...options, numClasses: 2 }))],
  ['threads', withOptions((options) => ({ ...options, threads: 1 }))],
  ['more branches', withOptions((options) => ({ ...options, branches: 4 }))],
  ['larger layers', withOptions((options) => ({ ...options, layerSizes: [2 ** 30, 2 ** 30] }))],
  ['more layers', withOptions((options) => ({ ...options, layerSizes: Array(1e5).fill(1) }))],
  ['no stages', withOptions(({ preprocessing: _, ...options }) => options)],
  ['options that are none', withOptions(() => '[]')],
  ['a tensor too few', ({ tensors }) => tensors.delete('layers.2.hyperplane_bias')],
  ['a tensor too many', ({ tensors }) => tensors.set('x', { shape: [1], data: new Int8Array(1) })],
  [
    'an infinite weight',
    withData<Float32Array>('layers.0.weights', (data) => data.fill(Number.POSITIVE_INFINITY)),
  ],
  ['a weight beyond the clipping', withData<Float32Array>('layers.0.weights', (x) => x.fill(2.1))],
  [
    'a halfspace that is none',
    withData<Float32Array>('layers.1.hyperplanes', (data) => data.fill(Number.NaN)),
  ],
  [
    'statistics that are none',
    withData<Float64Array>('statistics', (data) => data.fill(Number.NaN)),
  ],
];

test.each(hostile)('refused: %s', (_, change) => {
  const file = spoiled(bytes, change);
  const error = thrown(() => DendriticGatedRegressor.fromBuffer(file));
  expect(error.code).toBe('ERR_GLN_FORMAT');
});

test('cut short or changed anywhere', () => {
  for (let length = 0; length < bytes.length; length += 97) {
    const cut = thrown(() => DendriticGatedRegressor.fromBuffer(bytes.subarray(0, length)));
    expect(cut.code).toBe('ERR_GLN_FORMAT');
  }
  for (let at = 0; at < bytes.length; at += 61) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 0x11;
    const error = thrown(() => DendriticGatedRegressor.fromBuffer(changed));
    expect(error.code).toBe('ERR_GLN_FORMAT');
  }
});

test('models of other kinds', () => {
  const gln = new GLN({ inputSize: 3, layerSizes: [2] }).toBuffer();
  expect(thrown(() => DendriticGatedRegressor.fromBuffer(gln)).code).toBe('ERR_GLN_FORMAT');
  expect(thrown(() => GLN.fromBuffer(bytes)).code).toBe('ERR_GLN_FORMAT');
});
