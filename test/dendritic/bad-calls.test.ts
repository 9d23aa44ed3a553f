/** Wrong calls throw the right code and leave the model as it was. */
import {
  DendriticGatedNetwork,
  DendriticGatedRegressor,
  type DendriticOptions,
  type DendriticRegressorOptions,
} from '../../lib/index';
import { thrown } from '../support/thrown';

const code = (expected: string) => expect.objectContaining({ name: 'GlnError', code: expected });

describe('options', () => {
  test.each<[string, object]>([
    ['inputSize', {}],
    ['inputSize', { inputSize: 0 }],
    ['layerSizes', { inputSize: 2, layerSizes: 3 }],
    ['layerSizes', { inputSize: 2, layerSizes: [0] }],
    ['branches', { inputSize: 2, branches: 0 }],
    ['branches', { inputSize: 2, branches: 65 }],
    ['weightSharing', { inputSize: 2, weightSharing: 'all' }],
    ['bias', { inputSize: 2, bias: 1 }],
    ['gateBias', { inputSize: 2, gateBias: -1 }],
    ['gateBias', { inputSize: 2, gateBias: Number.NaN }],
    ['learningRate', { inputSize: 2, learningRate: 0 }],
    ['preprocessing', { inputSize: 2, preprocessing: 'standardize' }],
    ['preprocessing', { inputSize: 2, preprocessing: [] }],
    ['weightClipping', { inputSize: 2, weightClipping: 0 }],
    ['weightClipping', { inputSize: 2, weightClipping: 1e7 }],
    ['seed', { inputSize: 2, seed: -1 }],
    ['inputLimit', { inputSize: 2, inputLimit: 0 }],
    ['threads', { inputSize: 2, threads: 0 }],
    ['colour', { inputSize: 2, colour: 1 }],
  ])('%s: %j', (name, options) => {
    for (const make of [
      () => new DendriticGatedNetwork(options as DendriticOptions),
      () => new DendriticGatedRegressor(options as DendriticRegressorOptions),
    ]) {
      const error = thrown(make);
      expect(error).toEqual(code('ERR_GLN_OPTION'));
      expect((error as Error).message).toContain(name);
    }
  });

  test('each form has its own', () => {
    const options = { inputSize: 2 } as const;
    const classifier = (more: object) => () => new DendriticGatedNetwork({ ...options, ...more });
    const regressor = (more: object) => () => new DendriticGatedRegressor({ ...options, ...more });
    expect(thrown(classifier({ numClasses: 1 }))).toEqual(code('ERR_GLN_OPTION'));
    expect(thrown(classifier({ predClipping: 0.5 }))).toEqual(code('ERR_GLN_OPTION'));
    expect(thrown(classifier({ standardizeTargets: true }))).toEqual(code('ERR_GLN_OPTION'));
    expect(thrown(regressor({ standardizeTargets: 1 }))).toEqual(code('ERR_GLN_OPTION'));
    expect(thrown(regressor({ predClipping: 0.1 }))).toEqual(code('ERR_GLN_OPTION'));
    const huge = { inputSize: 2 ** 30, layerSizes: [2 ** 20] };
    expect(thrown(classifier(huge))).toEqual(code('ERR_GLN_MEMORY'));
  });

  test('defaults are the notebook’s', () => {
    const shared = { layerSizes: [100, 10], branches: 20, bias: true, gateBias: 1 };
    const { options } = new DendriticGatedNetwork({ inputSize: 3 });
    expect(options).toMatchObject({ ...shared, learningRate: 1e-4, predClipping: 0.01 });
    const regressor = new DendriticGatedRegressor({ inputSize: 3 });
    expect(regressor.options).toMatchObject({ ...shared, learningRate: 1e-5 });
    for (const { weights } of regressor.parameters()) {
      expect(weights.every((weight) => weight === 0)).toBe(true);
    }
  });
});

type Wrong = readonly [input: unknown, target: unknown, options: unknown, code: string];

