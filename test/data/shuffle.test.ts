/** Shuffling: a permutation, unbiased, and the same for a seed on every machine. */

import fc from 'fast-check';

import { RandomIntegers } from '../../lib/data/random';
import { gatherLabels, gatherRows, shuffledIndices } from '../../lib/data/shuffle';

const PINNED_ORDER = [6, 11, 2, 8, 7, 4, 1, 9, 0, 3, 10, 5];
const PINNED_DRAWS = [1304853484, 4124408974, 3566145787];

it('gives every index once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.maxSafeNat(), (count, seed) => {
      const sorted = shuffledIndices(count, seed).sort();
      expect(Array.from(sorted)).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

it('gives the same order for the same seed, and another for another', () => {
  expect(shuffledIndices(500, 7)).toEqual(shuffledIndices(500, 7));
  const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
  const orders = seeds.map((seed) => shuffledIndices(500, seed).join());
  expect(new Set(orders).size).toBe(seeds.length);
});

it('is pinned: an experiment of today can be repeated tomorrow', () => {
  expect(Array.from(shuffledIndices(12, 1))).toEqual(PINNED_ORDER);
  const random = new RandomIntegers(2 ** 40 + 5);
  expect([random.next(), random.next(), random.next()]).toEqual(PINNED_DRAWS);
});

it('makes every order of four about equally likely', () => {
  const counts = new Map<string, number>();
  const rounds = 24_000;
  for (let seed = 0; seed < rounds; seed++) {
    const order = shuffledIndices(4, seed).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Pearson's statistic with 23 degrees of freedom exceeds 58.6 once in 15,000 times.
  const expected = rounds / 24;
  const statistic = [...counts.values()]
    .map((count) => (count - expected) ** 2 / expected)
    .reduce((sum, term) => sum + term, 0);
  expect(statistic).toBeLessThan(58.6);
});

it('draws without bias also where a remainder alone would be biased', () => {
  const random = new RandomIntegers(3);
  const bound = 3 * 2 ** 30;
  let low = 0;
  for (let draw = 0; draw < 30_000; draw++) low += Number(random.below(bound) < 2 ** 30);
  // A third; a plain remainder would give a half.
  expect(low / 30_000).toBeCloseTo(1 / 3, 1.5);
  expect(random.below(1)).toBe(0);
});

it('gathers rows and labels in the order of the indices', () => {
  const rows = Float32Array.from([0, 1, 10, 11, 20, 21]);
  const indices = Uint32Array.from([2, 0, 2]);
  expect(Array.from(gatherRows(rows, 2, indices))).toEqual([20, 21, 0, 1, 20, 21]);
  const out = new Float32Array(6);
  expect(gatherRows(rows, 2, [1, 1, 0], out)).toBe(out);
  expect(Array.from(out)).toEqual([10, 11, 10, 11, 0, 1]);
  expect(Array.from(gatherLabels(Uint8Array.from([7, 8, 9]), indices))).toEqual([9, 7, 9]);
});

it('refuses what does not fit', () => {
  const rows = new Float32Array(6);
  const refused = (code: string): object => expect.objectContaining({ code });
  const bad: [() => unknown, string][] = [
    [() => shuffledIndices(-1, 0), 'ERR_GLN_OPTION'],
    [() => shuffledIndices(1.5, 0), 'ERR_GLN_OPTION'],
    [() => shuffledIndices(1, -1), 'ERR_GLN_OPTION'],
    [() => shuffledIndices(1, 0.5), 'ERR_GLN_OPTION'],
    [() => gatherRows(rows, 0, []), 'ERR_GLN_OPTION'],
    [() => gatherRows(rows, 4, []), 'ERR_GLN_SHAPE'],
    [() => gatherRows(rows, 2, [3]), 'ERR_GLN_SHAPE'],
    [() => gatherRows(rows, 2, [-1]), 'ERR_GLN_SHAPE'],
    [() => gatherRows(rows, 2, [0], new Float32Array(3)), 'ERR_GLN_SHAPE'],
    [() => gatherRows(rows, 2, [0], rows.subarray(2, 4)), 'ERR_GLN_SHAPE'],
    [() => gatherLabels(new Uint8Array(2), [2]), 'ERR_GLN_SHAPE'],
  ];
  for (const [run, code] of bad) {
    let thrown: unknown;
    try {
      run();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(refused(code));
  }
});
