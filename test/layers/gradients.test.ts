/**
 * Outputs and gradients of every layer and loss beside the reference in double
 * precision, whose gradients are taken by finite differences.
 */

import * as fc from 'fast-check';
import {
  Add,
  BatchNormalization,
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Concatenate,
  Dense,
  Dropout,
  GatedLinearUnit,
  GatedResidualNetwork,
  input,
  LayerNormalization,
  type LossLike,
  Model,
  Multiply,
  type SymbolicTensor,
  type Tensor,
  tensor,
} from '../../lib/layers';
import { forward, LOSSES, type NetworkConfig, type Values } from '../reference/layers';
import { expectClose } from '../support/closeness';
import { runs } from '../support/property';
import { Random } from '../support/random';

/** Central differences err by h² times a third derivative, and by rounding over h. */
const STEP = 1e-5;
/**
 * Analytic gradients in single precision: sums of some ten terms of size about 1,
 * through up to six layers, each with a relative error of 6e-8; divisions by small
 * deviations in the normalisations (ε = 1e-3, so by 0.03 at least) raise that to
 * some 1e-5. Differences in double precision are far more exact.
 */
const TOLERANCE = { absolute: 1e-4, relative: 1e-3 };

function double({ shape, data }: Tensor): Values {
  return { shape, data: Float64Array.from(data) };
}

interface Trial {
  model: Model<SymbolicTensor>;
  x: Tensor;
  target: number[];
  loss: LossLike;
  reference: keyof typeof LOSSES;
}

/** Gives every weight numbers of its own, biases and offsets as well. */
function randomWeights(model: Model<SymbolicTensor>, random: Random): void {
  model.setWeights(
    [...model.weights].map(([path, { shape, size }]) => {
      const isVariance = path.endsWith('moving_variance');
      return tensor(
        random.floats(size, () => (isVariance ? random.between(0.5, 2) : 0.7 * random.normal())),
        shape,
      );
    }),
  );
}

function check({ model, x, target, loss, reference }: Trial): void {
  model.compile({ optimizer: 'sgd', loss });
  const config = model.getConfig() as unknown as NetworkConfig;
  const { loss: value, gradients } = model.computeGradients(x, target);
  const weights = new Map(
    [...model.weights].map(([path, { values }]) => [path, Float64Array.from(values)]),
  );
  const options = { training: true, factors: factorsOf(model) };
  const lossNow = () => {
    const [output] = forward(config, [double(x)], weights, options);
    return LOSSES[reference](target, output);
  };

  const [inference] = forward(config, [double(x)], weights, { training: false });
  const predicted = model.predict(x);
  expect(predicted.shape).toEqual(inference.shape);
  expectClose(predicted.data, inference.data, TOLERANCE, 'outputs');
  expectClose([value], [lossNow()], TOLERANCE, 'loss');
  const trained = [...model.weights].filter(([, { trainable }]) => trainable);
  expect([...gradients.keys()]).toEqual(trained.map(([path]) => path));
  for (const [path, gradient] of gradients) {
    const values = weights.get(path) as Float64Array;
    const differences = values.map((before, i) => {
      values[i] = before + STEP;
      const above = lossNow();
      values[i] = before - STEP;
      const below = lossNow();
      values[i] = before;
      return (above - below) / (2 * STEP);
    });
    expectClose(gradient.data, differences, TOLERANCE, `gradient of ${path}`);
  }
}

/** What the dropout layer will drop next: computing gradients has not moved its stream. */
function factorsOf(model: Model<SymbolicTensor>): Map<string, Float32Array> {
  const factors = new Map<string, Float32Array>();
  for (const layer of model.layers) {
    if (!(layer instanceof Dropout)) continue;
    const ones = tensor(new Float32Array(24).fill(1), [6, 4]);
    factors.set(layer.name, layer.apply(ones, { training: true }).data);
  }
  return factors;
}

