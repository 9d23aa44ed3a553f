/** Layers by themselves: KerasFactory's behaviour of the gated linear unit, shapes, and errors. */

import { runInNewContext } from 'node:vm';
import {
  Add,
  BatchNormalization,
  Concatenate,
  Dense,
  Dropout,
  GatedLinearUnit,
  GatedResidualNetwork,
  input,
  LayerNormalization,
  Model,
  Multiply,
  randomNormal,
  setRandomSeed,
  tensor,
} from '../../lib/layers';

const coded = (code: string) => expect.objectContaining({ code });

describe('GatedLinearUnit', () => {
  it('halves where gates have zero weights', () => {
    const glu = new GatedLinearUnit({ units: 1 });
    glu.build([null, 1]);
    glu.linear.setWeights([[[1]], [0]]);
    glu.sigmoid.setWeights([[[0]], [0]]);
    expect(glu.apply([[2]]).toArray()).toEqual([[1]]);
  });

  it('has its sub-layers, built with it', () => {
    const glu = new GatedLinearUnit({ units: 8 });
    expect(glu.built).toBe(false);
    glu.build([null, 16]);
    expect(glu.built).toBe(true);
    expect(glu.linear.units).toBe(8);
    expect(glu.linear.activation).toBe('linear');
    expect(glu.sigmoid.units).toBe(8);
    expect(glu.sigmoid.activation).toBe('sigmoid');
    expect(glu.linear.kernel.shape).toEqual([16, 8]);
    expect([...glu.weights.keys()]).toEqual([
      'linear/kernel',
      'linear/bias',
      'sigmoid/kernel',
      'sigmoid/bias',
    ]);
    expect(glu.countParams()).toBe(2 * (16 * 8 + 8));
  });

  it.each([[[32, 16]], [[16, 32]], [[2, 3, 5]], [[2, 3, 4, 5]]])(
    'takes inputs of shape %j',
    (shape) => {
      const output = new GatedLinearUnit({ units: 8 }).apply(randomNormal(shape));
      expect(output.shape).toEqual([...shape.slice(0, -1), 8]);
      expect(output.data.some((x) => x !== 0)).toBe(true);
    },
  );

  it('acts the same in training', () => {
    const glu = new GatedLinearUnit({ units: 8 });
    const x = randomNormal([32, 16]);
    expect(glu.apply(x, { training: true }).data).toEqual(glu.apply(x, { training: false }).data);
  });

  it.each([0, -1, 3.5, '8', Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, undefined, null, 8n])(
    'refuses %p units',
    (units) => {
      const options = { units } as unknown as { units: number };
      for (const make of [GatedLinearUnit, Dense, GatedResidualNetwork]) {
        expect(() => new make(options)).toThrow(coded('ERR_GLN_OPTION'));
      }
      expect(() => new GatedLinearUnit(options)).toThrow(/units: expected a positive integer/);
    },
  );

  it('is made again from its configuration', () => {
    const glu = new GatedLinearUnit({ units: 8, name: 'gate' });
    expect(glu.getConfig()).toEqual({ name: 'gate', units: 8 });
    expect(GatedLinearUnit.fromConfig(glu.getConfig()).getConfig()).toEqual(glu.getConfig());
    const seeded = new GatedLinearUnit({ units: 8, seed: 3 });
    expect(GatedLinearUnit.fromConfig(seeded.getConfig()).getConfig()).toEqual(seeded.getConfig());
  });

  it('begins with Glorot-uniform kernels of their own and zero biases', () => {
    const glu = new GatedLinearUnit({ units: 60, seed: 1 });
    glu.build([null, 40]);
    const limit = Math.sqrt(6 / 100);
    for (const { kernel, bias } of [glu.linear, glu.sigmoid]) {
      const { values } = kernel;
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit);
      expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
      // The variance of a uniform distribution; 2,400 numbers give it to some 2 %.
      const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
      expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
      expect(bias?.values.every((x) => x === 0)).toBe(true);
    }
    expect(glu.linear.kernel.values).not.toEqual(glu.sigmoid.kernel.values);
  });
});