const wrong: readonly Wrong[] = [
  [[1, 2, 3], 1, undefined, 'ERR_GLN_SHAPE'],
  [[], [], undefined, 'ERR_GLN_SHAPE'],
  ['rows', 1, undefined, 'ERR_GLN_TYPE'],
  [[1, 'a'], 1, undefined, 'ERR_GLN_TYPE'],
  [[1, Number.NaN], 1, undefined, 'ERR_GLN_VALUE'],
  [[1, 1e16], 1, undefined, 'ERR_GLN_VALUE'],
  [[1, 2], [1, 0], undefined, 'ERR_GLN_SHAPE'],
  [[1, 2], null, undefined, 'ERR_GLN_TYPE'],
  [[1, 2], {}, undefined, 'ERR_GLN_TYPE'],
  [[1, 2], ['1'], undefined, 'ERR_GLN_TYPE'],
  [[1, 2], 1, { sideInfo: [1, 2] }, 'ERR_GLN_OPTION'],
  [[1, 2], 1, { out: [0] }, 'ERR_GLN_TYPE'],
  [[1, 2], 1, { weights: -1 }, 'ERR_GLN_VALUE'],
  [[1, 2], 1, { weights: [1, 1] }, 'ERR_GLN_SHAPE'],
  [[1, 2], 1, 7, 'ERR_GLN_TYPE'],
];

describe('calls', () => {
  const both = [
    () => new DendriticGatedNetwork({ inputSize: 2, layerSizes: [3] }),
    () => new DendriticGatedRegressor({ inputSize: 2, layerSizes: [3] }),
  ];

  test.each(both)('form %#', async (make) => {
    const model = make();
    model.learn([1, 2, 3, 4], [1, 0]);
    const bytes = model.toBuffer();
    for (const [input, target, options, expected] of wrong) {
      const call = [input, target, options] as unknown as [number[], number];
      expect(thrown(() => model.learn(...call))).toEqual(code(expected));
      await expect(model.learnAsync(...call)).rejects.toEqual(code(expected));
    }
    expect(model.toBuffer()).toEqual(bytes);
  });

  test('targets of each form', () => {
    const [classifier, regressor] = [both[0](), both[1]()];
    for (const label of [2, -1, 0.5]) {
      expect(thrown(() => classifier.learn([1, 2], label))).toEqual(code('ERR_GLN_LABEL'));
    }
    const bytes = classifier.toBuffer();
    const late = Uint8Array.from([0, 1, 9]);
    expect(
      thrown(() => (classifier as DendriticGatedNetwork).learn([1, 2, 3, 4, 5, 6], late)),
    ).toEqual(code('ERR_GLN_LABEL'));
    expect(classifier.toBuffer()).toEqual(bytes);
    for (const target of [Number.NaN, Number.POSITIVE_INFINITY, 1e16]) {
      expect(thrown(() => regressor.learn([1, 2], target))).toEqual(code('ERR_GLN_VALUE'));
    }
  });

  test('results go where they are wanted', async () => {
    const classifier = new DendriticGatedNetwork({ inputSize: 2, numClasses: 3, layerSizes: [] });
    const out = new Float32Array(6);
    const outClasses = new Uint32Array(2);
    const rows = [1, 2, 3, 4];
    expect(classifier.learn(rows, [2, 0], { returnProbs: true, out, outClasses })).toBe(out);
    expect(Array.from(out)).toEqual([0.5, 0.5, 0.5, expect.any(Number), ...out.slice(4)]);
    const later = new Float32Array(6);
    await classifier.predictAsync(rows, { returnProbs: true, out: later, outClasses });
    expect(later).toEqual(classifier.predict(rows, undefined, { returnProbs: true }));
    expect(outClasses).toEqual(classifier.predict(rows));
    const regressor = new DendriticGatedRegressor({ inputSize: 2 });
    const numbers = new Float64Array(2);
    expect(regressor.learn(rows, [5, 6], { out: numbers })).toBe(numbers);
  });

  test('a disposed model says so', () => {
    for (const make of both) {
      const model = make();
      model.dispose();
      expect(thrown(() => model.predict([1, 2]))).toEqual(code('ERR_GLN_DISPOSED'));
      expect(thrown(() => model.toBuffer())).toEqual(code('ERR_GLN_DISPOSED'));
      expect(model.memory).toBe(0);
    }
  });
});

test('numbers stay finite, however wild the steps', () => {
  const options = { inputSize: 3, layerSizes: [4], learningRate: 1e30, inputLimit: 3e38 };
  const rows = [3e38, -3e38, 0, 1e-30, 2, 3];
  const regressor = new DendriticGatedRegressor(options);
  const classifier = new DendriticGatedNetwork(options);
  for (let i = 0; i < 20; i++) {
    const numbers = regressor.learn(rows, [1e15, -1e15]);
    expect(numbers.every(Number.isFinite)).toBe(true);
    const probabilities = classifier.learn(rows, [1, 0], { returnProbs: true });
    expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  }
  expect(DendriticGatedRegressor.fromBuffer(regressor.toBuffer()).rowsSeen).toBe(40);
  expect(DendriticGatedNetwork.fromBuffer(classifier.toBuffer()).rowsSeen).toBe(40);
});