/** Layers of 4 values to try between dense ones: what comes in has gradients to pass on. */
const MIDDLES: Record<string, (values: SymbolicTensor) => SymbolicTensor> = {
  'Dense linear': (values) => new Dense({ units: 4 }).apply(values),
  'Dense without bias': (values) => new Dense({ units: 3, useBias: false }).apply(values),
  'Dense relu': (values) => new Dense({ units: 5, activation: 'relu' }).apply(values),
  'Dense sigmoid': (values) => new Dense({ units: 4, activation: 'sigmoid' }).apply(values),
  'Dense elu': (values) => new Dense({ units: 4, activation: 'elu' }).apply(values),
  'Dense tanh': (values) => new Dense({ units: 4, activation: 'tanh' }).apply(values),
  'Dense softmax': (values) => new Dense({ units: 4, activation: 'softmax' }).apply(values),
  GatedLinearUnit: (values) => new GatedLinearUnit({ units: 3 }).apply(values),
  'GatedResidualNetwork of equal width': (values) =>
    new GatedResidualNetwork({ units: 4, dropoutRate: 0 }).apply(values),
  'GatedResidualNetwork of another width': (values) =>
    new GatedResidualNetwork({ units: 3, dropoutRate: 0 }).apply(values),
  LayerNormalization: (values) => new LayerNormalization().apply(values),
  'LayerNormalization without weights': (values) =>
    new LayerNormalization({ center: false, scale: false }).apply(values),
  BatchNormalization: (values) => new BatchNormalization().apply(values),
  'BatchNormalization without offset': (values) =>
    new BatchNormalization({ center: false, epsilon: 0.1 }).apply(values),
  Dropout: (values) => new Dropout({ rate: 0.4 }).apply(values),
  Multiply: (values) =>
    new Multiply().apply([values, new Dense({ units: 4 }).apply(values), values]),
  'Multiply of one gate': (values) =>
    new Multiply().apply([new Dense({ units: 1, activation: 'sigmoid' }).apply(values), values]),
  Add: (values) => new Add().apply([values, new Dense({ units: 4 }).apply(values), values]),
  'Add of one value': (values) => new Add().apply([values, new Dense({ units: 1 }).apply(values)]),
  Concatenate: (values) =>
    new Concatenate().apply([new Dense({ units: 2 }).apply(values), values, values]),
  'a layer used twice': (values) => {
    const shared = new GatedLinearUnit({ units: 4 });
    return shared.apply(shared.apply(values));
  },
};

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe.each(Object.entries(MIDDLES))('%s', (_, middle) => {
  it('has the gradients of finite differences', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const inputs = input({ shape: [3] });
        const first = new Dense({ units: 4, activation: 'tanh' }).apply(inputs);
        const outputs = new Dense({ units: 2 }).apply(middle(first));
        const model = new Model({ inputs, outputs });
        randomWeights(model, random);
        const x = tensor(random.floats(18), [6, 3]);
        const target = Array.from({ length: 12 }, () => random.normal());
        check({ model, x, target, loss: 'mse', reference: 'mse' });
      }),
      runs(4),
    );
  });
});

it('has the gradients of inputs with further axes', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = new Random(seed);
      const inputs = input({ shape: [2, 3] });
      const gated = new GatedLinearUnit({ units: 4 }).apply(inputs);
      const grn = new GatedResidualNetwork({ units: 4, dropoutRate: 0 }).apply(gated);
      const both = new Concatenate({ axis: 1 }).apply([gated, grn]);
      const normal = new BatchNormalization().apply(new LayerNormalization().apply(both));
      const model = new Model({ inputs, outputs: new Dense({ units: 2 }).apply(normal) });
      randomWeights(model, random);
      const x = tensor(random.floats(18), [3, 2, 3]);
      const target = Array.from({ length: 24 }, () => random.normal());
      check({ model, x, target, loss: 'mse', reference: 'mse' });
    }),
    runs(6),
  );
});

