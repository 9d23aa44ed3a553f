/**
 * Hunts for inputs that ruin a model: extreme but finite values, weights, rates and
 * options of every kind. Whatever a model accepts, its weights, its statistics and
 * what it predicts must stay finite, within their bounds, and alive.
 */

import fc from 'fast-check';
import { GLN, type GLNOptions, type Preprocessing, type PreprocessingStage } from '../../lib/index';
import { runs } from '../support/property';
import { Random } from '../support/random';

const largest = (2 - 2 ** -23) * 2 ** 127;

/** What rows are made of: ends of the range, what cancels, what underflows, and plain numbers. */
const extremes = [largest, -largest, 1e30, -1e30, 1e15, -1e15, 1e-45, -1e-38, 0, -0, 1, -1, 0.5];

const stage = fc.oneof(
  fc.record({ type: fc.constant('standardize' as const), limit: fc.constantFrom(1e-6, 4, 1e6) }),
  fc.record({
    type: fc.constant('standardize' as const),
    factor: fc.constantFrom(-1e6, 1e-30, 1, 1e6),
  }),
  fc.constant({ type: 'impute' as const, indicators: false }),
  fc.record({ type: fc.constant('normalizeRow' as const), factor: fc.constantFrom(1, 1e6, 1e-30) }),
  fc.record({
    type: fc.constant('scale' as const),
    factor: fc.constantFrom(1e6, -1e6, 1e-30),
    offset: fc.constantFrom(0, 1e300, -1e38),
  }),
  fc.constant({ type: 'clip' as const, minimum: -1e300, maximum: 1e300 }),
  fc.record({
    type: fc.constant('hash' as const),
    columns: fc.constant([0]),
    size: fc.constantFrom(1, 5),
    factor: fc.constantFrom(1, 1e6),
  }),
  fc.record({
    type: fc.constant('oneHot' as const),
    columns: fc.constant([0]),
    size: fc.constantFrom(1, 3),
    factor: fc.constantFrom(1, -1e6),
  }),
);

const laterStage: fc.Arbitrary<PreprocessingStage> = fc.oneof(
  fc.record({ type: fc.constant('center' as const), factor: fc.constantFrom(1, 1e6, -1e-30) }),
  fc.record({ type: fc.constant('normalScore' as const), factor: fc.constantFrom(1, 1e6) }),
  fc.record({ type: fc.constant('bins' as const), bins: fc.constantFrom(2, 5) }),
  fc.record({ type: fc.constant('square' as const), factor: fc.constantFrom(1, 1e6, 1e-30) }),
  fc.record({
    type: fc.constant('whiten' as const),
    standardized: fc.boolean(),
    regularization: fc.constantFrom(1e-6, 0.1, 1e6),
  }),
  fc.constant({
    type: 'branches' as const,
    branches: [[{ type: 'standardize' as const }], [{ type: 'select' as const, columns: [0] }]],
  }),
);

const stages: fc.Arbitrary<Preprocessing> = fc.array(fc.oneof(stage, laterStage), {
  minLength: 1,
  maxLength: 4,
});

const basePredictors: fc.Arbitrary<GLNOptions['basePredictor']> = fc.oneof(
  fc.constantFrom('minMax' as const, 'probabilities' as const, 'logits' as const),
  fc.constant((row: Float32Array) => row),
  stages,
);

