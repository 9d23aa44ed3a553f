/** Files of layered models: they go on as if nothing had happened, and hostile ones are refused. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeTensors, encodeTensors } from '../../lib/format/tensor-file';
import { GLN } from '../../lib/index';
import {
  Add,
  BatchNormalization,
  Concatenate,
  Dense,
  Dropout,
  GatedLinearUnit,
  GatedResidualNetwork,
  input,
  type LayeredModel,
  LayerNormalization,
  Model,
  Multiply,
  type OptimizerName,
  randomNormal,
  Sequential,
  SGD,
  type Tensor,
} from '../../lib/layers';

const coded = (code: string) => expect.objectContaining({ code });
const folder = mkdtempSync(join(tmpdir(), 'gln-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const x = randomNormal([50, 5], { seed: 1 });
const y = Array.from({ length: 50 }, (_, row) => Number(x.data[5 * row] > 0));

function chain(): Sequential {
  const model = new Sequential(
    [
      input({ shape: [5] }),
      new GatedResidualNetwork({ units: 6, dropoutRate: 0.3 }),
      new BatchNormalization(),
      new Dropout({ rate: 0.2 }),
      new Dense({ units: 1, activation: 'sigmoid' }),
    ],
    { seed: 7 },
  );
  return model;
}

/** Every kind of layer, one of them used twice, and outputs by name. */
function drawn() {
  const inputs = input({ shape: [5] });
  const shared = new GatedLinearUnit({ units: 5, name: 'shared' });
  const gate = shared.apply(shared.apply(inputs));
  const both = new Multiply().apply([inputs, gate]);
  const sum = new Add().apply([both, new LayerNormalization().apply(inputs)]);
  const wide = new Concatenate().apply([sum, new Dropout({ rate: 0.1, seed: 5 }).apply(gate)]);
  const grn = new GatedResidualNetwork({ units: 4 }).apply(wide);
  const outputs = {
    kind: new Dense({ units: 2, activation: 'softmax' }).apply(grn),
    size: new Dense({ units: 1 }).apply(new BatchNormalization().apply(grn)),
  };
  return new Model({ inputs, outputs, seed: 8 });
}
const targets = { kind: y, size: y.map((label) => label - 0.5) };

const weightsOf = (model: LayeredModel) => model.getWeights().map(({ data }) => data);

describe.each<OptimizerName | 'momentum'>(['adam', 'sgd', 'rmsprop', 'momentum'])(
  'a fit with %s',
  (name) => {
    const optimizer = () => (name === 'momentum' ? new SGD({ momentum: 0.9 }) : name);

    it('goes on after saving exactly as without, in a chain', async () => {
      const model = chain();
      model.compile({ optimizer: optimizer(), loss: 'binary_crossentropy', metrics: ['accuracy'] });
      const path = join(folder, `${name}.safetensors`);
      await model.fit(x, y, { epochs: 2 });
      await model.save(path);
      const { history } = await model.fit(x, y, { epochs: 4, initialEpoch: 2 });
      const loaded = await Model.load(path);
      const resumed = await loaded.fit(x, y, { epochs: 4, initialEpoch: 2 });
      expect(loaded).toBeInstanceOf(Sequential);
      expect(resumed.history).toEqual(history);
      expect(resumed.epoch).toEqual([2, 3]);
      expect(weightsOf(loaded)).toEqual(weightsOf(model));
      expect(loaded.toBuffer()).toEqual(model.toBuffer());
    });

    it('goes on after saving exactly as without, in a drawn network', async () => {
      const model = drawn();
      model.compile({
        optimizer: optimizer(),
        loss: { kind: 'sparse_categorical_crossentropy', size: 'mse' },
        lossWeights: { size: 0.25 },
        metrics: { kind: 'accuracy', size: ['mae'] },
      });
      await model.fit(x, targets, { epochs: 1 });
      const bytes = model.toBuffer({ extra: { rows: [1, 2] } });
      const loaded = Model.fromBuffer<{ kind: never; size: never }>(bytes, { threads: 1 });
      expect(loaded.extra).toEqual({ rows: [1, 2] });
      expect(loaded.getConfig()).toEqual(model.getConfig());
      const { history } = await model.fit(x, targets, { epochs: 3, initialEpoch: 1 });
      const resumed = await loaded.fit(x, targets, { epochs: 3, initialEpoch: 1 });
      expect(resumed.history).toEqual(history);
      expect(weightsOf(loaded)).toEqual(weightsOf(model));
      const { kind, size } = loaded.predict(x) as { kind: Tensor; size: Tensor };
      expect(kind.data).toEqual(model.predict(x).kind.data);
      expect(size.data).toEqual(model.predict(x).size.data);
    });
  },
);