describe('every layer', () => {
  const layers = [
    new Dense({ units: 3, activation: 'elu', useBias: false }),
    new GatedLinearUnit({ units: 3 }),
    new GatedResidualNetwork({ units: 3, dropoutRate: 0.3 }),
    new Dropout({ rate: 0.5, seed: 4 }),
    new BatchNormalization({ momentum: 0.9, center: false }),
    new LayerNormalization({ epsilon: 0.01 }),
    new Multiply(),
    new Add(),
    new Concatenate({ axis: 1 }),
  ];

  it.each(layers.map((layer) => [layer.className, layer] as const))(
    '%s comes back from its configuration',
    (_, layer) => {
      const { fromConfig } = layer.constructor as unknown as {
        fromConfig(config: object): typeof layer;
      };
      expect(fromConfig(layer.getConfig()).getConfig()).toEqual(layer.getConfig());
      expect(() => fromConfig({ ...layer.getConfig(), unknown: 1 })).toThrow(
        coded('ERR_GLN_OPTION'),
      );
    },
  );

  it('has a name of its own', () => {
    expect(new Dense({ units: 1 }).name).not.toBe(new Dense({ units: 1 }).name);
    expect(new Dense({ units: 1, name: 'mine' }).name).toBe('mine');
    for (const name of ['', 'a/b', 7, null, 'x'.repeat(201)]) {
      const options = { units: 1, name } as { units: number; name: string };
      expect(() => new Dense(options)).toThrow(coded('ERR_GLN_OPTION'));
    }
  });

  it('draws the same weights from the same seed', () => {
    const draw = () => {
      const layer = new GatedResidualNetwork({ units: 4 });
      layer.build([null, 3]);
      return layer.getWeights().map(({ data }) => data);
    };
    setRandomSeed(9);
    const first = draw();
    const second = draw();
    setRandomSeed(9);
    expect(draw()).toEqual(first);
    expect(second).not.toEqual(first);
  });
});

it('refuses options out of range', () => {
  const wrong: (() => unknown)[] = [
    () => new Dense({ units: 1, activation: 'swish' as 'relu' }),
    () => new Dense({ units: 1, useBias: 1 as unknown as boolean }),
    () => new Dense({ units: 1, seed: -1 }),
    () => new Dropout({ rate: 1.1 }),
    () => new Dropout({ rate: Number.NaN }),
    () => new GatedResidualNetwork({ units: 1, dropoutRate: 1 }),
    () => new BatchNormalization({ momentum: 1 }),
    () => new BatchNormalization({ epsilon: 0 }),
    () => new LayerNormalization({ epsilon: -1 }),
    () => new Concatenate({ axis: 0.5 }),
    () => input({ shape: [] }),
    () => input({ shape: [0] }),
    () => input({ shape: 20 as unknown as number[] }),
    () => setRandomSeed(0.5),
  ];
  for (const make of wrong) expect(make).toThrow(coded('ERR_GLN_OPTION'));
});