/** `layerSizes` and `inputSize` on both sides of what is learned in chains. */
const options: fc.Arbitrary<GLNOptions> = fc
  .record({
    inputSize: fc.constantFrom(2, 17, 70, 130),
    layerSizes: fc.constantFrom<number[]>([], [3], [17, 4], [70, 3]),
    numClasses: fc.constantFrom(2, 3),
    contextMapSize: fc.constantFrom(0, 1, 4),
    contextBias: fc.boolean(),
    contextBiasScale: fc.constantFrom(1, 1e-30, 1e30),
    bias: fc.boolean(),
    gating: fc.constantFrom('dense' as const, 'hadamard' as const),
    shareContexts: fc.boolean(),
    basePredictor: basePredictors,
    sideInfo: fc.option(stages, { nil: undefined }),
    learningRate: fc.constantFrom(1e-30, 1e-3, 1, 1e6, 1e30),
    aggregation: fc.constantFrom('last' as const, 'average' as const, 'switching' as const),
    predClipping: fc.constantFrom(1e-7, 1e-3, 0.499),
    weightClipping: fc.constantFrom(1e-6, 5, 1e6),
    updateMode: fc.constantFrom('online' as const, 'batch' as const),
    chaining: fc.constantFrom('stable' as const, 'always' as const),
    threads: fc.constantFrom(1, 2),
    inputLimit: fc.constantFrom(1e15, largest),
  })
  .map(({ sideInfo, ...rest }) => (sideInfo === undefined ? rest : { ...rest, sideInfo }));

function rowsOf(count: number, { inputSize, inputLimit = 1e15 }: GLNOptions, seed: number) {
  const random = new Random(seed);
  const usable = extremes.filter(
    (value) => Math.abs(Math.fround(value)) <= Math.fround(inputLimit),
  );
  const data = new Float32Array(count * inputSize);
  for (let row = 0; row < count; row++) {
    // Rows of one extreme, rows of all, and ordinary ones in between.
    const kind = random.below(4);
    const one = usable[random.below(usable.length)];
    for (let i = 0; i < inputSize; i++) {
      const any = usable[random.below(usable.length)];
      data[row * inputSize + i] = kind === 0 ? one : kind === 1 ? random.normal() : any;
    }
  }
  return data;
}

function expectSound(model: GLN, probabilities: Float32Array): void {
  expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  const bound = Math.fround(model.options.weightClipping);
  const inside = (w: number) => Math.abs(w) <= bound;
  // Initial weights, 1 / inputs, may lie outside a small bound until they are learned.
  const initial = model.parameters().map(({ weights }) => weights);
  for (const weights of initial) expect(weights.every(Number.isFinite)).toBe(true);
  if (bound >= 5) for (const weights of initial) expect(weights.every(inside)).toBe(true);
  // A file refuses statistics and weights that are not finite.
  const { basePredictor } = model.options;
  const given = typeof basePredictor === 'function' ? { basePredictor } : {};
  GLN.fromBuffer(model.toBuffer(), given).dispose();
}

it('keeps everything finite, whatever finite rows come', () => {
  let learned = 0;
  fc.assert(
    fc.property(options, fc.nat(), fc.constantFrom(1, 30, 200), (given, seed, count) => {
      const model = new GLN(given);
      const random = new Random(seed);
      const data = rowsOf(count, given, seed);
      const labels = Array.from({ length: count }, () => random.below(given.numClasses ?? 2));
      const weights = Float32Array.from(
        { length: count },
        () => [1, 0, 1e-30, 1e8][random.below(4)],
      );
      const all = model.learn(data, labels, { weights, returnProbs: true });
      expectSound(model, all);
      expectSound(model, model.learn(data, labels, { returnProbs: true }));
      const row = data.subarray(0, given.inputSize);
      expectSound(model, model.learn(row, labels[0], { returnProbs: true }));
      expect(
        model.layerPredictions(row, { logits: true }).every((l) => l.every(Number.isFinite)),
      ).toBe(true);
      const { logit, bias, contributions } = model.explain(row);
      expect([logit, bias, ...contributions].every(Number.isFinite)).toBe(true);
      learned += model.rowsSeen;
      model.dispose();
    }),
    runs(100),
  );
  expect(learned).toBeGreaterThan(4000);
}, 120_000);