it('goes on as two fits in a row do as one', async () => {
  const [once, twice] = [chain(), chain()];
  for (const model of [once, twice]) model.compile({ optimizer: 'adam', loss: 'mse' });
  await once.fit(x, y, { epochs: 4 });
  await twice.fit(x, y, { epochs: 2 });
  await twice.fit(x, y, { epochs: 4, initialEpoch: 2 });
  expect(weightsOf(twice)).toEqual(weightsOf(once));
});

it('keeps a model that is not compiled', () => {
  const model = drawn();
  const loaded = Model.fromBuffer(model.toBuffer());
  expect(loaded.compiled).toBeUndefined();
  expect(weightsOf(loaded)).toEqual(weightsOf(model));
  expect(Model.fromConfig(model.getConfig(), { seed: 8 }).getConfig()).toEqual(model.getConfig());
});

it('keeps copies: neither bytes nor models change each other', () => {
  const model = chain();
  const bytes = model.toBuffer();
  const before = Buffer.from(bytes);
  const loaded = Sequential.fromBuffer(bytes);
  loaded.compile({ optimizer: 'sgd', loss: 'mse' });
  loaded.trainOnBatch(x, y);
  expect(bytes).toEqual(before);
  expect(weightsOf(loaded)).not.toEqual(weightsOf(model));
});

it('refuses what cannot be saved', () => {
  expect(() => new Sequential([new Dense({ units: 1 })]).toBuffer()).toThrow(
    coded('ERR_GLN_OPTION'),
  );
  const model = chain();
  const [weight] = model.weights.values();
  weight.values[0] = Number.POSITIVE_INFINITY;
  expect(() => model.toBuffer()).toThrow(coded('ERR_GLN_VALUE'));
});

