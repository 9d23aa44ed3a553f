/**
 * Layers and models beside the golden vectors of a float64 oracle with automatic
 * differentiation: outputs, losses, gradients, and the weights after three steps of
 * Adam.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchNormalization,
  Dense,
  GatedLinearUnit,
  GatedResidualNetwork,
  input,
  type LayeredModel,
  Model,
  type NestedArray,
  Sequential,
  type Structure,
  type Tensor,
  tensor,
} from '../../lib/layers';
import { expectClose } from '../support/closeness';

interface Step {
  loss: number;
  outputs: Record<string, NestedArray>;
  gradients?: Record<string, NestedArray>;
}

interface Golden {
  x: NestedArray;
  y?: NestedArray;
  yClassification?: NestedArray;
  yRegression?: NestedArray;
  weights: Record<string, NestedArray>;
  steps: Step[];
  finalWeights: Record<string, NestedArray>;
}

function read(name: string): Golden {
  const file = join(__dirname, '..', 'fixtures', 'golden', `glu-${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Golden;
}

interface Case {
  name: string;
  make(golden: Golden): LayeredModel<Structure>;
  /** The path that we give a weight of that name. */
  pathOf?: (name: string) => string;
}

const relu = (name: string, units: number) => new Dense({ name, units, activation: 'relu' });
const glu = (name: string, units: number) => new GatedLinearUnit({ name, units });

function grn(units: number): Case['make'] {
  return () => {
    const model = new Sequential([
      new GatedResidualNetwork({ name: 'grn', units, dropoutRate: 0 }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'mse' });
    return model;
  };
}

/** Names of the parts of a gated residual network, here and in the oracle. */
const GRN_PARTS: Record<string, string> = {
  elu: 'elu_dense',
  linear: 'linear_dense',
  glu: 'gated_linear_unit',
  norm: 'layer_norm',
  project: 'project',
};
const grnPath = (name: string) => {
  const [part, ...rest] = name.split('/');
  return ['grn', GRN_PARTS[part], ...rest].join('/');
};

const cases: Case[] = [
  {
    name: 'rank3',
    make: () => {
      const model = new Sequential([glu('glu', 4)]);
      model.compile({ optimizer: 'adam', loss: 'mse' });
      return model;
    },
  },
  { name: 'grn-same', make: grn(8), pathOf: grnPath },
  { name: 'grn-projected', make: grn(6), pathOf: grnPath },
  {
    name: 'sequential',
    make: () => {
      const model = new Sequential([
        relu('dense1', 32),
        glu('glu1', 16),
        relu('dense2', 8),
        glu('glu2', 4),
        new Dense({ name: 'dense3', units: 1, activation: 'sigmoid' }),
      ]);
      model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['accuracy'] });
      return model;
    },
  },
  {
    name: 'batchnorm',
    make: () => {
      const model = new Sequential([
        relu('dense1', 64),
        new BatchNormalization({ name: 'bn' }),
        glu('glu1', 32),
        new Dense({ name: 'dense2', units: 1, activation: 'sigmoid' }),
      ]);
      model.compile({ optimizer: 'adam', loss: 'binary_crossentropy' });
      return model;
    },
  },
  {
    name: 'multi-output',
    make: () => {
      const inputs = input({ shape: [30] });
      const first = relu('dense1', 64).apply(glu('glu1', 32).apply(inputs));
      const second = relu('dense2', 64).apply(glu('glu2', 32).apply(first));
      const last = relu('dense3', 8).apply(glu('glu3', 16).apply(second));
      const classes = new Dense({ name: 'classification', units: 3, activation: 'softmax' });
      const value = new Dense({ name: 'regression', units: 1 });
      const model = new Model({ inputs, outputs: [classes.apply(last), value.apply(last)] });
      model.compile({
        optimizer: 'adam',
        loss: { classification: 'categorical_crossentropy', regression: 'mse' },
        lossWeights: { classification: 1.0, regression: 0.5 },
      });
      return model;
    },
  },
];

function setWeights(model: LayeredModel<Structure>, weights: Map<string, NestedArray>): void {
  const paths = [...model.weights.keys()];
  // The oracle's files leave the moving averages out.
  const values = paths.map((path) => {
    const given = weights.get(path);
    return given ?? (model.weights.get(path)?.toTensor() as Tensor);
  });
  const missing = paths.filter((path) => !weights.has(path));
  expect(missing.every((path) => path.startsWith('bn/moving_'))).toBe(true);
  expect(weights.size).toBe(paths.length - missing.length);
  model.setWeights(values);
}

// Float32 against float64: rounding of 6e-8 at each of some hundred sums. The oracle's
// numbers are all of size 1 or below.
const tolerance = { absolute: 1e-5, relative: 1e-5 };
// An Adam step is rate · m / √v: where a gradient is as small as its rounding, its
// sign, and so a step of 1e-3, may differ; none of the oracle's is.
const afterAdam = { absolute: 1e-5, relative: 1e-5 };

describe.each(cases)('glu-$name', ({ name, make, pathOf = (path) => path }) => {
  const golden = read(name);
  const byPath = (weights: Record<string, NestedArray>) =>
    new Map(Object.entries(weights).map(([path, values]) => [pathOf(path), values]));
  const y =
    golden.y ??
    ({
      classification: golden.yClassification as NestedArray,
      regression: golden.yRegression as NestedArray,
    } as const);

  function started(): LayeredModel<Structure> {
    const model = make(golden);
    model.network(golden.x);
    setWeights(model, byPath(golden.weights));
    return model;
  }

  function expectOutputs(model: LayeredModel<Structure>, expected: Step['outputs']): void {
    // As in training, but without learning: moving averages are set back.
    const weights = model.getWeights();
    const result = model.apply(golden.x, { training: true }) as Tensor | Tensor[];
    model.setWeights(weights);
    const outputs = Array.isArray(result) ? result : [result];
    Object.entries(expected).forEach(([output, values], i) => {
      expect(outputs[i].shape).toEqual(tensor(values).shape);
      expectClose(outputs[i].data, tensor(values).data, tolerance, `${name}: ${output}`);
    });
  }

  it('has its gradients', () => {
    const model = started();
    const { loss, gradients } = model.computeGradients(golden.x, y);
    const expected = byPath(golden.steps[0].gradients ?? {});
    expect(Math.abs(loss - golden.steps[0].loss)).toBeLessThan(1e-5);
    expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, values] of expected) {
      const gradient = gradients.get(path) as Tensor;
      expect(gradient.shape).toEqual(tensor(values).shape);
      expectClose(gradient.data, tensor(values).data, tolerance, `${name}: ${path}`);
    }
  });

  it('has its outputs, losses and weights over three steps of Adam', () => {
    const model = started();
    for (const { loss, outputs } of golden.steps) {
      expectOutputs(model, outputs);
      const logs = model.trainOnBatch(golden.x, y);
      expect(Math.abs(logs.loss - loss)).toBeLessThan(1e-5);
    }
    for (const [path, values] of byPath(golden.finalWeights)) {
      const weight = model.weights.get(path)?.values as Float32Array;
      expectClose(weight, tensor(values).data, afterAdam, `${name}: ${path}`);
    }
  });
});
