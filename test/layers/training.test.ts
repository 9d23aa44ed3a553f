/** fit, evaluate, compile: what they report, that they can be repeated, and how they end. */

import {
  Adam,
  BatchNormalization,
  type CompileOptions,
  Dense,
  Dropout,
  EarlyStopping,
  GatedLinearUnit,
  input,
  type LayeredModel,
  type LayerFitOptions,
  Model,
  randomNormal,
  Sequential,
  SGD,
  type Tensor,
  tensor,
} from '../../lib/layers';

const coded = (code: string) => expect.objectContaining({ code });

const x = randomNormal([90, 6], { seed: 1 });
const y = Array.from({ length: 90 }, (_, row) => Number(x.data[6 * row] > x.data[6 * row + 1]));

function classifier(seed = 1, options: Partial<CompileOptions> = {}, threads = 1): Sequential {
  const model = new Sequential(
    [
      new Dense({ name: 'first', units: 8, activation: 'relu' }),
      new BatchNormalization({ name: 'norm' }),
      new Dropout({ name: 'drop', rate: 0.2 }),
      new GatedLinearUnit({ name: 'gate', units: 4 }),
      new Dense({ name: 'last', units: 1, activation: 'sigmoid' }),
    ],
    { seed, threads },
  );
  model.compile({
    optimizer: 'adam',
    loss: 'binary_crossentropy',
    metrics: ['accuracy'],
    ...options,
  });
  return model;
}

const weightsOf = (model: LayeredModel) => model.getWeights().map(({ data }) => data);

