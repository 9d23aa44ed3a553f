/** What calls promise: nothing half done, asynchronous equals synchronous, predict changes nothing. */
import { GaussianGLN, GlnAbortError, RegressionMetrics } from '../../lib';
import { expectComplaint } from '../support/misuse';
import { friedman } from './boston';

const data = friedman(600, 2);
const options = { inputSize: 10, layerSizes: [12, 6], seed: 1 };

it('predicts without changing anything, and counts no row of weight 0', () => {
  const model = new GaussianGLN(options);
  model.learn(data.rows, data.targets);
  const bytes = model.toBuffer();
  const predicted = model.predict(data.rows);
  expect(model.learn(data.rows, data.targets, { weights: 0 })).toEqual(predicted);
  model.layerPredictions(data.rows.subarray(0, 10));
  model.contexts(data.rows.subarray(0, 10));
  expect(model.toBuffer().equals(bytes)).toBe(true);
  expect(model.learn(data.rows, data.targets).means[0]).toBe(predicted.means[0]);
});

it('takes every form of rows and targets, side information and arrays for results', () => {
  const nested = Array.from({ length: 3 }, (_, i) => [...data.rows.subarray(i * 10, i * 10 + 10)]);
  const targets = [...data.targets.subarray(0, 3)];
  const flat = new GaussianGLN(options).learn(
    data.rows.subarray(0, 30),
    Float64Array.from(targets),
  );
  expect(new GaussianGLN(options).learn(nested, targets)).toEqual(flat);
  const out = { means: new Float64Array(3), variances: new Float64Array(3) };
  const result = new GaussianGLN(options).learn(nested.flat(), targets, { out });
  expect(result.means).toBe(out.means);
  expect(out).toEqual(flat);
  const sided = new GaussianGLN({ ...options, sideInfoSize: 2 });
  const { means } = sided.learn(nested, targets, { sideInfo: [1, 2, 3, 4, 5, 6] });
  expect(means).toHaveLength(3);
});

