/** The density model is a density, learns what it says, and is the same however it is called. */

import { AutoregressiveDensity, type AutoregressiveDensityOptions } from '../../lib/index';
import { Random } from '../support/random';

const SIZE = 5;
const options: AutoregressiveDensityOptions = {
  size: SIZE,
  layerSizes: [4, 2],
  seed: 3,
  threads: 2,
};

/** Vectors whose bits depend on each other: the third is mostly the exclusive or of the first two. */
function vectors(count: number, seed: number, size = SIZE): Uint8Array {
  const random = new Random(seed);
  const rows = new Uint8Array(count * size);
  for (let row = 0; row < count; row++) {
    const bits = rows.subarray(row * size, (row + 1) * size);
    for (let bit = 0; bit < size; bit++) {
      const related = bit >= 2 ? bits[bit - 1] ^ bits[bit - 2] : 0;
      bits[bit] = related ^ Number(random.uniform() < (bit < 2 ? 0.4 : 0.15));
    }
  }
  return rows;
}

/** Every vector of so many bits. */
function allVectors(size: number): Uint8Array {
  return Uint8Array.from(
    { length: size * 2 ** size },
    (_, i) => (Math.floor(i / size) >> (i % size)) & 1,
  );
}

function taught(count: number, more: Partial<AutoregressiveDensityOptions> = {}) {
  const model = new AutoregressiveDensity({ ...options, ...more });
  if (count > 0) model.learn(vectors(count, 1, more.size ?? SIZE));
  return model;
}

const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

it.each([
  ['new', 0, {}],
  ['taught', 700, {}],
  ['of near bits', 700, { inputBits: 3, gateBits: 2 }],
  ['of pictures', 700, { size: 6, width: 3, inputBits: 4, gateBits: 2 }],
  ['of one bit', 200, { size: 1 }],
  ['of last neurons', 300, { aggregation: 'last' }],
] as [string, number, Partial<AutoregressiveDensityOptions>][])(
  'is a density: probabilities of all vectors add up to 1, in a model %s',
  (_, count, more) => {
    const model = taught(count, more);
    const nats = model.logLikelihood(allVectors(model.size));
    // The chain rule is exact but for the rounding of logarithms.
    expect(Math.abs(total(nats.map(Math.exp)) - 1)).toBeLessThan(1e-12);
  },
);

it('says ln p from before each row is learned', () => {
  const rows = vectors(40, 2);
  const model = taught(100);
  const one = taught(100);
  const learned = model.learn(rows);
  for (let row = 0; row < 40; row++) {
    const vector = rows.subarray(row * SIZE, (row + 1) * SIZE);
    const [before] = one.logLikelihood(vector);
    expect(one.learn(vector)).toEqual(Float64Array.of(before));
    expect(learned[row]).toBe(before);
  }
  expect(one.toBuffer().equals(model.toBuffer())).toBe(true);
  expect(model.rowsSeen).toBe(140);
});

it('learns what depends on what', () => {
  const model = new AutoregressiveDensity({ ...options, layerSizes: [16, 8] });
  const nats = model.learn(vectors(6000, 1));
  const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  // Two bits of probability 0.4 and three that are known but for one in seven.
  const truth = 2 * entropy(0.4) + 3 * entropy(0.15);
  const late = -total(nats.subarray(4000)) / 2000;
  // 2,000 vectors have a mean within ± 0.05 of the truth (two deviations).
  expect(late).toBeLessThan(truth + 0.15);
  expect(late).toBeGreaterThan(truth - 0.1);
  // Independent bits would cost the entropy of each.
  expect(late).toBeLessThan(2 * entropy(0.4) + 3 * Math.log(2) - 0.5);
});

it('is the same in any split of rows into calls, and on threads', async () => {
  const size = 80;
  const wide = { size, width: 10, inputBits: 70, gateBits: 9 };
  const rows = vectors(400, 4, size);
  const whole = new AutoregressiveDensity({ ...options, ...wide });
  const nats = whole.learn(rows);
  const cut = (counts: number[]) => {
    const model = new AutoregressiveDensity({ ...options, ...wide });
    let first = 0;
    const parts = counts.map((count) => {
      first += count;
      return model.learn(rows.subarray((first - count) * size, first * size));
    });
    return { model, nats: parts.flatMap((part) => Array.from(part)) };
  };
  // Where calls end with chains of 64 rows nothing changes at all.
  const even = cut([64, 128, 192, 16]);
  expect(even.nats).toEqual(Array.from(nats));
  expect(even.model.toBuffer().equals(whole.toBuffer())).toBe(true);
  const odd = cut([1, 200, 37, 162]);
  odd.nats.forEach((value, row) => {
    // Chains round differently: 1e-5 of each of 80 bits' probabilities.
    expect(Math.abs(value - nats[row])).toBeLessThan(80 * 1e-5);
  });
  for (const threads of [1, 3]) {
    const model = new AutoregressiveDensity({ ...options, ...wide, threads });
    expect(await model.learnAsync(rows)).toEqual(nats);
    expect(model.toBuffer().equals(whole.toBuffer())).toBe(true);
    expect(await model.logLikelihoodAsync(rows)).toEqual(whole.logLikelihood(rows));
  }
}, 60_000);

it('takes rows in any form', () => {
  const rows = vectors(9, 1);
  const nested = Array.from({ length: 9 }, (_, i) => rows.slice(i * SIZE, (i + 1) * SIZE));
  const expected = taught(50).learn(rows);
  for (const form of [
    Float32Array.from(rows),
    Float64Array.from(rows),
    Array.from(rows),
    Array.from(rows, (bit) => bit === 1),
    nested,
    nested.map((row) => Array.from(row)),
  ]) {
    expect(taught(50).learn(form)).toEqual(expected);
  }
});

it('changes nothing where it is only looked at, and nothing of its rows', () => {
  const model = taught(100);
  const before = model.toBuffer();
  const rows = vectors(10, 5);
  const copy = rows.slice();
  model.logLikelihood(rows);
  model.sample(10, { seed: 1, prefix: [1, 0] });
  expect(model.toBuffer().equals(before)).toBe(true);
  model.learn(rows);
  expect(rows).toEqual(copy);
});

it('mixes the bits before a bit, and no others', () => {
  const model = taught(300);
  const rows = allVectors(SIZE);
  const nats = model.logLikelihood(rows);
  // p(x_1 … x_k) is a sum over the rest: it must not change with how that is ordered.
  const chance = (first: number) =>
    nats.reduce((sum, ln, i) => (rows[i * SIZE] === first ? sum + Math.exp(ln) : sum), 0);
  const drawn = model.sample(4000, { seed: 9 });
  let ones = 0;
  for (let i = 0; i < drawn.length; i += SIZE) ones += drawn[i];
  // Three deviations of a share of 4,000 draws.
  expect(Math.abs(ones / 4000 - chance(1))).toBeLessThan(0.024);
  expect(Math.abs(chance(0) + chance(1) - 1)).toBeLessThan(1e-12);
});
