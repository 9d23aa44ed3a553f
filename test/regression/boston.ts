/** The Boston housing table in a random order, and online linear regressions to beat. */
import { readFileSync } from 'node:fs';
import { BOSTON_FILE } from '../../bench/data/catalogue';
import { Random } from '../support/random';

/** Rows with their targets. */
export interface RegressionData {
  inputSize: number;
  rows: Float32Array;
  targets: Float64Array;
}

export function boston(seed: number): RegressionData {
  const lines = readFileSync(BOSTON_FILE, 'utf8').trim().split('\n').slice(1);
  const table = lines.map((line) => line.split(',').map(Number));
  const random = new Random(seed);
  for (let i = table.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [table[i], table[j]] = [table[j], table[i]];
  }
  const inputSize = table[0].length - 1;
  return {
    inputSize,
    rows: Float32Array.from(table.flatMap((row) => row.slice(0, inputSize))),
    targets: Float64Array.from(table, (row) => row[inputSize]),
  };
}

/** Friedman's first function (1991) of five of ten uniform numbers, with noise of deviation 1. */
export function friedman(count: number, seed: number): RegressionData {
  const random = new Random(seed);
  const inputSize = 10;
  const rows = random.floats(count * inputSize, () => random.uniform());
  const targets = Float64Array.from({ length: count }, (_, row) => {
    const [a, b, c, d, e] = rows.subarray(row * inputSize, (row + 1) * inputSize);
    const curve = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2;
    return curve + 10 * d + 5 * e + random.normal();
  });
  return { inputSize, rows, targets };
}

/** A part of the rows. */
export function slice(data: RegressionData, first: number, last: number): RegressionData {
  const { inputSize, rows, targets } = data;
  return {
    inputSize,
    rows: rows.subarray(first * inputSize, last * inputSize),
    targets: targets.subarray(first, last),
  };
}

/** An online linear model: predicts a row, then learns it. */
export interface LinearModel {
  predict(row: ArrayLike<number>): number;
  learn(row: ArrayLike<number>, target: number): void;
}

/**
 * Recursive least squares: the ridge regression of all rows so far, exactly. The
 * strongest of online linear regressions.
 */
export class LeastSquares implements LinearModel {
  readonly #size: number;
  readonly #weights: number[];
  readonly #inverse: number[][];

  constructor(inputSize: number, ridge = 1) {
    this.#size = inputSize + 1;
    this.#weights = Array.from({ length: this.#size }, () => 0);
    this.#inverse = this.#weights.map((_, i) =>
      this.#weights.map((__, j) => (i === j ? 1 / ridge : 0)),
    );
  }

  predict(row: ArrayLike<number>): number {
    const inputs = [...Array.from(row), 1];
    return inputs.reduce((sum, x, i) => sum + x * this.#weights[i], 0);
  }

  learn(row: ArrayLike<number>, target: number): void {
    const inputs = [...Array.from(row), 1];
    const gains = this.#inverse.map((line) => line.reduce((sum, p, j) => sum + p * inputs[j], 0));
    const scale = 1 + gains.reduce((sum, gain, i) => sum + gain * inputs[i], 0);
    const error = target - this.predict(row);
    for (let i = 0; i < this.#size; i++) {
      this.#weights[i] += (gains[i] * error) / scale;
      for (let j = 0; j < this.#size; j++) this.#inverse[i][j] -= (gains[i] * gains[j]) / scale;
    }
  }
}

/** Stochastic gradient descent on inputs and targets by their running mean and deviation. */
export class GradientDescent implements LinearModel {
  readonly #rate: number;
  readonly #weights: number[];
  readonly #means: number[];
  readonly #squares: number[];
  #count = 0;

  constructor(inputSize: number, rate: number) {
    this.#rate = rate;
    this.#weights = Array.from({ length: inputSize + 1 }, () => 0);
    this.#means = Array.from({ length: inputSize + 1 }, () => 0);
    this.#squares = Array.from({ length: inputSize + 1 }, () => 0);
  }

  predict(row: ArrayLike<number>): number {
    const target = this.#means.length - 1;
    const sum = Array.from(row).reduce(
      (total, x, i) => total + this.#standard(x, i) * this.#weights[i],
      0,
    );
    return this.#means[target] + this.#deviation(target) * (sum + this.#weights[target]);
  }

  learn(row: ArrayLike<number>, target: number): void {
    const last = this.#means.length - 1;
    const error = this.#standard(target, last) - this.#standard(this.predict(row), last);
    Array.from(row).forEach((x, i) => {
      this.#weights[i] += this.#rate * error * this.#standard(x, i);
    });
    this.#weights[last] += this.#rate * error;
    this.#count += 1;
    [...Array.from(row), target].forEach((x, i) => {
      const before = x - this.#means[i];
      this.#means[i] += before / this.#count;
      this.#squares[i] += before * (x - this.#means[i]);
    });
  }

  #deviation(i: number): number {
    return Math.sqrt(this.#squares[i] / Math.max(1, this.#count)) || 1;
  }

  #standard(x: number, i: number): number {
    return Math.min(Math.max((x - this.#means[i]) / this.#deviation(i), -4), 4);
  }
}

/** Each row's prediction from before it was learned. */
export function prequential(
  model: LinearModel,
  { inputSize, rows, targets }: RegressionData,
): number[] {
  return Array.from(targets, (target, i) => {
    const row = rows.subarray(i * inputSize, (i + 1) * inputSize);
    const prediction = model.predict(row);
    model.learn(row, target);
    return prediction;
  });
}

/** From the row on at which all models have seen a few. */
export function rootMeanSquare(means: ArrayLike<number>, targets: Float64Array, from = 0): number {
  const sum = targets.reduce((total, y, i) => (i < from ? total : total + (y - means[i]) ** 2), 0);
  return Math.sqrt(sum / (targets.length - from));
}
