/**
 * Holds the native dense layers, gated linear units and optimizers to their
 * formulas in float64, to the order of sums that is written down, and every
 * instruction set and number of threads to the same bits.
 */

import { loadAddon } from '../../lib/native';
import { decodeFloats, runChild } from '../support/child';
import { fma, ulp, unitRoundoff } from '../support/floats';
import {
  activationInputs,
  adamRule,
  endless,
  optimizerCases,
  sgdRule,
  type TensorCase,
  tensorCases,
} from './cases';
import {
  type ActivationName,
  activationNames,
  activationOf,
  addSums,
  affine,
  affineGradients,
  gateDeltas,
  type Sums,
  sigmoid,
  slopeOf,
} from './reference';
import type { TensorResults } from './tensors-child';

const script = require.resolve('./tensors-child');
const available = loadAddon().buildInfo().available;
const results = new Map<string, TensorResults>();
const cases = [...tensorCases()];

beforeAll(() => {
  for (const isa of available) {
    results.set(isa, runChild<TensorResults>(script, null, { environment: { GLN_ISA: isa } }));
  }
}, 120_000);

function resultsOf(isa: string): TensorResults {
  const found = results.get(isa);
  if (!found) throw new Error(`no results of ${isa}`);
  return found;
}

/** Those of the portable kernels, which all others must equal. */
function output(name: string): Float32Array | undefined {
  const text = resultsOf('scalar').outputs[name];
  return text === undefined ? undefined : decodeFloats(text);
}

function given(name: string): Float32Array {
  const found = output(name);
  if (!found) throw new Error(`no output ${name}`);
  return found;
}

function expectWithin(
  name: string,
  expected: ArrayLike<number>,
  allowed: (index: number) => number,
): void {
  const actual = given(name);
  expect(actual.length).toBe(expected.length);
  const wrong = actual.findIndex(
    (value, index) => !(Math.abs(value - expected[index]) <= allowed(index)),
  );
  if (wrong >= 0) {
    throw new Error(
      `${name}, element ${wrong}: ${actual[wrong]}, expected ${expected[wrong]} ± ${allowed(wrong)}`,
    );
  }
}

/**
 * A chain of `depth` fused multiply-adds and one addition rounds each partial sum
 * once, and a factor may have been rounded four times before (1.001: the terms of
 * second order).
 */
function sumError({ magnitudes }: Sums, depth: number): (index: number) => number {
  return (index) => (depth + 5) * unitRoundoff * 1.001 * magnitudes[index] + depth * 2 ** -150;
}

function expectSums(name: string, expected: Sums, depth: number): void {
  expectWithin(name, expected.values, sumError(expected, depth));
}

const describeCase = ({ rows, inputs, units, activation, hasBias }: TensorCase) =>
  `${rows} rows, ${inputs} to ${units}, ${activation}${hasBias ? '' : ' without bias'}`;

describe.each([...available])('%s', (isa: string) => {
  it('is the instruction set that was forced, and writes nothing beside its outputs', () => {
    expect(resultsOf(isa).isa).toBe(isa);
    expect(resultsOf(isa).overrun).toEqual([]);
  });

  it('gives the same bits as the portable kernels', () => {
    const portable = resultsOf('scalar').outputs;
    const names = Object.keys(portable);
    expect(names.length).toBeGreaterThan(8 * cases.length);
    expect(names.filter((name) => resultsOf(isa).outputs[name] !== portable[name])).toEqual([]);
  });

  it('gives the same bits with any number of threads', () => {
    const hashes = Object.values(resultsOf(isa).byThreads);
    expect(hashes).toHaveLength(4);
    expect(new Set(hashes).size).toBe(1);
  });
});

/** No activation is steeper than 1, and each is off by at most four ulp of 1 or of its value. */
function activationError(value: number): number {
  return 4 * unitRoundoff * 2 * Math.max(1, Math.abs(value));
}

