/** Wrong calls are refused before anything changes; asynchronous ones can be stopped. */

import {
  AutoregressiveDensity,
  type AutoregressiveDensityOptions,
  type BinaryRows,
  GlnAbortError,
} from '../../lib/index';
import { errorOf } from '../support/thrown';

const SIZE = 4;
const options: AutoregressiveDensityOptions = { size: SIZE, layerSizes: [2], threads: 2 };

function rows(count: number): Uint8Array {
  return Uint8Array.from({ length: count * SIZE }, (_, i) => (i * 7 + (i >> 2)) & 1);
}

const detached = (): Uint8Array => {
  const array = new Uint8Array(SIZE);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};

it.each<[string, object | undefined | null, string]>([
  ['nothing', undefined, 'ERR_GLN_TYPE options'],
  ['no size', {}, 'ERR_GLN_OPTION size: expected an integer from 1 to 65536'],
  ['a size of 0', { size: 0 }, 'ERR_GLN_OPTION size'],
  ['a huge size', { size: 65_537 }, 'ERR_GLN_OPTION size'],
  ['an unknown option', { size: 4, depth: 2 }, 'ERR_GLN_OPTION options: unknown option "depth"'],
  [
    'a width that does not divide',
    { size: 4, width: 3 },
    'ERR_GLN_OPTION width: expected a divisor',
  ],
  ['no inputs', { size: 4, inputBits: 0 }, 'ERR_GLN_OPTION inputBits'],
  ['more gates than inputs', { size: 4, inputBits: 2, gateBits: 3 }, 'ERR_GLN_OPTION gateBits'],
  ['more gates than bits', { size: 4, gateBits: 5 }, 'ERR_GLN_OPTION gateBits'],
  ['a wrong rate', { size: 4, learningRate: -1 }, 'ERR_GLN_OPTION learningRate'],
  ['null as layers', { size: 4, layerSizes: null }, 'ERR_GLN_OPTION layerSizes'],
  ['a wrong seed', { size: 4, seed: 0.5 }, 'ERR_GLN_OPTION seed'],
  [
    'what no machine holds',
    { size: 65_536, layerSizes: [4000], contextMapSize: 16 },
    'ERR_GLN_MEMORY',
  ],
])('refuses %s as options', (_, given, message) => {
  const make = () => new AutoregressiveDensity(given as AutoregressiveDensityOptions);
  expect(errorOf(make)).toContain(message);
});

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'ERR_GLN_TYPE rows: expected a Uint8Array'],
  ['text', '0101', 'ERR_GLN_TYPE rows'],
  ['no rows', new Uint8Array(0), 'ERR_GLN_SHAPE rows: expected a multiple of 4 bits'],
  ['a part of a row', [0, 1, 0], 'ERR_GLN_SHAPE rows'],
  ['a detached array', detached(), 'ERR_GLN_SHAPE rows'],
  ['a 2', [0, 1, 2, 0], 'ERR_GLN_VALUE rows: expected 0, 1, true or false, got 2 in row 0, bit 2'],
  ['a half', Float32Array.of(0, 1, 0, 0, 0, 0.5, 0, 0), 'got 0.5 in row 1, bit 1'],
  ['NaN', [0, Number.NaN, 0, 0], 'ERR_GLN_VALUE rows'],
  ['text among bits', [0, '1', 0, 0], 'ERR_GLN_TYPE rows'],
  ['a hole', Object.assign(new Array(4), { 0: 1 }), 'ERR_GLN_TYPE rows'],
  ['a short row', [[0, 1, 0]], 'ERR_GLN_SHAPE rows[0]: expected a row of 4 bits'],
  ['a row that is none', [[0, 1, 0, 1], 3], 'ERR_GLN_SHAPE rows[1]'],
  ['integers of 64 bits', new BigInt64Array(4), 'ERR_GLN_TYPE rows'],
])('refuses %s as rows', async (_, given, message) => {
  const model = new AutoregressiveDensity(options);
  const before = model.toBuffer();
  const bad = given as BinaryRows;
  expect(errorOf(() => model.learn(bad))).toContain(message);
  expect(errorOf(() => model.logLikelihood(bad))).toContain(message);
  await expect(model.learnAsync(bad)).rejects.toThrow(message.replace(/^ERR\w+ /, ''));
  expect(model.toBuffer().equals(before)).toBe(true);
});

it.each<[string, unknown, unknown, string]>([
  ['no count', undefined, undefined, 'ERR_GLN_OPTION count'],
  ['a count of 0', 0, undefined, 'ERR_GLN_OPTION count: expected an integer from 1'],
  ['too many', 2 ** 31, undefined, 'ERR_GLN_OPTION count'],
  ['null', 1, null, 'ERR_GLN_TYPE options'],
  ['an unknown option', 1, { temperature: 2 }, 'ERR_GLN_OPTION options: unknown option'],
  ['a wrong seed', 1, { seed: -1 }, 'ERR_GLN_OPTION seed'],
  ['an empty prefix', 1, { prefix: [] }, 'ERR_GLN_SHAPE prefix'],
  [
    'a long prefix',
    1,
    { prefix: [0, 0, 0, 0, 0] },
    'ERR_GLN_SHAPE prefix: expected at most 4 bits, got 5',
  ],
  ['a prefix of 2', 1, { prefix: [2] }, 'ERR_GLN_VALUE prefix'],
  ['a prefix of text', 1, { prefix: '01' }, 'ERR_GLN_TYPE prefix'],
])('refuses %s for samples', (_, count, given, message) => {
  const model = new AutoregressiveDensity(options);
  expect(errorOf(() => model.sample(count as number, given as object))).toContain(message);
});

