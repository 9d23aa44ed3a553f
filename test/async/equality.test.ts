/** learnAsync and predictAsync compute what learn and predict do, to the bit. */

import { GLN, type GLNOptions, type Labels, type LearnOptions, type Rows } from '../../lib/index';
import { Random } from '../support/random';
import { inputSize, makeModel, makeRows, numClasses, stateOf } from './support';

const count = 1500;
const { rows, labels } = makeRows(count);
const random = new Random(3);
const sideInfoSize = 7;
const sideInfo = random.floats(count * sideInfoSize);
// A fifth of the rows is only predicted, in runs of every length.
const weights = Float32Array.from({ length: count }, () =>
  random.uniform() < 0.2 ? 0 : random.between(0.5, 2),
);

const cases: [string, Partial<GLNOptions>, LearnOptions][] = [
  ['as it comes', {}, {}],
  ['with two threads', { threads: 2 }, {}],
  ['with a schedule', { learningRate: (t) => 0.01 / Math.sqrt(t) }, {}],
  [
    'with weights',
    { learningRate: { type: 'inverse', numerator: 10, maximum: 0.01 } },
    { weights },
  ],
  ['in batch mode', { updateMode: 'batch', learningRate: 1e-4 }, {}],
  ['with side information', { sideInfoSize }, { sideInfo }],
  ['with averaged outputs', { aggregation: 'average' }, {}],
  ['with a mixture of all neurons', { aggregation: 'switching' }, {}],
  ['with a mixture in batches', { aggregation: 'switching', updateMode: 'batch' }, {}],
  ['with structured gates', { gating: 'hadamard' }, {}],
  ['with a base predictor of its own', { basePredictor: (row) => row.map((x) => x / 9 + 0.5) }, {}],
];

describe.each(cases)('a model %s', (_, options, callOptions) => {
  const model = () => makeModel(options);

  it('learns the same asynchronously', async () => {
    const expected = model();
    const found = model();
    const call = { ...callOptions, returnProbs: true as const };
    const before = expected.learn(rows, labels, call);
    expect(await found.learnAsync(rows, labels, call)).toEqual(before);
    expect(stateOf(found)).toEqual(stateOf(expected));
    expect(found.memory).toBe(expected.memory);
  });

  it('predicts the same asynchronously', async () => {
    const trained = model();
    trained.learn(rows, labels, { ...callOptions, returnProbs: true });
    const { weights: _weights, ...rest } = callOptions;
    const call = { ...rest, returnProbs: true as const };
    expect(await trained.predictAsync(rows, call)).toEqual(trained.predict(rows, undefined, call));
  });
});

it('takes every form of rows and targets that synchronous calls take', async () => {
  const small = 9;
  const nested = Array.from({ length: small }, (_, i) =>
    Array.from(rows.subarray(i * inputSize, (i + 1) * inputSize)),
  );
  const targets = Array.from(labels.subarray(0, small));
  const expected = makeModel();
  expected.learn(nested, targets);
  const forms: [Rows, Labels][] = [
    [nested, targets],
    [nested.flat(), Int32Array.from(targets)],
    [Float64Array.from(nested.flat()), Float64Array.from(targets)],
    [Float32Array.from(nested.flat()), Uint32Array.from(targets)],
  ];
  for (const [input, target] of forms) {
    const model = makeModel();
    await model.learnAsync(input, target);
    expect(stateOf(model)).toEqual(stateOf(expected));
  }
  const single = makeModel();
  await single.learnAsync(nested[0], targets[0]);
  const twin = makeModel();
  twin.learn(nested[0], targets[0]);
  expect(stateOf(single)).toEqual(stateOf(twin));
});

it('makes calls in order: each learns on what those before it learned', async () => {
  const learningRate = (t: number) => 0.02 / t ** 0.3;
  const expected = makeModel({ learningRate });
  const model = makeModel({ learningRate });
  const parts = [1, 63, 64, 200, 37, 500, 1].map((size, i, sizes) => {
    const first = sizes.slice(0, i).reduce((sum, x) => sum + x, 0);
    return [first, first + size];
  });
  const ended: number[] = [];
  await Promise.all(
    parts.map(async ([first, last], i) => {
      const input = rows.subarray(first * inputSize, last * inputSize);
      await model.learnAsync(input, labels.subarray(first, last));
      ended.push(i);
    }),
  );
  for (const [first, last] of parts) {
    expected.learn(
      rows.subarray(first * inputSize, last * inputSize),
      labels.subarray(first, last),
    );
  }
  expect(ended).toEqual(parts.map((_, i) => i));
  expect(stateOf(model)).toEqual(stateOf(expected));
});

it('writes results to given arrays, at the end', async () => {
  const model = makeModel();
  const out = new Float32Array(count * numClasses);
  const outClasses = new Uint32Array(count);
  const twin = makeModel();
  const classes = new Uint32Array(count);
  const expected = twin.learn(rows, labels, { returnProbs: true, outClasses: classes });
  const call = { returnProbs: true as const, out, outClasses };
  const learning = model.learnAsync(rows, labels, call);
  expect(out.every((x) => x === 0)).toBe(true);
  expect(await learning).toBe(out);
  expect(out).toEqual(expected);
  expect(outClasses).toEqual(classes);
});

it('learns what the arrays held when the call was made', async () => {
  const model = makeModel();
  const twin = makeModel();
  const input = rows.slice();
  const targets = labels.slice();
  const learning = model.learnAsync(input, targets);
  input.fill(Number.NaN);
  targets.fill(255);
  await learning;
  twin.learn(rows, labels);
  expect(stateOf(model)).toEqual(stateOf(twin));
});

it('takes shared memory', async () => {
  const shared = new Float32Array(new SharedArrayBuffer(rows.byteLength));
  shared.set(rows);
  const model = makeModel();
  const twin = makeModel();
  const learning = model.learnAsync(shared, labels);
  shared.fill(0);
  await learning;
  twin.learn(rows, labels);
  expect(stateOf(model)).toEqual(stateOf(twin));
});

it('answers a binary model as the synchronous calls do', async () => {
  const binary = { inputSize, layerSizes: [8], numClasses: 2 };
  const targets = Array.from(labels, (label) => label > 1);
  const expected = new GLN(binary);
  const model = new GLN(binary);
  expected.learn(rows, targets);
  await model.learnAsync(rows, targets);
  const call = { returnProbs: true as const };
  expect(await model.predictAsync(rows, call)).toEqual(expected.predict(rows, undefined, call));
});
