/**
 * It learns: better than online linear regression in one pass and in several, on a
 * table and on curves, with variances that mean something.
 */
import { evaluateRegressor, GaussianGLN, RegressionMetrics } from '../../lib';
import {
  boston,
  friedman,
  GradientDescent,
  LeastSquares,
  type LinearModel,
  prequential,
  rootMeanSquare,
  slice,
} from './boston';

/** The first rows tell every model no more than the target's scale. */
const FIRST = 10;
const seeds = [1, 2, 3, 4, 5];
const shape = { layerSizes: [50, 25], seed: 1 };

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

it('is better than online linear regressions on the Boston table in one pass', () => {
  const ours = seeds.map((seed) => {
    const { inputSize, rows, targets } = boston(seed);
    const { means } = new GaussianGLN({ ...shape, inputSize }).learn(rows, targets);
    return rootMeanSquare(means, targets, FIRST);
  });
  const scoreOf = (make: (inputSize: number) => LinearModel) =>
    mean(
      seeds.map((seed) => {
        const data = boston(seed);
        const predictions = prequential(make(data.inputSize), data);
        return rootMeanSquare(predictions, data.targets, FIRST);
      }),
    );
  const descents = [0.003, 0.01, 0.03].map((rate) =>
    scoreOf((inputSize) => new GradientDescent(inputSize, rate)),
  );
  expect(mean(ours)).toBeLessThan(Math.min(...descents));
  expect(mean(ours)).toBeLessThan(scoreOf((inputSize) => new LeastSquares(inputSize)));
});

it('is far better than least squares on rows of the Boston table that it has not seen', () => {
  const ratios = seeds.map((seed) => {
    const data = boston(seed);
    const [train, test] = [slice(data, 0, 455), slice(data, 455, 506)];
    const model = new GaussianGLN({ ...shape, inputSize: data.inputSize });
    for (let pass = 0; pass < 10; pass++) model.learn(train.rows, train.targets);
    const { rootMeanSquaredError, rSquared } = evaluateRegressor(model, test.rows, test.targets);
    expect(rSquared).toBeGreaterThan(0.6);
    const linear = new LeastSquares(data.inputSize);
    prequential(linear, train);
    const theirs = Array.from(test.targets, (_, i) =>
      linear.predict(test.rows.subarray(i * data.inputSize, (i + 1) * data.inputSize)),
    );
    return rootMeanSquaredError / rootMeanSquare(theirs, test.targets);
  });
  expect(mean(ratios)).toBeLessThan(0.85);
});

it('is better than least squares on curves, in one pass', () => {
  const data = friedman(4000, 3);
  const model = new GaussianGLN({ ...shape, inputSize: data.inputSize });
  const { means, variances } = model.learn(data.rows, data.targets);
  const late = 2000;
  const theirs = prequential(new LeastSquares(data.inputSize), data);
  const ours = rootMeanSquare(means, data.targets, late);
  expect(ours).toBeLessThan(0.92 * rootMeanSquare(theirs, data.targets, late));
  // Nine of ten targets within 1.645 deviations, were the errors normal.
  const inside = Array.from(means).filter(
    (m, i) => i >= late && Math.abs(data.targets[i] - m) < 1.645 * Math.sqrt(variances[i]),
  );
  expect(inside.length / (data.targets.length - late)).toBeGreaterThan(0.85);
  expect(inside.length / (data.targets.length - late)).toBeLessThan(0.96);
});

it('finds out where there is more noise', () => {
  const data = friedman(6000, 5);
  const noisy = Float64Array.from(data.targets, (_, i) => {
    const [left, right] = [data.rows[i * 10], data.rows[i * 10 + 1]];
    return left > 0.5 ? 3 * data.targets[(i * 7919) % 6000] : right;
  });
  const model = new GaussianGLN({ ...shape, inputSize: 10 });
  model.learn(data.rows, noisy);
  const row = (first: number) =>
    Float32Array.from({ length: 10 }, (_, i) => (i === 0 ? first : 0.5));
  const [quiet] = model.predict(row(0.1)).variances;
  const [loud] = model.predict(row(0.9)).variances;
  expect(loud).toBeGreaterThan(3 * quiet);
});

it('says as much in the units of the target, whatever they are', () => {
  const data = friedman(500, 9);
  const scaled = data.targets.map((y) => 1024 * y);
  const learned = (targets: Float64Array) => {
    const model = new GaussianGLN({ ...shape, inputSize: 10 });
    model.learn(data.rows, targets);
    return model.predict(data.rows);
  };
  const one = learned(data.targets);
  const other = learned(scaled);
  // A power of two changes no digit.
  expect(other.means).toEqual(one.means.map((m) => 1024 * m));
  expect(other.variances).toEqual(one.variances.map((v) => 1024 ** 2 * v));
});

it('is scored as the metrics are defined', () => {
  const data = friedman(300, 4);
  const model = new GaussianGLN({ ...shape, inputSize: 10 });
  const { means, variances } = model.learn(data.rows, data.targets);
  const metrics = new RegressionMetrics();
  metrics.updateBatch({ targets: data.targets, means, variances });
  expect(metrics.snapshot().rootMeanSquaredError).toBeCloseTo(
    rootMeanSquare(means, data.targets),
    10,
  );
});