describe('a hostile file', () => {
  const model = drawn();
  model.compile({
    optimizer: 'adam',
    loss: { kind: 'sparse_categorical_crossentropy', size: 'mse' },
    metrics: { kind: 'accuracy' },
  });
  model.trainOnBatch(x, targets);
  const good = decodeTensors(model.toBuffer());

  /** The file with one value of one text changed. */
  function withValue(key: string, path: readonly (string | number)[], value: unknown): Buffer {
    const text: unknown = JSON.parse(good.metadata.get(key) as string);
    let at = text as { [step: string | number]: unknown };
    for (const step of path.slice(0, -1)) at = at[step] as typeof at;
    at[path[path.length - 1]] = value;
    const metadata = new Map(good.metadata).set(key, JSON.stringify(text));
    return encodeTensors({ metadata, tensors: good.tensors });
  }

  const layer = ['config', 'layers', 0] as const;
  const changes: [string, string, readonly (string | number)[], unknown][] = [
    ['another class', 'gln.config', ['className'], 'Transformer'],
    ['a class that objects have', 'gln.config', ['className'], 'constructor'],
    ['no configuration', 'gln.config', ['config'], []],
    ['an unknown layer', 'gln.config', [...layer, 'className'], 'Lambda'],
    ['a layer that is none', 'gln.config', layer, null],
    ['no layers', 'gln.config', ['config', 'layers'], 3],
    ['huge units', 'gln.config', [...layer, 'config', 'units'], 2e9],
    ['more units', 'gln.config', [...layer, 'config', 'units'], 6],
    ['a use of no layer', 'gln.config', ['config', 'uses', 0, 0], 99],
    ['a use of what comes later', 'gln.config', ['config', 'uses', 0, 1], 9],
    ['a use of no slot', 'gln.config', ['config', 'uses', 0, 1], '0'],
    ['an output that is not there', 'gln.config', ['config', 'outputs', 'slots', 0], 77],
    ['an output kind', 'gln.config', ['config', 'outputs', 'kind'], 'tree'],
    ['an input without a shape', 'gln.config', ['config', 'tensors', 0, 'shape'], []],
    ['a negative seed', 'gln.state', ['seed'], -1],
    ['too few seeds', 'gln.state', ['seeds'], [1]],
    ['draws of no dropout', 'gln.state', ['draws', 'shared'], 1],
    ['half an epoch', 'gln.state', ['epochsBegun'], 0.5],
    ['an unknown optimiser', 'gln.training', ['optimizer', 'name'], 'lion'],
    ['an option of none', 'gln.training', ['optimizer', 'config', 'beta3'], 1],
    ['negative steps', 'gln.training', ['optimizer', 'iterations'], -1],
    [
      'arrays of another optimiser',
      'gln.training',
      ['optimizer'],
      { name: 'sgd', config: {}, iterations: 1 },
    ],
    ['too few goals', 'gln.training', ['goals'], []],
    ['an unknown loss', 'gln.training', ['goals', 0, 'loss', 'name'], 'hinge'],
    ['an unknown metric', 'gln.training', ['goals', 0, 'metrics', 0], 'f1'],
    ['a weight that is none', 'gln.training', ['goals', 0, 'weight'], 'x'],
  ];

  it.each(changes)('with %s is refused', (_, key, path, value) => {
    expect(() => Model.fromBuffer(withValue(key, path, value))).toThrow(coded('ERR_GLN_FORMAT'));
  });

  it.each(['gln.format', 'gln.model', 'gln.config', 'gln.state'])(
    'without %s is refused',
    (key) => {
      const metadata = new Map(good.metadata);
      metadata.delete(key);
      const bytes = encodeTensors({ metadata, tensors: good.tensors });
      expect(() => Model.fromBuffer(bytes)).toThrow(coded('ERR_GLN_FORMAT'));
      metadata.set(key, '{"');
      const broken = encodeTensors({ metadata, tensors: good.tensors });
      expect(() => Model.fromBuffer(broken)).toThrow(coded('ERR_GLN_FORMAT'));
    },
  );

  it('with tensors left out, added, misshapen or not finite is refused', () => {
    // Every fifth: of weights, and of what the optimiser keeps.
    const names = [...good.tensors.keys()].filter((_, i) => i % 5 === 0);
    expect(names.some((name) => name.startsWith('optimizer/'))).toBe(true);
    for (const name of names) {
      const { shape, data } = good.tensors.get(name) as { shape: number[]; data: Float32Array };
      const spoilt = data.slice();
      spoilt[spoilt.length - 1] = Number.NaN;
      const others = new Map(good.tensors);
      others.delete(name);
      const files = [
        others,
        new Map(others).set(name, { shape: [...shape, 1], data }),
        new Map(others).set(name, { shape, data: Float64Array.from(data) }),
        new Map(others).set(name, { shape, data: spoilt }),
        new Map(good.tensors).set(`${name}2`, { shape, data }),
      ];
      for (const tensors of files) {
        const bytes = encodeTensors({ metadata: good.metadata, tensors });
        expect(() => Model.fromBuffer(bytes)).toThrow(coded('ERR_GLN_FORMAT'));
      }
    }
  });

  it('cut or damaged anywhere is refused', () => {
    const bytes = model.toBuffer();
    for (let at = 0; at < bytes.length; at += 397) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 0x10;
      expect(() => Model.fromBuffer(damaged)).toThrow(coded('ERR_GLN_FORMAT'));
      expect(() => Model.fromBuffer(bytes.subarray(0, at))).toThrow(coded('ERR_GLN_FORMAT'));
    }
  });

  it('of another kind of model is refused', async () => {
    const gln = new GLN({ inputSize: 2, layerSizes: [2] });
    expect(() => Model.fromBuffer(gln.toBuffer())).toThrow(coded('ERR_GLN_FORMAT'));
    expect(() => GLN.fromBuffer(model.toBuffer())).toThrow(coded('ERR_GLN_FORMAT'));
    expect(() => Sequential.fromBuffer(model.toBuffer())).toThrow(coded('ERR_GLN_FORMAT'));
    const path = join(folder, 'text');
    writeFileSync(path, 'not a model');
    await expect(Model.load(path)).rejects.toThrow(coded('ERR_GLN_FORMAT'));
    await expect(Sequential.load(join(folder, 'nothing'))).rejects.toThrow(coded('ERR_GLN_IO'));
    await expect(Model.load(path, { thread: 1 } as object)).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/FORMAT|OPTION/) }),
    );
  });
});