describe.each(cases.map((shape, index) => [describeCase(shape), index, shape] as const))(
  '%s',
  (_, index, shape) => {
    const { rows, inputs, units, input, kernel, gateKernel, outputGradient } = shape;
    const bias = shape.hasBias ? shape.bias : null;
    const gateBias = shape.hasBias ? shape.gateBias : null;

    it('dense', () => {
      const exact = affine(shape, input, kernel, bias);
      const error = sumError(exact, inputs);
      const expected = exact.values.map(activationOf[shape.activation]);
      expectWithin(`${index}.dense`, expected, (at) => error(at) + activationError(expected[at]));
    });

    it('denseBackward', () => {
      const delta = Float64Array.from(
        outputGradient,
        (g, at) => g * slopeOf[shape.activation](shape.output[at]),
      );
      const exact = affineGradients(shape, input, kernel, delta);
      expectSums(`${index}.dense kernel`, exact.kernel, rows);
      if (shape.hasBias) expectSums(`${index}.dense bias`, exact.bias, rows);
      if (shape.wantsInputGradient) expectSums(`${index}.dense input`, exact.input, units);
      expect(output(`${index}.dense bias`) !== undefined).toBe(shape.hasBias);
    });

    it('gatedLinearUnit', () => {
      const linear = affine(shape, input, kernel, bias);
      const before = affine(shape, input, gateKernel, gateBias);
      const gate = before.values.map(sigmoid);
      const linearError = sumError(linear, inputs);
      const beforeError = sumError(before, inputs);
      // The sigmoid's slope is 1/4 at most.
      const gateError = (at: number) => beforeError(at) / 4 + 8 * unitRoundoff;
      if (index % 3 !== 0) expectWithin(`${index}.linear`, linear.values, linearError);
      if (index % 3 !== 1) expectWithin(`${index}.gate`, gate, gateError);
      const expected = linear.values.map((value, at) => value * gate[at]);
      expectWithin(`${index}.glu`, expected, (at) => {
        const product = Math.abs(linear.values[at]) * gateError(at) + gate[at] * linearError(at);
        return 1.001 * product + 2 * unitRoundoff * Math.abs(expected[at]);
      });
    });

    it('gatedLinearUnitBackward', () => {
      const delta = gateDeltas(shape.linear, shape.gate, outputGradient);
      const linear = affineGradients(shape, input, kernel, delta.linear);
      const gate = affineGradients(shape, input, gateKernel, delta.gate);
      expectSums(`${index}.glu kernel`, linear.kernel, rows);
      expectSums(`${index}.glu gate kernel`, gate.kernel, rows);
      if (shape.hasBias) {
        expectSums(`${index}.glu bias`, linear.bias, rows);
        expectSums(`${index}.glu gate bias`, gate.bias, rows);
      }
      if (shape.wantsInputGradient) {
        expectSums(`${index}.glu input`, addSums(linear.input, gate.input), 2 * units);
      }
    });
  },
);

it('sums in ascending order with fused multiply-adds, and adds the bias last', () => {
  const linear = cases
    .map((shape, index) => ({ ...shape, index }))
    .filter(({ activation }) => activation === 'linear');
  expect(linear.length).toBeGreaterThan(2);
  for (const { index, rows, inputs, units, input, kernel, hasBias, bias } of linear) {
    const expected = Float32Array.from({ length: rows * units }, (_, at) => {
      const row = Math.floor(at / units);
      const unit = at % units;
      let sum = 0;
      for (let i = 0; i < inputs; i++) {
        sum = fma(input[row * inputs + i], kernel[i * units + unit], sum);
      }
      return sum + (hasBias ? bias[unit] : 0);
    });
    expect(
      Buffer.compare(Buffer.from(given(`${index}.dense`).buffer), Buffer.from(expected.buffer)),
    ).toBe(0);
  }
});