interface LossCase {
  name: string;
  loss: LossLike;
  reference: keyof typeof LOSSES;
  activation: 'linear' | 'sigmoid' | 'softmax';
  targets: (random: Random) => number[];
}

const ROWS = 5;
const WIDTH = 3;
const bits = (random: Random) => Array.from({ length: ROWS * WIDTH }, () => random.below(2));
const shares = (random: Random) => Array.from({ length: ROWS * WIDTH }, () => random.uniform());
const labels = (random: Random) => Array.from({ length: ROWS }, () => random.below(WIDTH));
const oneHot = (random: Random) =>
  labels(random).flatMap((label) => Array.from({ length: WIDTH }, (_, k) => Number(k === label)));

const LOSS_CASES: LossCase[] = [
  {
    name: 'binary cross-entropy of sigmoid',
    loss: 'binary_crossentropy',
    reference: 'binary_crossentropy',
    activation: 'sigmoid',
    targets: bits,
  },
  {
    name: 'binary cross-entropy of shares',
    loss: 'binary_crossentropy',
    reference: 'binary_crossentropy',
    activation: 'sigmoid',
    targets: shares,
  },
  {
    name: 'binary cross-entropy of softmax, which it does not cancel',
    loss: 'binary_crossentropy',
    reference: 'binary_crossentropy',
    activation: 'softmax',
    targets: bits,
  },
  {
    name: 'binary cross-entropy of logits',
    loss: new BinaryCrossentropy({ fromLogits: true }),
    reference: 'binary_crossentropy_logits',
    activation: 'linear',
    targets: bits,
  },
  {
    name: 'categorical cross-entropy of softmax',
    loss: 'categorical_crossentropy',
    reference: 'categorical_crossentropy',
    activation: 'softmax',
    targets: oneHot,
  },
  {
    name: 'categorical cross-entropy of shares that need not sum to 1',
    loss: 'categorical_crossentropy',
    reference: 'categorical_crossentropy',
    activation: 'softmax',
    targets: shares,
  },
  {
    name: 'categorical cross-entropy of sigmoid, which it does not cancel',
    loss: 'categorical_crossentropy',
    reference: 'categorical_crossentropy',
    activation: 'sigmoid',
    targets: oneHot,
  },
  {
    name: 'categorical cross-entropy of logits',
    loss: new CategoricalCrossentropy({ fromLogits: true }),
    reference: 'categorical_crossentropy_logits',
    activation: 'linear',
    targets: oneHot,
  },
  {
    name: 'sparse categorical cross-entropy of softmax',
    loss: 'sparse_categorical_crossentropy',
    reference: 'sparse_categorical_crossentropy',
    activation: 'softmax',
    targets: labels,
  },
  {
    name: 'mean squared error',
    loss: 'mean_squared_error',
    reference: 'mse',
    activation: 'linear',
    targets: shares,
  },
];

it.each(LOSS_CASES)('$name', ({ loss, reference, activation, targets }) => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = new Random(seed);
      const inputs = input({ shape: [4] });
      const outputs = new Dense({ units: WIDTH, activation }).apply(inputs);
      const model = new Model({ inputs, outputs });
      randomWeights(model, random);
      const x = tensor(random.floats(ROWS * 4), [ROWS, 4]);
      check({ model, x, target: targets(random), loss, reference });
    }),
    runs(10),
  );
});

it('keeps the gradient of a saturated sigmoid that is wrong', () => {
  const inputs = input({ shape: [1] });
  const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(inputs);
  const model = new Model({ inputs, outputs });
  model.compile({ loss: 'binary_crossentropy' });
  model.setWeights([[[40]], [0]]);
  // σ(40) is 1 in single precision; the derivative of what comes out of it is 0.
  const { gradients } = model.computeGradients([[1]], [0]);
  expect([...gradients.values()].map(({ data }) => data[0])).toEqual([1, 1]);
});