describe('fit', () => {
  it('learns, and reports every epoch', async () => {
    const model = classifier(1, { optimizer: new Adam({ learningRate: 0.01 }) });
    const { epoch, history } = await model.fit(x, y, { epochs: 30, validationSplit: 0.2 });
    expect(epoch).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    for (const figures of Object.values(history)) expect(figures).toHaveLength(30);
    expect(history.accuracy.at(-1)).toBeGreaterThan(0.9);
    expect(history.val_accuracy.at(-1)).toBeGreaterThan(0.8);
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0] / 2);
  });

  it('validates on the last rows, which it does not learn', async () => {
    const model = classifier();
    const { history } = await model.fit(x, y, { validationSplit: 0.3 });
    // floor(90 · 0.7) = 62 in floating point, as Keras computes it.
    const count = Math.floor(90 * (1 - 0.3));
    const rest = tensor(x.data.subarray(6 * count), [90 - count, 6]);
    const { loss, accuracy } = model.evaluate(rest, y.slice(count));
    expect(history.val_loss[0]).toBeCloseTo(loss, 12);
    expect(history.val_accuracy[0]).toBeCloseTo(accuracy, 12);

    const alone = classifier();
    const first = tensor(x.data.slice(0, 6 * count), [count, 6]);
    await alone.fit(first, y.slice(0, count), { validationData: [rest, y.slice(count)] });
    expect(weightsOf(alone)).toEqual(weightsOf(model));
  });

  it('gives the same bits for the same seed, whatever the threads', async () => {
    const first = classifier(5);
    const second = classifier(5, {}, 3);
    const other = classifier(6);
    for (const model of [first, second, other]) await model.fit(x, y, { epochs: 3 });
    expect(weightsOf(second)).toEqual(weightsOf(first));
    expect(weightsOf(other)).not.toEqual(weightsOf(first));
    expect(second.predict(x).data).toEqual(first.predict(x).data);
  });

  it('takes rows in any form', async () => {
    const forms = [x, x.data, Float64Array.from(x.data), Array.from(x.data), x.toArray()];
    const results: Float32Array[] = [];
    for (const form of forms) {
      const model = classifier(2);
      model.build([null, 6]);
      await model.fit(form, tensor(y, [90, 1]));
      results.push(model.predict(form).data);
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('takes every row once an epoch, in another order each time unless told not to', async () => {
    const seen = async (shuffle: boolean) => {
      const inputs = input({ shape: [1] });
      const outputs = new Dense({ units: 1, name: 'out' }).apply(inputs);
      const model = new Model({ inputs, outputs, seed: 1 });
      const rate = 0;
      model.compile({ optimizer: new SGD({ learningRate: rate }), loss: 'mse' });
      model.setWeights([[[1]], [0]]);
      const losses: number[] = [];
      const values = [1, 2, 3, 4, 5, 6];
      await model.fit(values, [0, 0, 0, 0, 0, 0], {
        ...{ epochs: 2, batchSize: 1, shuffle },
        onProgress: ({ logs, batch }) => losses.push(logs.loss * batch),
      });
      const rows = losses.map((sum, i) => Math.sqrt(sum - (i % 6 === 0 ? 0 : losses[i - 1])));
      return [rows.slice(0, 6), rows.slice(6)].map((epoch) => epoch.map(Math.round));
    };
    const [first, second] = await seen(true);
    expect([...first].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...second].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(first).not.toEqual(second);
    expect(await seen(false)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('calls back in order, and waits', async () => {
    const calls: string[] = [];
    const note = (call: string) => async () => {
      await Promise.resolve();
      calls.push(call);
    };
    await classifier().fit(x, y, {
      epochs: 2,
      batchSize: 45,
      callbacks: [
        {
          onTrainBegin: note('begin'),
          onEpochBegin: note('epoch begins'),
          onBatchEnd: note('batch'),
          onEpochEnd: note('epoch ends'),
          onTrainEnd: note('end'),
        },
      ],
    });
    const epoch = ['epoch begins', 'batch', 'batch', 'epoch ends'];
    expect(calls).toEqual(['begin', ...epoch, ...epoch, 'end']);
  });

  it('ends with what a callback throws, and can go on', async () => {
    const model = classifier();
    const onBatchEnd = () => {
      throw new RangeError('enough');
    };
    await expect(model.fit(x, y, { callbacks: { onBatchEnd } })).rejects.toThrow('enough');
    await model.fit(x, y);
  });

  it('stops early, with the best weights', async () => {
    const model = classifier(1, { optimizer: new SGD({ learningRate: 0 }) });
    model.build([null, 6]);
    const stopping = new EarlyStopping({ monitor: 'loss', patience: 2, minDelta: 10 });
    const { epoch } = await model.fit(x, y, { epochs: 50, callbacks: stopping });
    expect(epoch).toHaveLength(3);
    expect(stopping.stoppedEpoch).toBe(2);
    expect(stopping.bestEpoch).toBe(0);

    const learner = classifier(1, { optimizer: new Adam({ learningRate: 0.5 }) });
    const kept: Float32Array[][] = [];
    const best = new EarlyStopping({ patience: 3, restoreBestWeights: true });
    const onEpochEnd = () => {
      kept.push(weightsOf(learner));
    };
    await learner.fit(x, y, {
      epochs: 40,
      validationSplit: 0.2,
      callbacks: [best, { onEpochEnd }],
    });
    expect(kept.length).toBeLessThan(40);
    expect(weightsOf(learner)).toEqual(kept[best.bestEpoch as number]);
  });

  it('stops by its signal, between batches', async () => {
    const model = classifier();
    const controller = new AbortController();
    const fit = model.fit(x, y, {
      epochs: 1000,
      batchSize: 10,
      signal: controller.signal,
      onProgress: ({ epoch, batch }) => {
        if (epoch === 1 && batch === 2) controller.abort('enough');
      },
    });
    await expect(fit).rejects.toMatchObject({
      ...{ name: 'AbortError', code: 'ERR_GLN_ABORTED', rowsDone: 110, cause: 'enough' },
    });
    await model.fit(x, y);
  });

  it('lets other work have its turn', async () => {
    const model = new Sequential([
      new Dense({ units: 64, activation: 'relu' }),
      new Dense({ units: 64 }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const rows = randomNormal([2000, 64]);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const started = performance.now();
    await model.fit(rows, rows, { epochs: 4 });
    const milliseconds = performance.now() - started;
    clearInterval(timer);
    // Every 10 ms and a batch, if the processor is ours; a tenth of that is enough.
    expect(milliseconds).toBeGreaterThan(50);
    expect(ticks).toBeGreaterThan(milliseconds / 200);
  });

  it('refuses a second fit, and compiling, meanwhile', async () => {
    const model = classifier();
    const fit = model.fit(x, y, { epochs: 2 });
    await expect(model.fit(x, y)).rejects.toThrow(coded('ERR_GLN_BUSY'));
    expect(() => model.compile({ loss: 'mse' })).toThrow(coded('ERR_GLN_BUSY'));
    expect(model.predict(x).shape).toEqual([90, 1]);
    await fit;
  });

  it('ends before a step that would ruin the weights', async () => {
    const model = new Sequential([new Dense({ units: 1 })]);
    model.compile({ optimizer: new SGD({ learningRate: 1e30 }), loss: 'mse' });
    await expect(model.fit(x, y, { epochs: 100 })).rejects.toThrow(/a smaller learning rate/);
  });

  it.each<[string, LayerFitOptions | object]>([
    ['epochs', { epochs: 0 }],
    ['batchSize', { batchSize: 1.5 }],
    ['validationSplit', { validationSplit: 1 }],
    ['validationSplit', { validationSplit: 0.999 }],
    ['validationSplit', { validationSplit: 0.1, validationData: [x, y] }],
    ['validationData', { validationData: [x] }],
    ['callbacks', { callbacks: 7 }],
    ['callbacks', { callbacks: { onEpochEnd: 'print' } }],
    ['monitor', { callbacks: new EarlyStopping() }],
    ['shuffle', { shuffle: 'yes' }],
    ['unknown option', { epoch: 3 }],
  ])('refuses wrong options: %s', async (name, options) => {
    const model = classifier();
    model.build([null, 6]);
    const before = weightsOf(model);
    await expect(model.fit(x, y, options)).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_GLN_OPTION',
        message: expect.stringContaining(name),
      }),
    );
    expect(weightsOf(model)).toEqual(before);
  });
});

describe('data', () => {
  const model = classifier();
  model.build([null, 6]);

  it.each<[string, unknown, unknown]>([
    ['ERR_GLN_SHAPE', tensor(new Float32Array(90 * 5), [90, 5]), y],
    ['ERR_GLN_SHAPE', new Float32Array(7), y],
    ['ERR_GLN_SHAPE', x, y.slice(1)],
    ['ERR_GLN_SHAPE', x, tensor([...y, ...y], [90, 2])],
    ['ERR_GLN_SHAPE', [], []],
    ['ERR_GLN_TYPE', 'rows', y],
    ['ERR_GLN_TYPE', x, undefined],
    ['ERR_GLN_VALUE', x, y.map(() => 2)],
    ['ERR_GLN_VALUE', x, y.map(() => Number.NaN)],
    ['ERR_GLN_OPTION', { rows: x }, y],
  ])('is refused with %s', (code, rows, targets) => {
    expect(() => model.trainOnBatch(rows as Tensor, targets as number[])).toThrow(coded(code));
    expect(() => model.evaluate(rows as Tensor, targets as number[])).toThrow(coded(code));
  });

  it('must be classes for sparse losses', () => {
    const classes = new Sequential([new Dense({ units: 3, activation: 'softmax' })]);
    classes.compile({ loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
    const labels = Uint8Array.from(y, (label, i) => (i % 2 === 0 ? label : 2));
    const { loss, accuracy } = classes.evaluate(x, labels);
    expect(loss).toBeGreaterThan(0);
    const predictions = classes.predict(x);
    const right = Array.from(labels).filter((label, row) => {
      const values = Array.from(predictions.data.subarray(3 * row, 3 * row + 3));
      return values.indexOf(Math.max(...values)) === label;
    });
    expect(accuracy).toBeCloseTo(right.length / 90, 12);
    for (const bad of [3, -1, 0.5]) {
      const wrong = Array.from(labels, (label, i) => (i === 5 ? bad : label));
      expect(() => classes.evaluate(x, wrong)).toThrow(coded('ERR_GLN_LABEL'));
    }
  });
});