describe.each(activationNames)('%s', (name: ActivationName) => {
  const input = activationInputs();
  const finite = input.length - endless.length;

  it('is within a few ulp of its formula, and passes NaN and infinity on', () => {
    const truth = activationOf[name];
    const actual = given(`${name}.activate`);
    let worst = { share: 0, x: 0 };
    for (let index = 0; index < finite; index++) {
      const exact = truth(input[index]);
      // Below 1.7e-38 the sigmoid ends; nothing is smaller there than that.
      const share = Math.abs(actual[index] - exact) / (4 * ulp(exact) + 2e-38);
      if (!(share <= worst.share)) worst = { share, x: input[index] };
    }
    expect(worst.share).toBeLessThanOrEqual(1);
    const ends = endless.map(truth).map((exact, index) => [exact, actual[finite + index]]);
    for (const [exact, value] of ends) {
      if (Number.isFinite(exact)) expect(Math.abs(value - exact)).toBeLessThanOrEqual(2e-38);
      else expect(value).toBe(exact);
    }
  });

  it('has the derivative of its formula', () => {
    const value = given(`${name}.activate`);
    const expected = Float64Array.from(
      value.subarray(0, finite),
      (y, index) => Math.sin(index) * slopeOf[name](y),
    );
    const actual = given(`${name}.activateBackward`);
    const wrong = expected.findIndex(
      (exact, index) =>
        !(Math.abs(actual[index] - exact) <= 6 * unitRoundoff * Math.abs(exact) + 2 ** -148),
    );
    expect({ wrong, actual: actual[wrong] }).toEqual({ wrong: -1, actual: undefined });
  });

  it('may be computed in place', () => {
    expect(given(`${name}.activate in place`)).toEqual(given(`${name}.activate`));
    expect(given(`${name}.activateBackward in place`)).toEqual(given(`${name}.activateBackward`));
  });
});

it('optimizers take the steps of their rules', () => {
  const { stepSize, beta1, beta2, epsilon } = adamRule;
  const { rate, momentum } = sgdRule;
  // Sums of a few numbers of this size, and constants rounded to float.
  const close = (size: number) => 8 * unitRoundoff * size;
  let index = 0;
  for (const { parameters, gradients, mean, variance, velocity } of optimizerCases()) {
    const name = (what: string) => `optimizer ${index}.${what}`;
    const m = Float64Array.from(mean, (value, i) => value + (1 - beta1) * (gradients[i] - value));
    const v = Float64Array.from(
      variance,
      (value, i) => value + (1 - beta2) * (gradients[i] ** 2 - value),
    );
    const moves = m.map((value, i) => (stepSize * value) / (Math.sqrt(v[i]) + epsilon));
    const meanSize = (i: number) => Math.abs(mean[i]) + Math.abs(gradients[i]);
    expectWithin(name('mean'), m, (i) => close(meanSize(i)));
    expectWithin(name('variance'), v, (i) => close(variance[i] + gradients[i] ** 2));
    const adam = Float64Array.from(parameters, (value, i) => value - moves[i]);
    expectWithin(name('adam'), adam, (i) => {
      const step = (stepSize * meanSize(i)) / (Math.sqrt(v[i]) + epsilon);
      return close(Math.abs(parameters[i]) + step);
    });
    const plain = Float64Array.from(parameters, (value, i) => value - rate * gradients[i]);
    const size = (i: number) =>
      Math.abs(parameters[i]) + Math.abs(velocity[i]) + Math.abs(gradients[i]);
    expectWithin(name('sgd'), plain, (i) => close(size(i)));
    const speed = Float64Array.from(velocity, (u, i) => momentum * u - rate * gradients[i]);
    expectWithin(name('velocity'), speed, (i) => close(size(i)));
    const moved = Float64Array.from(parameters, (value, i) => value + speed[i]);
    expectWithin(name('momentum'), moved, (i) => close(size(i)));
    index++;
  }
  expect(index).toBeGreaterThan(5);
});
