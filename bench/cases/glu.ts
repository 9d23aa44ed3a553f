/**
 * A gated linear unit of the size that its layers are compared at: forward, and a
 * whole training step. Also against TensorFlow.js, in the same process.
 */
import { addon } from '../addon';
import type { Bench } from '../bench';
import { hashOf } from '../check';
import { gluForwardOperations, gluStepOperations } from '../operations';
import { randomFloats } from '../random';
import { ADAM, type GluParameters, tensorflowGlu } from '../tensorflow';
import type { TensorflowBackend } from '../tensorflow-runtime';
import type { Case } from './case';

const SHAPE = { rows: 256, inputs: 256, units: 256 };
/** Sums of 256 products of numbers below 1, and one gate. */
const TOLERANCE = 1e-4;
const BACKENDS: readonly TensorflowBackend[] = ['wasm', 'cpu'];

/** One of the parameters, and what Adam keeps of it. */
interface State {
  values: Float32Array;
  gradient: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
}

/** The unit, its gradients and its optimizer's state. */
class Glu {
  readonly input: Float32Array;
  readonly outputGradient: Float32Array;
  readonly output: Float32Array;
  readonly parameters: GluParameters;
  readonly #linear: Float32Array;
  readonly #gate: Float32Array;
  readonly #inputGradient: Float32Array;
  readonly #states: State[];
  readonly #threads: number;
  #steps = 0;

  constructor(threads: number) {
    const { rows, inputs, units } = SHAPE;
    this.#threads = threads;
    this.input = randomFloats(rows * inputs, 1);
    this.outputGradient = randomFloats(rows * units, 2);
    this.output = new Float32Array(rows * units);
    this.#linear = new Float32Array(rows * units);
    this.#gate = new Float32Array(rows * units);
    this.#inputGradient = new Float32Array(rows * inputs);
    // As large as Glorot's initializer would draw them.
    const kernel = (seed: number) =>
      randomFloats(inputs * units, seed).map((x) => x * Math.sqrt(6 / (inputs + units)));
    this.parameters = {
      kernel: kernel(3),
      bias: randomFloats(units, 4),
      gateKernel: kernel(5),
      gateBias: randomFloats(units, 6),
    };
    this.#states = Object.values(this.parameters).map((values) => ({
      values,
      gradient: new Float32Array(values.length),
      mean: new Float32Array(values.length),
      variance: new Float32Array(values.length),
    }));
  }

  forward(): void {
    const { rows, inputs, units } = SHAPE;
    const { kernel, bias, gateKernel, gateBias } = this.parameters;
    addon.tensors.gatedLinearUnit(
      this.input,
      kernel,
      bias,
      gateKernel,
      gateBias,
      rows,
      inputs,
      units,
      this.#linear,
      this.#gate,
      this.output,
      this.#threads,
    );
  }

  step(): void {
    this.forward();
    const { rows, inputs, units } = SHAPE;
    const [kernel, bias, gateKernel, gateBias] = this.#states;
    addon.tensors.gatedLinearUnitBackward(
      this.input,
      kernel.values,
      gateKernel.values,
      this.#linear,
      this.#gate,
      this.outputGradient,
      rows,
      inputs,
      units,
      this.#inputGradient,
      kernel.gradient,
      bias.gradient,
      gateKernel.gradient,
      gateBias.gradient,
      this.#threads,
    );
    const { rate, beta1, beta2, epsilon } = ADAM;
    this.#steps++;
    const size = (rate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    for (const { values, gradient, mean, variance } of this.#states) {
      addon.tensors.adam(values, gradient, mean, variance, size, beta1, beta2, epsilon);
    }
  }
}

function compare(actual: Float32Array, expected: Float32Array): void {
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE)) {
      throw new Error(`check: output ${i} is ${actual[i]}, TensorFlow.js has ${expected[i]}`);
    }
  }
}

/** Every 37th output: all remainders of rows and columns come up. */
function check({ input, output, parameters }: Glu): void {
  const { inputs, units } = SHAPE;
  const { kernel, bias, gateKernel, gateBias } = parameters;
  for (let index = 0; index < output.length; index += 37) {
    const row = Math.floor(index / units) * inputs;
    const unit = index % units;
    let linear = bias[unit];
    let gate = gateBias[unit];
    for (let i = 0; i < inputs; i++) {
      linear += input[row + i] * kernel[i * units + unit];
      gate += input[row + i] * gateKernel[i * units + unit];
    }
    const expected = linear / (1 + Math.exp(-gate));
    if (!(Math.abs(output[index] - expected) <= TOLERANCE)) {
      throw new Error(`check: output ${index} is ${output[index]}, not ${expected}`);
    }
  }
}

/** How many times as long TensorFlow.js takes, each sample right after one of ours. */
async function compareSpeed(bench: Bench, backend: TensorflowBackend): Promise<void> {
  const ours = new Glu(bench.threads);
  const { parameters, input, outputGradient } = ours;
  const theirs = await tensorflowGlu(backend, SHAPE, parameters, input, outputGradient);
  ours.forward();
  compare(ours.output, theirs.forward());
  const pairs = [
    { what: 'forward', mine: () => ours.forward(), other: () => theirs.forward() },
    { what: 'training step', mine: () => ours.step(), other: () => theirs.step() },
  ];
  for (const { what, mine, other } of pairs) {
    const repeated = (work: () => void) => (times: number) => {
      for (let i = 0; i < times; i++) work();
      return undefined;
    };
    const myRounds = bench.rounds(repeated(mine));
    // A round of the portable JavaScript is longer than any sample.
    const otherRounds = backend === 'cpu' ? 1 : bench.rounds(repeated(other));
    for (let i = 0; i < bench.repeats; i++) {
      const seconds = bench.time(repeated(mine), myRounds);
      const otherSeconds = bench.time(repeated(other), otherRounds);
      const metric = `${what} against TensorFlow.js ${backend}`;
      bench.record({ metric }, 'times', otherSeconds / seconds);
    }
  }
}

export const glu: Case = {
  about: `gated linear unit, ${SHAPE.rows} rows, ${SHAPE.inputs} inputs, ${SHAPE.units} units`,
  async run(bench: Bench): Promise<string> {
    const unit = new Glu(bench.threads);
    unit.forward();
    check(unit);
    const before = unit.output.slice();
    unit.step();
    unit.forward();
    const digest = hashOf(before, unit.output);
    const { rows } = SHAPE;
    bench.sample(
      { metric: 'forward' },
      { rows, operations: gluForwardOperations(SHAPE) },
      (times) => {
        for (let i = 0; i < times; i++) unit.forward();
        return undefined;
      },
    );
    bench.sample(
      { metric: 'training step' },
      { rows, operations: gluStepOperations(SHAPE) },
      (times) => {
        for (let i = 0; i < times; i++) unit.step();
        return undefined;
      },
    );
    // Once is enough, and one thread against one.
    const fastest = addon.buildInfo().available.at(-1) === bench.isa;
    if (fastest && bench.threads === 1) {
      for (const backend of BACKENDS) await compareSpeed(bench, backend);
    }
    return digest;
  },
};