it('still learns after extreme rows, if their statistics are clipped first', () => {
  const clipped: Preprocessing = [
    { type: 'clip', minimum: -10, maximum: 10 },
    { type: 'standardize' },
  ];
  const model = new GLN({
    inputSize: 2,
    layerSizes: [4],
    basePredictor: clipped,
    sideInfo: clipped,
    learningRate: 0.05,
    inputLimit: largest,
  });
  const random = new Random(4);
  for (let i = 0; i < 50; i++) model.learn(Float32Array.of(largest, -largest), i % 2);
  let right = 0;
  for (let i = 0; i < 3000; i++) {
    const label = random.below(2);
    const x = 2 * label - 1 + 0.3 * random.normal();
    const [predicted] = model.learn(Float32Array.of(x, -x), label);
    if (i >= 2000 && predicted === label) right += 1;
  }
  expect(right).toBeGreaterThan(950);
});

describe('inputLimit', () => {
  const limited = new GLN({ inputSize: 2, layerSizes: [2], inputLimit: 100, sideInfoSize: 1 });
  const plain = new GLN({ inputSize: 2, layerSizes: [2], inputLimit: 100 });
  const wide = new GLN({ inputSize: 70, layerSizes: [2], inputLimit: 100 });
  const filled = new GLN({
    inputSize: 70,
    layerSizes: [2],
    basePredictor: [{ type: 'impute' }],
    sideInfo: [{ type: 'impute' }],
    inputLimit: 100,
  });

  it.each([
    ['one row', () => plain.learn(Float32Array.of(1, 101), 1), 'row 0, column 1'],
    [
      'plain numbers',
      () =>
        plain.predict([
          [1, 2],
          [-101, 3],
        ]),
      'row 1, column 0',
    ],
    ['side information', () => limited.learn([1, 2], 1, { sideInfo: [1e9] }), 'sideInfo'],
    [
      'wide rows',
      () => wide.learn(new Float32Array(140).fill(-101, 139), [0, 1]),
      'row 1, column 69',
    ],
    ['rows beside missing values', () => filled.learn(holed(101), [0, 1]), 'row 1, column 69'],
    ['infinities among missing values', () => filled.learn(holed(-Infinity), [0, 1]), 'column 69'],
  ])('refuses %s beyond it, before anything changes', (_, call, place) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'ERR_GLN_VALUE', message: expect.stringContaining(place) }),
    );
    for (const model of [limited, plain, wide, filled]) expect(model.rowsSeen).toBe(0);
  });

  it('takes what equals it, and missing values where they may be', () => {
    const row = Float32Array.of(100, -100);
    expect(() => plain.predict(row)).not.toThrow();
    expect(() => plain.predict([...row, 1, 2])).not.toThrow();
    expect(() => wide.predict(new Float32Array(140).fill(100))).not.toThrow();
    expect(() => filled.predict(holed(100))).not.toThrow();
    const tenth = new GLN({ inputSize: 1, layerSizes: [1], inputLimit: 0.1 });
    expect(() => tenth.predict([0.1])).not.toThrow();
  });

  it('is 10^15 by default, and kept in the file', () => {
    const model = new GLN({ inputSize: 1, layerSizes: [1] });
    expect(() => model.predict([1e15])).not.toThrow();
    expect(() => model.predict([1.001e15])).toThrow(/at most .* \(inputLimit\)/);
    expect(GLN.fromBuffer(plain.toBuffer()).options.inputLimit).toBe(100);
  });

  it.each([0, -1, Number.NaN, 1e39, 1e-60, '1', null])('refuses %s as a limit', (inputLimit) => {
    const given = { inputSize: 1, layerSizes: [1], inputLimit } as GLNOptions;
    expect(() => new GLN(given)).toThrow(expect.objectContaining({ code: 'ERR_GLN_OPTION' }));
  });

  function holed(last: number): Float32Array {
    const rows = new Float32Array(140).fill(Number.NaN, 0, 100);
    rows[139] = last;
    return rows;
  }
});