describe('shapes', () => {
  const dense = new Dense({ units: 2 });
  dense.build([null, 3]);

  it.each([
    ['another width', [[1, 2]]],
    ['one axis', [1, 2, 3]],
    ['nothing', []],
    [
      'rows of unequal length',
      [
        [1, 2, 3],
        [1, 2],
      ],
    ],
  ])('refuses %s', (_, values) => {
    expect(() => dense.apply(values)).toThrow(coded('ERR_GLN_SHAPE'));
  });

  it.each([['text'], [null], [{}], [[['a', 'b', 'c']]], [[[1, 2, [3]]]], [new BigInt64Array(3)]])(
    'refuses %p, which is no array of numbers',
    (values) => {
      expect(() => dense.apply(values as unknown as number[][])).toThrow(coded('ERR_GLN_TYPE'));
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e39])('refuses %p among values', (value) => {
    expect(() => dense.apply([[1, value, 3]])).toThrow(coded('ERR_GLN_VALUE'));
  });

  it('refuses weights of another shape, and keeps those that it had', () => {
    const before = dense.getWeights().map(({ data }) => data);
    const kernel = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(() => dense.setWeights([kernel])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => dense.setWeights([kernel, [1]])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => dense.setWeights([kernel, [1, Number.NaN]])).toThrow(coded('ERR_GLN_VALUE'));
    expect(dense.getWeights().map(({ data }) => data)).toEqual(before);
    dense.setWeights([kernel, Float32Array.of(7, 8)]);
    expect(dense.apply([[1, 0, 1]]).toArray()).toEqual([[13, 16]]);
  });

  it('says what is not built', () => {
    expect(() => new Dense({ units: 2 }).getWeights()).toThrow(coded('ERR_GLN_OPTION'));
    expect(() => new Dense({ units: 2 }).build([null])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => dense.build([null, 4])).toThrow(coded('ERR_GLN_SHAPE'));
  });

  it('refuses inputs that do not go together', () => {
    const wide = input({ shape: [4] });
    const narrow = input({ shape: [3] });
    const single = input({ shape: [1] });
    expect(() => new Multiply().apply([wide, narrow])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => new Add().apply([wide])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => new Add().apply(wide)).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => new Concatenate({ axis: 0 }).apply([wide, wide])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(() => new Dense({ units: 1 }).apply([wide, narrow])).toThrow(coded('ERR_GLN_SHAPE'));
    expect(new Multiply().apply([wide, single]).shape).toEqual([null, 4]);
    expect(new Concatenate().apply([wide, narrow]).shape).toEqual([null, 7]);
  });

  it('refuses networks that cannot be', () => {
    const inputs = input({ shape: [3], name: 'rows' });
    const other = input({ shape: [3] });
    const outputs = new Dense({ units: 1, name: 'dense' }).apply(inputs);
    const twin = new Dense({ units: 1, name: 'dense' }).apply(outputs);
    expect(() => new Model({ inputs: other, outputs })).toThrow(/expected to depend on/);
    expect(() => new Model({ inputs, outputs: twin })).toThrow(/got dense twice/);
    expect(() => new Model({ inputs: [inputs, inputs], outputs })).toThrow(coded('ERR_GLN_OPTION'));
    expect(() => new Model({ inputs, outputs: [] })).toThrow(coded('ERR_GLN_OPTION'));
    expect(() => new Model({ inputs, outputs: dense as never })).toThrow(coded('ERR_GLN_OPTION'));
  });
});

it('takes memory that goes away for what it is', () => {
  const data = new Float32Array(6);
  const rows = tensor(data, [2, 3]);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  expect(() => new Dense({ units: 1 }).apply(rows)).toThrow(coded('ERR_GLN_SHAPE'));
});

it('takes arrays of another realm', () => {
  const rows = runInNewContext('[[1, 2, 3]]') as number[][];
  expect(new Dense({ units: 2 }).apply(rows).shape).toEqual([1, 2]);
});

describe('Dropout', () => {
  it('keeps the mean, and lets everything through afterwards', () => {
    const dropout = new Dropout({ rate: 0.25, seed: 1 });
    const ones = tensor(new Float32Array(40_000).fill(1), [200, 200]);
    const dropped = dropout.apply(ones, { training: true }).data;
    expect(new Set(dropped)).toEqual(new Set([0, Math.fround(4 / 3)]));
    // The share of 40,000 draws deviates by some 0.002.
    const zeros = dropped.filter((x) => x === 0).length / dropped.length;
    expect(Math.abs(zeros - 0.25)).toBeLessThan(0.01);
    expect(dropout.apply(ones, { training: true }).data).not.toEqual(dropped);
    expect(dropout.apply(ones).data).toEqual(ones.data);
    expect(new Dropout({ rate: 0 }).apply(ones, { training: true }).data).toEqual(ones.data);
    const all = new Dropout({ rate: 1 }).apply(ones, { training: true }).data;
    expect(all.every((x) => x === 0)).toBe(true);
  });
});

describe('BatchNormalization', () => {
  it('moves its averages in training alone, by Keras’s rule', () => {
    const layer = new BatchNormalization({ momentum: 0.9 });
    const x = tensor([
      [1, 10],
      [3, 30],
    ]);
    layer.apply(x);
    const averages = () => layer.getWeights().slice(2);
    expect(averages().map((each) => each.toArray())).toEqual([
      [0, 0],
      [1, 1],
    ]);
    layer.apply(x, { training: true });
    const [means, variances] = averages().map(({ data }) => data);
    // 0.9 · 0 + 0.1 · mean and 0.9 · 1 + 0.1 · variance, in single precision.
    expect(means[0]).toBeCloseTo(0.2, 6);
    expect(means[1]).toBeCloseTo(2, 6);
    expect(variances[0]).toBeCloseTo(1, 6);
    expect(variances[1]).toBeCloseTo(10.9, 5);
  });
});
