/** Running metrics of predicted numbers, against their definitions. */
import {
  formatRegressionReport,
  RegressionMetrics,
  RunningRegressionMetrics,
} from '../../lib/index';
import { intervalReach, normalProbability } from '../../lib/metrics/normal';
import { Random } from '../support/random';

const random = new Random(7);
const ROWS = 3000;
const targets = Float64Array.from({ length: ROWS }, () => 100 + 20 * random.normal());
const variances = Float64Array.from({ length: ROWS }, () => random.between(4, 16));
const means = targets.map((target, i) => target + Math.sqrt(variances[i]) * random.normal());
const weights = Float64Array.from({ length: ROWS }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));

function counted(from = 0, to = ROWS, recentRows = 100): RunningRegressionMetrics {
  const metrics = new RunningRegressionMetrics({ recentRows });
  metrics.updateBatch({
    targets: targets.subarray(from, to),
    means: means.subarray(from, to),
    variances: variances.subarray(from, to),
    weights: weights.subarray(from, to),
  });
  return metrics;
}

describe('the normal distribution', () => {
  // Abramowitz and Stegun's table 26.1, to its fifteen digits.
  it.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [2, 0.97724986805182],
    [3, 0.99865010196837],
    [-1, 0.158655253931457],
  ])('is below %s with probability %s', (z, probability) => {
    expect(normalProbability(z)).toBeCloseTo(probability, 14);
  });

  it('reaches as far as tables say', () => {
    expect(intervalReach(0.5)).toBeCloseTo(0.674489750196082, 12);
    expect(intervalReach(0.9)).toBeCloseTo(1.644853626951472, 12);
    expect(intervalReach(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(normalProbability(40)).toBe(1);
  });
});

it('has the errors and the likelihood of RegressionMetrics', () => {
  const plain = new RegressionMetrics();
  plain.updateBatch({ targets, means, variances, weights });
  const weight = weights.reduce((sum, value) => sum + value, 0);
  expect(counted().snapshot()).toMatchObject({ ...plain.snapshot(), weight });
});

it('counts what intervals held', () => {
  const { intervals } = counted().snapshot();
  expect(intervals.map(({ level }) => level)).toEqual(
    Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  );
  const all = weights.reduce((sum, value) => sum + value, 0);
  for (const { level, coverage } of intervals) {
    const reach = intervalReach(level);
    const held = targets.reduce((sum, target, i) => {
      const inside = Math.abs(target - means[i]) <= reach * Math.sqrt(variances[i]);
      return inside ? sum + weights[i] : sum;
    }, 0);
    expect(coverage).toBe(held / all);
    // The numbers are drawn as predicted: four standard deviations of a fraction of 2400 rows,
    // whose weights make them count as about 2100.
    expect(Math.abs(coverage - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / 2100));
  }
});

it('lets earlier rows fade', () => {
  const metrics = new RunningRegressionMetrics({ recentRows: 4 });
  metrics.update(0, 3, 1);
  metrics.update(0, 1, 1, 2);
  const { recent } = metrics;
  expect(recent.rootMeanSquaredError).toBeCloseTo(Math.sqrt((0.75 * 9 + 2) / 2.75), 12);
  expect(recent.meanAbsoluteError).toBeCloseTo((0.75 * 3 + 2) / 2.75, 12);
  const loss = (error: number) => 0.5 * (Math.log(2 * Math.PI) + error ** 2);
  expect(recent.negativeLogLikelihood).toBeCloseTo((0.75 * loss(3) + 2 * loss(1)) / 2.75, 12);
});

it('keeps at most 512 rows, evenly over all', () => {
  const metrics = new RunningRegressionMetrics();
  for (let i = 0; i < 5000; i++) metrics.update(i, i + 0.5);
  const kept = metrics.sample.map(({ target }) => target);
  expect(kept).toEqual(Array.from({ length: Math.ceil(5000 / 16) }, (_, i) => 16 * i));
  expect(metrics.sample[1]).toEqual({ target: 16, mean: 16.5 });
  metrics.merge(metrics);
  expect(metrics.sample).toHaveLength(313);
});

it('goes on from its state to the bit, also through JSON', () => {
  const whole = counted();
  const half = counted(0, 1777);
  const restored = RunningRegressionMetrics.restore(JSON.parse(JSON.stringify(half.state())));
  restored.updateBatch({
    targets: targets.subarray(1777),
    means: means.subarray(1777),
    variances: variances.subarray(1777),
    weights: weights.subarray(1777),
  });
  expect(restored.state()).toEqual(whole.state());
  expect(restored.snapshot()).toEqual(whole.snapshot());
});

it('adds what ran elsewhere', () => {
  const parts = counted(0, 1000);
  parts.merge(counted(1000));
  const [one, all] = [parts.snapshot(), counted().snapshot()];
  expect(one.intervals).toEqual(all.intervals);
  // Sums in another order.
  expect(one.rootMeanSquaredError).toBeCloseTo(all.rootMeanSquaredError, 10);
  expect(one.negativeLogLikelihood).toBeCloseTo(all.negativeLogLikelihood, 10);
  expect(() => parts.merge(counted(0, 10, 7))).toThrow('recentRows: expected 100, got 7');
});

it('refuses what is no state', () => {
  const state = counted().state();
  const { sample } = state;
  for (const wrong of [
    { ...state, metric: 'regression' },
    { ...state, recent: { ...state.recent, rows: 0 } },
    { ...state, intervals: { ...state.intervals, weights: { indices: [20], values: [1] } } },
    { ...state, sample: { ...sample, values: [1] } },
    { ...state, sample: { ...sample, values: Array.from({ length: 1026 }, () => 0) } },
  ]) {
    expect(() => RunningRegressionMetrics.restore(wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_GLN_FORMAT' }),
    );
  }
});

it('reads as text', () => {
  const text = formatRegressionReport(counted().snapshot());
  expect(text).toMatch(/^2400 rows of weight \d+, RMSE 3\.\d+, MAE 2\.\d+\nR² 0\.9\d+, negative/);
  expect(text).toMatch(/^interval % +held %\n/m);
  const metrics = new RunningRegressionMetrics();
  metrics.update(1, 2);
  expect(formatRegressionReport(metrics.snapshot())).toBe(
    '1 rows, RMSE 1, MAE 1\nR² -, negative log likelihood - nats',
  );
});