it('learns and predicts the same bits on another thread', async () => {
  const one = new GaussianGLN(options);
  const other = new GaussianGLN(options);
  const learned = one.learn(data.rows, data.targets);
  const [first, second] = await Promise.all([
    other.learnAsync(data.rows.subarray(0, 3000), data.targets.subarray(0, 300)),
    other.learnAsync(data.rows.subarray(3000), data.targets.subarray(300)),
  ]);
  expect([...first.means, ...second.means]).toEqual([...learned.means]);
  expect(await other.predictAsync(data.rows)).toEqual(one.predict(data.rows));
  expect(other.toBuffer().equals(one.toBuffer())).toBe(true);
  const stopped = other.learnAsync(data.rows, data.targets, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toThrow(GlnAbortError);
});

it.each([
  ['learn', [data.rows, data.targets.subarray(1)], 'ERR_GLN_SHAPE', 'target'],
  ['learn', [data.rows], 'ERR_GLN_TYPE', 'target'],
  ['learn', [data.rows.subarray(0, 10), 'one'], 'ERR_GLN_TYPE', 'target'],
  ['learn', [data.rows.subarray(0, 10), NaN], 'ERR_GLN_VALUE', 'target'],
  ['learn', [data.rows.subarray(0, 10), 1e308], 'ERR_GLN_VALUE', 'target'],
  ['learn', [data.rows.subarray(0, 20), [1, 2e15]], 'ERR_GLN_VALUE', 'target'],
  ['learn', [data.rows.subarray(0, 20), [1, null]], 'ERR_GLN_TYPE', 'target'],
  ['learn', [data.rows.subarray(0, 9), 1], 'ERR_GLN_SHAPE', 'input'],
  ['predict', [Array(10).fill(NaN)], 'ERR_GLN_VALUE', 'input'],
  ['predict', [data.rows, { out: [] }], 'ERR_GLN_TYPE', 'out.means'],
  ['predict', [data.rows, { out: 3 }], 'ERR_GLN_TYPE', 'out'],
  ['predict', [data.rows, { weights: 1 }], 'ERR_GLN_OPTION', 'weights'],
  ['predict', [data.rows, { wieghts: 1 }], 'ERR_GLN_OPTION', 'wieghts'],
] as const)('%s refuses what it cannot have: %#', (method, args, code, names) => {
  const model = new GaussianGLN(options);
  model.learn(data.rows, data.targets);
  const bytes = model.toBuffer();
  expectComplaint(() => Reflect.apply(model[method], model, [...args]), { code, names });
  expect(model.toBuffer().equals(bytes)).toBe(true);
});

it.each([
  ['inputSize', 0],
  ['layerSizes', [0]],
  ['contextMapSize', 17],
  ['contextBias', 1],
  ['contextBiasScale', 0],
  ['gateFeatures', 0],
  ['preprocessing', 'standardize'],
  ['sideInfo', [{ type: 'nothing' }]],
  ['sideInfoSize', 0.5],
  ['standardize', null],
  ['rule', 'plain'],
  ['learningRate', 0],
  ['layerRates', [1]],
  ['inputVariance', 0],
  ['minVariance', -1],
  ['maxVariance', 0.001],
  ['meanLimit', 0],
  ['biasLength', -1],
  ['biasMaxMean', Infinity],
  ['biasVariance', NaN],
  ['weightRange', [1, 1]],
  ['aggregation', 'average'],
  ['seed', -1],
  ['inputLimit', 0],
  ['threads', 0],
  ['layers', 2],
])('refuses %s: %p', (name, value) => {
  const make = () => Reflect.construct(GaussianGLN, [{ ...options, [name]: value }]);
  expectComplaint(make, { code: 'ERR_GLN_OPTION', names: name });
});

it('is of no more use once disposed', () => {
  const model = new GaussianGLN(options);
  expect(model.memory).toBeGreaterThan(0);
  model.dispose();
  expect(model.memory).toBe(0);
  for (const use of [() => model.predict(data.rows), () => model.toBuffer()]) {
    expectComplaint(use, { code: 'ERR_GLN_DISPOSED', names: 'disposed' });
  }
});

describe('metrics', () => {
  const metrics = () => new RegressionMetrics();
  const rows = [
    [1, 1.5, 0.5, 2],
    [3, 2, 1, 1],
    [-2, 0, 4, 0.5],
  ] as const;

  it('are what they are defined as', () => {
    const all = metrics();
    for (const [y, mean, variance, weight] of rows) all.update(y, mean, variance, weight);
    const weighted = (f: (y: number, m: number, v: number) => number) =>
      rows.reduce((sum, [y, m, v, w]) => sum + w * f(y, m, v), 0) / 3.5;
    const report = all.snapshot();
    expect(report.rootMeanSquaredError ** 2).toBeCloseTo(
      weighted((y, m) => (y - m) ** 2),
      12,
    );
    expect(report.meanAbsoluteError).toBeCloseTo(
      weighted((y, m) => Math.abs(y - m)),
      12,
    );
    expect(report.negativeLogLikelihood).toBeCloseTo(
      weighted((y, m, v) => Math.log(2 * Math.PI * v) / 2 + (y - m) ** 2 / (2 * v)),
      12,
    );
    const centre = weighted((y) => y);
    const spread = weighted((y) => (y - centre) ** 2);
    expect(report.rSquared).toBeCloseTo(1 - weighted((y, m) => (y - m) ** 2) / spread, 12);
  });

  it('merge, go on from their state, and refuse what is none', () => {
    const [one, other, all] = [metrics(), metrics(), metrics()];
    rows.forEach(([y, mean, variance, weight], i) => {
      (i === 0 ? one : other).update(y, mean, variance, weight);
      all.update(y, mean, variance, weight);
    });
    const restored = RegressionMetrics.restore(JSON.parse(JSON.stringify(one.state())));
    restored.merge(other);
    const [got, expected] = [restored.snapshot(), all.snapshot()];
    expect(got.numRows).toBe(3);
    expect(got.rSquared).toBeCloseTo(expected.rSquared, 12);
    expect(got.negativeLogLikelihood).toBeCloseTo(expected.negativeLogLikelihood, 12);
    expect(metrics().snapshot().rSquared).toBeNaN();
    const restore = () => RegressionMetrics.restore({ ...one.state(), numVariances: 9 });
    expectComplaint(restore, { code: 'ERR_GLN_FORMAT', names: 'numVariances' });
    expectComplaint(() => one.update(1, 1, 0), { code: 'ERR_GLN_VALUE', names: 'variance' });
  });
});
