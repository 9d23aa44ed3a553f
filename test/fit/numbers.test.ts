/** Streams that teach numbers: the same bits, metrics, checkpoints and ends as those of classes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DendriticGatedRegressor,
  type FitProgress,
  type FitSource,
  fitState,
  GaussianGLN,
  type GaussianGLNOptions,
  GLN,
  type LearnedNumber,
  type NumberRecord,
  RunningRegressionMetrics,
} from '../../lib/index';
import { Random } from '../support/random';
import { rejection } from './support';

const inputSize = 5;
const ROWS = 700;

interface Row {
  input: Float32Array;
  target: number;
  weight: number;
}

function recordAt(i: number): Row {
  const random = new Random(2000 + i);
  const input = random.floats(inputSize, () => random.normal());
  const target = 40 + 10 * input[0] * input[1] + random.normal();
  return { input, target, weight: i % 8 === 3 ? 0 : random.between(0.5, 2) };
}

const all = Array.from({ length: ROWS }, (_, i) => recordAt(i));
const rows = Float32Array.from(all.flatMap(({ input }) => [...input]));
const targets = Float64Array.from(all, ({ target }) => target);
const weights = Float64Array.from(all, ({ weight }) => weight);

function newModel(options: Partial<GaussianGLNOptions> = {}): GaussianGLN {
  return new GaussianGLN({ inputSize, layerSizes: [8, 4], threads: 1, ...options });
}

const bytesOf = (model: { toBuffer(): Buffer }): string => model.toBuffer().toString('base64');

const direct = newModel();
const predicted = direct.learn(rows, targets, { weights });
const once = bytesOf(direct);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gln-numbers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* slowly(first = 0, wait?: (i: number) => void): AsyncGenerator<NumberRecord> {
  for (let i = first; i < ROWS; i++) {
    wait?.(i);
    yield recordAt(i);
  }
}

describe('learns what one call of learn does, to the bit,', () => {
  const blocks = [0, 300, 301, 650].map((from, i, starts) => {
    const to = starts[i + 1] ?? ROWS;
    return {
      rows: rows.slice(from * inputSize, to * inputSize),
      targets: targets.slice(from, to),
      weights: weights.slice(from, to),
    };
  });
  const sources: [string, () => FitSource<'numbers'>][] = [
    ['records', () => all],
    ['an async generator', () => slowly()],
    ['a Node stream', () => Readable.from(all)],
    ['arrays', () => ({ rows, targets, weights })],
    ['blocks with weights', () => blocks],
  ];

  it.each(sources)('from %s', async (_, source) => {
    const model = newModel();
    const report = await model.fit(source(), { batchRows: 128 });
    expect(bytesOf(model)).toBe(once);
    const learned = weights.filter((weight) => weight > 0).length;
    expect(report).toMatchObject({ rows: ROWS, learned, position: ROWS, aborted: false });
  });

  it('in a pipeline', async () => {
    const model = newModel();
    const stream = Readable.from(all).pipe(model.learnStream());
    const given: LearnedNumber[] = [];
    for await (const learned of stream) given.push(learned as LearnedNumber);
    expect(bytesOf(model)).toBe(once);
    expect(given.map(({ mean }) => mean)).toEqual([...predicted.means]);
    expect(given.map(({ variance }) => variance)).toEqual([...predicted.variances]);
    expect(given[7]).toMatchObject({ record: 7, target: targets[7] });
  });

  it('with a model that predicts no variances', async () => {
    const options = { inputSize, layerSizes: [6], learningRate: 0.01, standardizeTargets: true };
    const expected = new DendriticGatedRegressor(options);
    const means = expected.learn(rows, targets, { weights });
    const model = new DendriticGatedRegressor(options);
    const report = await model.fit({ rows, targets, weights }, { batchRows: 64 });
    expect(bytesOf(model)).toBe(bytesOf(expected));
    const metrics = new RunningRegressionMetrics();
    metrics.updateBatch({
      targets: targets.subarray(1),
      means: means.subarray(1),
      weights: weights.subarray(1),
    });
    expect(report.metrics).toEqual(metrics.snapshot());
    expect(report.metrics).toMatchObject({ negativeLogLikelihood: Number.NaN, intervals: [] });
    const stream = Readable.from(all).pipe(model.learnStream());
    for await (const learned of stream) {
      expect(Object.keys(learned as object)).toEqual(['record', 'mean', 'target']);
    }
  });
});

it('counts every row as it was predicted before it was learned, but for the first', async () => {
  const told: FitProgress<'numbers'>[] = [];
  const report = await newModel().fit(all, {
    ...{ batchRows: 64, recentRows: 50, progressMilliseconds: 0 },
    onProgress: (progress) => told.push(progress),
  });
  const metrics = new RunningRegressionMetrics({ recentRows: 50 });
  metrics.updateBatch({
    targets: targets.subarray(1),
    means: predicted.means.subarray(1),
    variances: predicted.variances.subarray(1),
    weights: weights.subarray(1),
  });
  expect(report.metrics).toEqual(metrics.snapshot());
  expect(report.recent).toEqual(metrics.recent);
  expect(told.at(-1)?.metrics).toEqual(report.metrics);
  expect(told.length).toBeGreaterThan(8);
});

it('counts no row before the first that was learned', async () => {
  const given = all.slice(0, 100).map((row, i) => ({ ...row, weight: i < 70 ? 0 : 1 }));
  const report = await newModel().fit(given, { batchRows: 16 });
  expect(report).toMatchObject({ rows: 100, learned: 30 });
  expect(report.metrics.numRows).toBe(29);
  const later = newModel();
  later.learn(rows, targets);
  expect((await later.fit(all.slice(0, 100))).metrics.numRows).toBe(
    weights.subarray(0, 100).filter((weight) => weight > 0).length,
  );
});

describe('a run that is cut', () => {
  const path = () => join(folder, 'cut');

  it('goes on from its checkpoint to the same bits, weights and metrics', async () => {
    const straight = newModel();
    const whole = await straight.fit(slowly(), { batchRows: 64 });
    const controller = new AbortController();
    const model = newModel();
    const cut = await model.fit(
      slowly(0, (i) => i === 400 && controller.abort()),
      { batchRows: 64, signal: controller.signal, checkpoint: { path: path(), everyRows: 100 } },
    );
    expect(cut.aborted).toBe(true);
    expect(cut.position).toBeLessThan(ROWS);
    const loaded = await GaussianGLN.load(path());
    const state = fitState(loaded);
    expect(state).toEqual(JSON.parse(JSON.stringify(cut.state)));
    const report = await loaded.fit(slowly(cut.position), {
      ...{ batchRows: 64, sourceStart: cut.position },
      ...(state !== undefined && { resume: state }),
    });
    expect(report.metrics).toEqual(whole.metrics);
    expect(report.state).toEqual(whole.state);
    expect(bytesOf(new GaussianGLN(loaded))).toBe(bytesOf(new GaussianGLN(straight)));
    expect(loaded.predict(rows)).toEqual(straight.predict(rows));
  });

  it('does not take the state of a run of classes, or a broken one', async () => {
    const { state } = await newModel().fit(all);
    const classes = new GLN({ inputSize, layerSizes: [2] });
    const error = await rejection(classes.fit([], { resume: state as never }));
    expect(error).toMatchObject({ code: 'ERR_GLN_FORMAT' });
    const parts = ['metric', 'regression', 'intervals', 'recent', 'sample'] as const;
    for (const part of parts) {
      const metrics = { ...state.metrics, [part]: 5 };
      const wrong = await rejection(newModel().fit([], { resume: { ...state, metrics } as never }));
      expect(wrong).toMatchObject({ code: 'ERR_GLN_FORMAT' });
    }
  });
});

describe('a target that is none', () => {
  it.each([
    ['NaN', Number.NaN, 'ERR_GLN_VALUE'],
    ['an infinity', Number.POSITIVE_INFINITY, 'ERR_GLN_VALUE'],
    ['a huge number', 1e20, 'ERR_GLN_VALUE'],
    ['a text', '5', 'ERR_GLN_TYPE'],
    ['nothing', undefined, 'ERR_GLN_TYPE'],
  ])('%s is named, or left out without a trace', async (_, target, code) => {
    const bad = { input: all[0].input, target } as NumberRecord;
    const given = [...all.slice(0, 100), bad, ...all.slice(100)];
    const model = newModel();
    const error = await rejection(model.fit(given));
    expect(error).toMatchObject({ code, message: expect.stringContaining('record[100].target') });
    expect(model.rowsSeen).toBe(weights.slice(0, 100).filter((weight) => weight > 0).length);
    const skipping = newModel();
    const report = await skipping.fit(given, { invalid: 'skip' });
    expect(report.skippedRecords).toMatchObject([{ record: 100, code }]);
    expect(bytesOf(skipping)).toBe(once);
  });

  it('is found in blocks, too, as is a wrong weight', async () => {
    for (const [name, wrong] of [
      ['targets', Number.NaN],
      ['weights', -1],
    ] as const) {
      const block = { rows, targets: targets.slice(), weights: weights.slice() };
      block[name][333] = wrong;
      const model = newModel();
      const error = await rejection(model.fit([block]));
      expect(error).toMatchObject({ message: expect.stringContaining('record[333].') });
      const report = await newModel().fit([block], { invalid: 'skip' });
      expect(report).toMatchObject({ rows: ROWS - 1, skipped: 1 });
    }
  });

  it('has no options of classes', async () => {
    const options = { aucBins: 5 } as never;
    expect(await rejection(newModel().fit(all, options))).toMatchObject({ code: 'ERR_GLN_OPTION' });
  });
});