it('is disposed once', async () => {
  const model = new AutoregressiveDensity(options);
  model.dispose();
  model.dispose();
  expect(model.memory).toBe(0);
  for (const use of [
    () => model.learn(rows(1)),
    () => model.logLikelihood(rows(1)),
    () => model.sample(1),
    () => model.toBuffer(),
    () => model.rowsSeen,
  ]) {
    expect(errorOf(use)).toMatch(/^ERR_GLN_DISPOSED/);
  }
  await expect(model.learnAsync(rows(1))).rejects.toThrow('disposed');
  await expect(model.save('nowhere')).rejects.toThrow('disposed');
});

it('is busy for synchronous calls until an asynchronous one ends, and leaves the event loop free', async () => {
  const model = new AutoregressiveDensity({ ...options, size: 4 });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const call = model.learnAsync(rows(2000), {
    onProgress: ({ rows: done, of, meanLogLikelihood }) => {
      expect(done).toBeLessThanOrEqual(of);
      expect(meanLogLikelihood).toBeLessThan(0);
    },
  });
  for (const use of [
    () => model.learn(rows(1)),
    () => model.logLikelihood(rows(1)),
    () => model.sample(1),
    () => model.toBuffer(),
  ]) {
    expect(errorOf(use)).toMatch(/^ERR_GLN_BUSY/);
  }
  await call;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(model.rowsSeen).toBe(2000);
});

it('makes asynchronous calls in the order in which they were asked for', async () => {
  const [model, other] = [new AutoregressiveDensity(options), new AutoregressiveDensity(options)];
  const [first, second] = [rows(700), rows(300).reverse()];
  const learning = model.learnAsync(first);
  const between = model.logLikelihoodAsync(second);
  const stop = new AbortController();
  const stopped = model.learnAsync(first, { signal: stop.signal });
  const last = model.learnAsync(second);
  // One that waits leaves the queue at once, and nothing of it is learned.
  stop.abort();
  await expect(stopped).rejects.toThrow('learnAsync: aborted after 0 of 700 rows');
  expect(errorOf(() => model.learn(first))).toMatch(/^ERR_GLN_BUSY/);
  expect(await learning).toEqual(other.learn(first));
  expect(await between).toEqual(other.logLikelihood(second));
  expect(await last).toEqual(other.learn(second));
  expect(model.toBuffer().equals(other.toBuffer())).toBe(true);
});

it('goes on with the next call when one has failed', async () => {
  const model = new AutoregressiveDensity(options);
  const failing = model.learnAsync(rows(300), {
    onProgress: () => {
      throw new Error('no more');
    },
  });
  const next = model.learnAsync(rows(10));
  await expect(failing).rejects.toThrow('no more');
  expect(await next).toHaveLength(10);
  // The first call's first block, and the second call.
  expect(model.rowsSeen).toBe(256 + 10);
});

it('stops between blocks of rows, and can go on from there', async () => {
  const whole = new AutoregressiveDensity(options);
  const all = rows(1000);
  const nats = whole.learn(all);
  const model = new AutoregressiveDensity(options);
  const stop = new AbortController();
  const reason = new Error('enough');
  const error = await model
    .learnAsync(all, {
      signal: stop.signal,
      onProgress: ({ rows: done }) => done >= 500 && stop.abort(reason),
    })
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GlnAbortError);
  const { rowsDone, cause } = error as GlnAbortError;
  expect(cause).toBe(reason);
  expect(rowsDone).toBe(model.rowsSeen);
  expect(rowsDone).toBeGreaterThanOrEqual(500);
  expect(rowsDone).toBeLessThan(1000);
  expect(model.learn(all.subarray(rowsDone * SIZE))).toEqual(nats.subarray(rowsDone));
  expect(model.toBuffer().equals(whole.toBuffer())).toBe(true);
  await expect(model.learnAsync(all, { signal: stop.signal })).rejects.toThrow('aborted after 0');
  await expect(model.learnAsync(all, { signal: 3 as never })).rejects.toThrow('signal');
  await expect(model.learnAsync(all, { onProgress: 3 as never })).rejects.toThrow('onProgress');
});

it('stops where a learning rate is wrong, before any row is learned', () => {
  const model = new AutoregressiveDensity({ ...options, learningRate: (t) => 300 - t });
  expect(errorOf(() => model.learn(rows(301)))).toMatch(/^ERR_GLN_OPTION learningRate\(301\)/);
  expect(model.rowsSeen).toBe(0);
});

it('disposes of itself while it learns', async () => {
  const model = new AutoregressiveDensity(options);
  const call = model.learnAsync(rows(5000));
  model.dispose();
  await expect(call).rejects.toThrow('disposed');
});

it('waits for what runs before it is disposed asynchronously', async () => {
  const model = new AutoregressiveDensity(options);
  const call = model.learnAsync(rows(600));
  await model[Symbol.asyncDispose]();
  expect(await call).toHaveLength(600);
  expect(model.memory).toBe(0);
});
