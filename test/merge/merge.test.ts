/** What a merged network is: means of weights, sums of rows, statistics of all rows. */

import { decodeTensors } from '../../lib/format/tensor-file';
import { GLN, type GLNOptions, type Preprocessing } from '../../lib/index';
import { missingRows } from '../preprocessing/pipelines';
import { stateOf } from '../saving/plans';
import { Random } from '../support/random';

const INPUTS = 6;
const stages: Preprocessing = [
  { type: 'impute', indicators: [1] },
  {
    type: 'branches',
    branches: [
      [{ type: 'standardize' }],
      [
        { type: 'center', factor: 0.01 },
        { type: 'clip', minimum: -4, maximum: 4 },
      ],
      [{ type: 'whiten' }],
      [{ type: 'normalScore' }],
      [{ type: 'bins', bins: 3 }],
    ],
  },
];
const plain: GLNOptions = {
  inputSize: INPUTS,
  layerSizes: [5, 3],
  numClasses: 3,
  contextMapSize: 3,
  learningRate: 0.05,
  basePredictor: 'minMax',
  seed: 7,
  threads: 1,
};
const staged: GLNOptions = { ...plain, basePredictor: stages, sideInfo: stages };

function rowsOf(options: GLNOptions, count: number, seed: number): Float32Array {
  const random = new Random(seed);
  if (options === staged) return missingRows(count, seed);
  return random.floats(count * options.inputSize);
}

function labelsOf(count: number, seed: number): Uint8Array {
  const random = new Random(1000 + seed);
  return Uint8Array.from({ length: count }, () => random.below(3));
}

function taught(options: GLNOptions, count: number, seed: number): GLN {
  const model = new GLN(options);
  if (count > 0) model.learn(rowsOf(options, count, seed), labelsOf(count, seed));
  return model;
}

function statisticsOf(model: GLN): Float64Array {
  const { tensors } = decodeTensors(model.toBuffer());
  return tensors.get('statistics')?.data as Float64Array;
}

const variants: [string, GLNOptions][] = [
  ['minMax', plain],
  ['every kind of statistics', staged],
  ['structured gates', { ...plain, gating: 'hadamard', shareContexts: true }],
  ['two classes in batches', { ...plain, numClasses: 2, updateMode: 'batch' }],
  ['long rows, tight clipping', { ...plain, inputSize: 90, weightClipping: 0.02 }],
  ['a mixture', { ...plain, aggregation: 'switching' }],
  ['no gates', { ...plain, contextMapSize: 0, layerSizes: [] }],
];

describe.each(variants)('%s', (_, options) => {
  const classes = options.numClasses ?? 2;
  const teach = (model: GLN, count: number, seed: number) =>
    model.learn(
      rowsOf(options, count, seed),
      labelsOf(count, seed).map((label) => label % classes),
      { returnProbs: true },
    );
  const make = (count: number, seed: number) => {
    const model = new GLN(options);
    if (count > 0) teach(model, count, seed);
    return model;
  };

  it('of a model with itself predicts as that model does', () => {
    const model = make(300, 1);
    const merged = GLN.merge([model, model]);
    const rows = rowsOf(options, 50, 2);
    expect(merged.rowsSeen).toBe(600);
    expect(merged.parameters()).toEqual(model.parameters());
    expect(merged.predict(rows, undefined, { returnProbs: true })).toEqual(
      model.predict(rows, undefined, { returnProbs: true }),
    );
  });

  it('is the mean of all weights, by rows seen or as told', () => {
    const models = [make(300, 1), make(100, 2), make(0, 3)];
    for (const weights of [undefined, [1, 1, 2]]) {
      const shares = weights === undefined ? [0.75, 0.25, 0] : [0.25, 0.25, 0.5];
      const merged = GLN.merge(models, weights).parameters();
      const all = models.map((model) => model.parameters());
      merged.forEach((layer, k) => {
        expect(layer.hyperplanes).toEqual(all[0][k].hyperplanes);
        const mean = layer.weights.map((_weight, i) =>
          all.reduce((sum, parameters, m) => sum + shares[m] * parameters[k].weights[i], 0),
        );
        // The same sums, in double precision, rounded once: an ulp at the most.
        let furthest = 0;
        layer.weights.forEach((weight, i) => {
          furthest = Math.max(furthest, Math.abs(weight - mean[i]) / Math.abs(mean[i]));
        });
        expect(furthest).toBeLessThan(2 ** -22);
      });
    }
  });

  it('does not depend on the order, leaves its models alone, and is saved whole', () => {
    const models = [make(300, 1), make(170, 2)];
    const before = models.map(stateOf);
    const merged = GLN.merge(models);
    expect(models.map(stateOf)).toEqual(before);
    expect(stateOf(GLN.merge([...models].reverse()))).toEqual(stateOf(merged));
    const loaded = GLN.fromBuffer(merged.toBuffer());
    expect(teach(loaded, 130, 5)).toEqual(teach(merged, 130, 5));
    expect(stateOf(loaded)).toEqual(stateOf(merged));
  });

  it('keeps learning within the clipping', () => {
    const bound = Math.fround(options.weightClipping ?? 5);
    const merged = GLN.merge([make(200, 1), make(200, 2)], [3, 1]);
    const began = merged.parameters();
    teach(merged, 500, 3);
    merged.parameters().forEach(({ weights }, k) => {
      // A row that was not learned in may begin beyond the clipping, and stays there.
      weights.forEach((weight, i) => {
        const moved = weight !== began[k].weights[i];
        if (moved && Math.abs(weight) > bound) throw new Error(`layer ${k}: ${weight} at ${i}`);
      });
    });
    expect(merged.rowsSeen).toBe(900);
  });
});

