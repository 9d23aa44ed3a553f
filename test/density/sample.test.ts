/** What is drawn comes as often as the model says. */

import { AutoregressiveDensity } from '../../lib/index';
import { Random } from '../support/random';

const SIZE = 4;

function taught(): AutoregressiveDensity {
  const model = new AutoregressiveDensity({ size: SIZE, layerSizes: [4], seed: 1, threads: 1 });
  const random = new Random(5);
  const rows = new Uint8Array(1000 * SIZE);
  for (let i = 0; i < rows.length; i++) {
    rows[i] = i % SIZE === 3 ? rows[i - 1] : Number(random.uniform() < 0.3);
  }
  model.learn(rows);
  return model;
}

/** The number that a vector's bits spell. */
function numberOf(vector: Uint8Array): number {
  return vector.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
}

function counts(samples: Uint8Array): number[] {
  const all = new Array<number>(2 ** SIZE).fill(0);
  for (let at = 0; at < samples.length; at += SIZE)
    all[numberOf(samples.subarray(at, at + SIZE))]++;
  return all;
}

const COUNT = 20_000;

/** Σ (counted - expected)² / expected over the vectors that can be. */
function chiSquare(counted: readonly number[], chances: readonly number[]): number {
  return counted.reduce((sum, n, i) => {
    const expected = COUNT * chances[i];
    if (expected === 0) {
      expect(n).toBe(0);
      return sum;
    }
    return sum + (n - expected) ** 2 / expected;
  }, 0);
}

function chancesOf(model: AutoregressiveDensity): number[] {
  return Array.from({ length: 2 ** SIZE }, (_, n) => {
    const vector = Uint8Array.from({ length: SIZE }, (_bit, i) => (n >> i) & 1);
    return Math.exp(model.logLikelihood(vector)[0]);
  });
}

it('draws vectors by their probability', () => {
  const model = taught();
  const statistic = chiSquare(counts(model.sample(COUNT, { seed: 7 })), chancesOf(model));
  // 99.9 % of chi-square with 15 degrees of freedom lie below 37.7; the seed is fixed.
  expect(statistic).toBeLessThan(37.7);
});

it('completes prefixes by the conditional probability', () => {
  const model = taught();
  const prefix = [0, 1];
  const chances = chancesOf(model).map((chance, n) =>
    (n & 1) === prefix[0] && ((n >> 1) & 1) === prefix[1] ? chance : 0,
  );
  const all = chances.reduce((a, b) => a + b, 0);
  const given = chances.map((chance) => chance / all);
  const drawn = counts(model.sample(COUNT, { seed: 8, prefix }));
  // Three degrees of freedom: 99.9 % lie below 16.3.
  expect(chiSquare(drawn, given)).toBeLessThan(16.3);
});

it('draws the same for the same seed, and gives whole prefixes back', () => {
  const model = taught();
  const drawn = model.sample(600, { seed: 3 });
  expect(model.sample(600, { seed: 3 })).toEqual(drawn);
  expect(model.sample(600, { seed: 4 })).not.toEqual(drawn);
  expect(model.sample(2, { prefix: [1, 0, 0, 1] })).toEqual(Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1));
  expect(model.sample(3)).toEqual(model.sample(3, { seed: 0 }));
});
