/** Several outputs and inputs, metrics, and what models say when something is missing. */

import {
  type CompileOptions,
  Dense,
  GatedLinearUnit,
  input,
  Model,
  randomNormal,
  Sequential,
  type SymbolicTensor,
  tensor,
} from '../../lib/layers';

const coded = (code: string) => expect.objectContaining({ code });

const x = randomNormal([90, 6], { seed: 1 });
const y = Array.from({ length: 90 }, (_, row) => Number(x.data[6 * row] > x.data[6 * row + 1]));

describe('several outputs', () => {
  function twoTasks() {
    const inputs = input({ shape: [6] });
    const hidden = new GatedLinearUnit({ units: 8 }).apply(inputs);
    const outputs = {
      kind: new Dense({ units: 2, activation: 'softmax' }).apply(hidden),
      size: new Dense({ units: 1 }).apply(hidden),
    };
    return new Model({ inputs, outputs, seed: 3 });
  }
  const kind = y.map((label) => [1 - label, label]);
  const size = y.map((label) => label / 2);

  it('are trained together, weighted, and come back by name', async () => {
    const model = twoTasks();
    model.compile({
      optimizer: 'adam',
      loss: { kind: 'categorical_crossentropy', size: 'mse' },
      lossWeights: { kind: 1, size: 0.5 },
      metrics: { kind: ['accuracy'], size: ['mae', 'mse'] },
    });
    const { history } = await model.fit(x, { kind, size }, { epochs: 3 });
    expect(Object.keys(history)).toEqual([
      ...['loss', 'kind_loss', 'size_loss', 'kind_accuracy', 'size_mae', 'size_mse'],
    ]);
    for (let i = 0; i < 3; i++) {
      const { loss, kind_loss, size_loss } = history;
      expect(loss[i]).toBeCloseTo(kind_loss[i] + 0.5 * size_loss[i], 6);
    }
    const { kind: classes, size: sizes } = model.predict(x);
    expect(classes.shape).toEqual([90, 2]);
    expect(sizes.shape).toEqual([90, 1]);
  });

  it('may be trained in part', () => {
    const model = twoTasks();
    model.compile({ loss: { size: 'mse' } });
    const before = model.weights.get(`${model.layers[1].name}/kernel`)?.toTensor();
    const logs = model.trainOnBatch(x, { size });
    expect(Object.keys(logs)).toEqual(['loss', 'size_loss']);
    const after = model.weights.get(`${model.layers[1].name}/kernel`)?.toTensor();
    expect(after?.data).toEqual(before?.data);
  });

  it('refuse names that are not there', () => {
    const model = twoTasks();
    const wrong: unknown[] = [
      { loss: { colour: 'mse' } },
      { loss: {} },
      { loss: ['mse'] },
      { loss: 'mse', lossWeights: { colour: 1 } },
      { loss: 'mse', lossWeights: { kind: -1 } },
      { loss: 'mse', metrics: { kind: 'f1' } },
      { loss: 'hinge' },
      { loss: 'mse', optimizer: 'lion' },
      { loss: { size: 'categorical_crossentropy' } },
    ];
    for (const options of wrong) {
      expect(() => model.compile(options as CompileOptions)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/ERR_GLN_(OPTION|SHAPE)/) }),
      );
    }
  });
});

it('takes several inputs, in order or by name', () => {
  const left = input({ shape: [2], name: 'left' });
  const right = input({ shape: [2], name: 'right' });
  const sum = new Dense({ units: 1 });
  const model = new Model<SymbolicTensor>({
    inputs: [left, right],
    outputs: sum.apply(new GatedLinearUnit({ units: 2 }).apply(left)),
  });
  const rows = [
    [1, 2],
    [3, 4],
  ];
  const inOrder = model.predict([tensor(rows), tensor(rows)]);
  expect(model.predict({ left: rows, right: rows }).data).toEqual(inOrder.data);
  expect(() => model.predict([tensor(rows), tensor([[1, 2]])])).toThrow(coded('ERR_GLN_SHAPE'));
  expect(() => model.predict({ left: rows })).toThrow(coded('ERR_GLN_TYPE'));
});

it('says what is missing', () => {
  const model = new Sequential([new Dense({ units: 1 })]);
  expect(() => model.predict(new Float32Array(4))).toThrow(/input shape is known/);
  expect(() => model.summary()).toThrow(coded('ERR_GLN_OPTION'));
  expect(() => model.evaluate(x, y)).toThrow(/call compile first/);
  expect(() => model.add(model.layers[0])).toThrow(coded('ERR_GLN_OPTION'));
  expect(() => new Sequential([7 as never])).toThrow(coded('ERR_GLN_TYPE'));
});

it('measures what Keras measures', () => {
  const model = new Sequential([new Dense({ units: 1, name: 'out' })]);
  model.build([null, 1]);
  model.setWeights([[[1]], [0]]);
  const metrics = ['accuracy', 'precision', 'recall', 'mae', 'mse'] as const;
  model.compile({ loss: 'mse', metrics });
  // Decisions above 0.5: 1, 0, 1, 1, 0 for targets 1, 1, 0, 1, 0.
  const logs = model.evaluate([0.9, 0.5, 0.7, 1, 0.25], [1, 1, 0, 1, 0], { batchSize: 2 });
  expect(logs.accuracy).toBeCloseTo(3 / 5, 12);
  expect(logs.precision).toBeCloseTo(2 / 3, 12);
  expect(logs.recall).toBeCloseTo(2 / 3, 12);
  expect(logs.mae).toBeCloseTo((0.1 + 0.5 + 0.7 + 0 + 0.25) / 5, 6);
  expect(logs.mse).toBeCloseTo((0.01 + 0.25 + 0.49 + 0 + 0.0625) / 5, 6);
  expect(logs.loss).toBeCloseTo(logs.mse, 6);
});