it('has the statistics of all rows, as if one model had seen them', () => {
  // One stage after another would see what the first gave, which depends on the rows before.
  const options: GLNOptions = {
    ...plain,
    basePredictor: [
      {
        type: 'branches',
        branches: [
          [{ type: 'standardize' }],
          [{ type: 'center' }],
          [{ type: 'impute' }],
          [{ type: 'whiten' }],
        ],
      },
    ],
  };
  const counts = [400, 150, 1, 0];
  const merged = GLN.merge(counts.map((count, i) => taught({ ...options }, count, i + 1)));
  const whole = new GLN(options);
  for (const [i, count] of counts.entries()) {
    if (count > 0) whole.learn(rowsOf(plain, count, i + 1), labelsOf(count, i + 1));
  }
  const got = statisticsOf(merged);
  const expected = statisticsOf(whole);
  const refresh = 7 * INPUTS + 1;
  const map = refresh + 1 + INPUTS + INPUTS ** 2;
  // Sums of a few hundred numbers of about 1, in double precision.
  for (let i = 0; i < map; i++) {
    if (i !== refresh) expect(Math.abs(got[i] - expected[i])).toBeLessThan(1e-9);
  }
  // The map is made anew of the sums with the next row.
  expect(got[refresh]).toBe(552);
  merged.learn(rowsOf(plain, 1, 9), 0);
  const renewed = statisticsOf(merged);
  expect(renewed[refresh]).toBe(Math.ceil(552 * 1.5));
  expect(renewed.subarray(map)).not.toEqual(got.subarray(map));
});

it('keeps all samples of few values, and an even choice of many', () => {
  const ranks: GLNOptions = { ...plain, inputSize: 1, basePredictor: [{ type: 'normalScore' }] };
  const of = (from: number, count: number) => {
    const model = new GLN(ranks);
    const rows = Float32Array.from({ length: count }, (_, i) => from + i);
    model.learn(rows, new Uint8Array(count));
    return model;
  };
  const few = statisticsOf(GLN.merge([of(50, 50), of(0, 50)]));
  expect(few[0]).toBe(100);
  expect(Array.from(few.subarray(1, 101))).toEqual(Array.from({ length: 100 }, (_, i) => i));
  // 900 values from 0 on and 100 from 5000 on: nine of ten samples are of the first.
  const many = statisticsOf(GLN.merge([of(5000, 100), of(0, 900)]));
  expect(many[0]).toBe(1000);
  const high = many.subarray(1).filter((x) => x >= 5000).length;
  expect(Math.abs(high / 256 - 0.1)).toBeLessThan(0.005);
});

it('takes models that learned in different ways, and goes on as the first would', () => {
  const base = (row: Float32Array) => [0.5 + 0.4 * Math.tanh(row[0])];
  const options: GLNOptions = { ...plain, basePredictor: base };
  const first = taught({ ...options, learningRate: (t) => 1 / t }, 20, 1);
  const second = taught({ ...options, learningRate: 0.5, threads: 2 }, 20, 2);
  const merged = GLN.merge([first, second]);
  expect(merged.options).toEqual(first.options);
  merged.learn(rowsOf(options, 5, 3), labelsOf(5, 3));
  expect(merged.rowsSeen).toBe(45);
  // Nothing was learned by either: all count the same.
  expect(GLN.merge([new GLN(plain), new GLN(plain)]).parameters()).toEqual(
    new GLN(plain).parameters(),
  );
});

it('lets a model be merged while it learns', async () => {
  const model = new GLN(plain);
  const learning = model.learnAsync(rowsOf(plain, 5000, 1), labelsOf(5000, 1));
  const merged = GLN.merge([model, model]);
  await learning;
  expect(merged.rowsSeen % 2).toBe(0);
  expect(merged.rowsSeen).toBeLessThanOrEqual(10_000);
});
