/**
 * Holds the native gradients to finite differences of the layers' values in float64:
 * they are the derivatives of what the layers compute, not only of what the
 * backward formulas say.
 */

import { loadAddon } from '../../lib/native';
import { expectClose } from '../support/closeness';
import { Random } from '../support/random';
import {
  type ActivationName,
  activationNames,
  activationOf,
  activations,
  affine,
  type Shape,
  sigmoid,
} from './reference';

const { tensors } = loadAddon();
const shape: Shape = { rows: 5, inputs: 7, units: 18 };
const { rows, inputs, units } = shape;

/** What a loss depends on, by name. */
type Parameters = Record<string, Float64Array>;

/** d loss / d parameter of each element, by central differences. */
function differences(loss: (at: Parameters) => number, at: Parameters): Record<string, number[]> {
  const step = 1e-6;
  return Object.fromEntries(
    Object.entries(at).map(([name, values]) => [
      name,
      Array.from(values, (_, index) => {
        const shifted = (by: number) => {
          const moved = values.slice();
          moved[index] += by;
          return loss({ ...at, [name]: moved });
        };
        return (shifted(step) - shifted(-step)) / (2 * step);
      }),
    ]),
  );
}

/** Sums of some twenty terms of magnitude 1, in float32. */
const tolerance = { absolute: 2e-5, relative: 2e-5 };

function draw(random: Random, length: number): Float32Array {
  return random.floats(length);
}

function weighted(values: Float64Array, weights: Float32Array): number {
  return values.reduce((sum, value, index) => sum + value * weights[index], 0);
}

it.each(activationNames)('dense with %s', (name: ActivationName) => {
  const random = new Random(41);
  const input = draw(random, rows * inputs);
  const kernel = draw(random, inputs * units);
  const bias = draw(random, units);
  const outputGradient = draw(random, rows * units);
  const output = new Float32Array(rows * units);
  const kind = activations[name];
  tensors.dense(input, kernel, bias, rows, inputs, units, kind, output, 1);
  const actual = {
    input: new Float32Array(input.length),
    kernel: new Float32Array(kernel.length),
    bias: new Float32Array(bias.length),
  };
  tensors.denseBackward(
    input,
    kernel,
    output,
    outputGradient,
    rows,
    inputs,
    units,
    kind,
    actual.input,
    actual.kernel,
    actual.bias,
    1,
  );
  const loss = (at: Parameters) =>
    weighted(
      affine(shape, at.input, at.kernel, at.bias).values.map(activationOf[name]),
      outputGradient,
    );
  const expected = differences(loss, {
    input: Float64Array.from(input),
    kernel: Float64Array.from(kernel),
    bias: Float64Array.from(bias),
  });
  expectClose(actual.input, expected.input, tolerance, 'input');
  expectClose(actual.kernel, expected.kernel, tolerance, 'kernel');
  expectClose(actual.bias, expected.bias, tolerance, 'bias');
});

it('the gated linear unit', () => {
  const random = new Random(42);
  const given = {
    input: draw(random, rows * inputs),
    kernel: draw(random, inputs * units),
    bias: draw(random, units),
    gateKernel: draw(random, inputs * units),
    gateBias: draw(random, units),
  };
  const { input, kernel, bias, gateKernel, gateBias } = given;
  const outputGradient = draw(random, rows * units);
  const [linear, gate, output] = [0, 1, 2].map(() => new Float32Array(rows * units));
  tensors.gatedLinearUnit(
    input,
    kernel,
    bias,
    gateKernel,
    gateBias,
    rows,
    inputs,
    units,
    linear,
    gate,
    output,
    1,
  );
  const actual = {
    input: new Float32Array(input.length),
    kernel: new Float32Array(kernel.length),
    bias: new Float32Array(units),
    gateKernel: new Float32Array(kernel.length),
    gateBias: new Float32Array(units),
  };
  tensors.gatedLinearUnitBackward(
    input,
    kernel,
    gateKernel,
    linear,
    gate,
    outputGradient,
    rows,
    inputs,
    units,
    actual.input,
    actual.kernel,
    actual.bias,
    actual.gateKernel,
    actual.gateBias,
    1,
  );
  const loss = (at: Parameters) => {
    const open = affine(shape, at.input, at.gateKernel, at.gateBias).values.map(sigmoid);
    const values = affine(shape, at.input, at.kernel, at.bias).values;
    return weighted(
      values.map((value, index) => value * open[index]),
      outputGradient,
    );
  };
  const at = Object.entries(given).map(([name, values]) => [name, Float64Array.from(values)]);
  const expected = differences(loss, Object.fromEntries(at));
  for (const [name, values] of Object.entries(actual)) {
    expectClose(values, expected[name], tolerance, name);
  }
});

it('the gated linear unit of one number: an open gate of one half', () => {
  // Kernel 1, gate kernel 0, no biases, x = 2: y = 2 · σ(0).
  const one = (value: number) => Float32Array.of(value);
  const output = one(0);
  tensors.gatedLinearUnit(one(2), one(1), null, one(0), null, 1, 1, 1, null, null, output, 1);
  expect(output[0]).toBe(1);
});
