/**
 * Runs the layers of one instruction set over all cases, with one thread and with
 * several, and answers with the bytes that came out, guards around arrays included.
 */

import { createHash } from 'node:crypto';
import { loadAddon } from '../../lib/native';
import { answer, encodeFloats } from '../support/child';
import { allocationOf, guard, place } from '../support/guarded';
import {
  activationInputs,
  adamRule,
  optimizerCases,
  sgdRule,
  type TensorCase,
  tensorCases,
} from './cases';
import { activationNames, activations } from './reference';

/** Each output of each case by `<case>.<name>`, as encoded floats without their guards. */
export interface TensorResults {
  isa: string;
  outputs: Record<string, string>;
  /** Outputs whose guards were overwritten. */
  overrun: string[];
  /** Hash of all outputs by number of threads. */
  byThreads: Record<number, string>;
}

const { buildInfo, tensors } = loadAddon();

type Outputs = Map<string, Float32Array>;

/** Outputs begin with what must not be added to. */
function outputsOf(prefix: string, outputs: Outputs) {
  return (name: string, length: number): Float32Array => {
    const array = place(new Float32Array(length).fill(7), (name.length + length) % 4);
    outputs.set(`${prefix}.${name}`, array);
    return array;
  };
}

function runLayers(index: number, given: TensorCase, threads: number, outputs: Outputs): void {
  const { rows, inputs, units, input, kernel, gateKernel, outputGradient } = given;
  const bias = given.hasBias ? given.bias : null;
  const gateBias = given.hasBias ? given.gateBias : null;
  const kind = activations[given.activation];
  const out = outputsOf(String(index), outputs);
  const optional = (wanted: boolean, name: string, length: number) =>
    wanted ? out(name, length) : null;

  const dense = out('dense', rows * units);
  tensors.dense(input, kernel, bias, rows, inputs, units, kind, dense, threads);
  tensors.denseBackward(
    input,
    kernel,
    given.output,
    outputGradient,
    rows,
    inputs,
    units,
    kind,
    optional(given.wantsInputGradient, 'dense input', rows * inputs),
    out('dense kernel', inputs * units),
    optional(given.hasBias, 'dense bias', units),
    threads,
  );
  tensors.gatedLinearUnit(
    input,
    kernel,
    bias,
    gateKernel,
    gateBias,
    rows,
    inputs,
    units,
    optional(index % 3 !== 0, 'linear', rows * units),
    optional(index % 3 !== 1, 'gate', rows * units),
    out('glu', rows * units),
    threads,
  );
  tensors.gatedLinearUnitBackward(
    input,
    kernel,
    gateKernel,
    given.linear,
    given.gate,
    outputGradient,
    rows,
    inputs,
    units,
    optional(given.wantsInputGradient, 'glu input', rows * inputs),
    out('glu kernel', inputs * units),
    optional(given.hasBias, 'glu bias', units),
    out('glu gate kernel', inputs * units),
    optional(given.hasBias, 'glu gate bias', units),
    threads,
  );
}

function runElementwise(outputs: Outputs): void {
  const input = activationInputs();
  const gradient = Float32Array.from(input, (_, index) => Math.sin(index));
  for (const name of activationNames) {
    const kind = activations[name];
    const out = outputsOf(name, outputs);
    const value = out('activate', input.length);
    tensors.activate(kind, input, value);
    tensors.activateBackward(kind, value, gradient, out('activateBackward', input.length));
    const inPlace = out('activate in place', input.length);
    inPlace.set(input);
    tensors.activate(kind, inPlace, inPlace);
    const slopes = out('activateBackward in place', input.length);
    slopes.set(gradient);
    tensors.activateBackward(kind, inPlace, slopes, slopes);
  }
}

function runOptimizers(outputs: Outputs): void {
  const { stepSize, beta1, beta2, epsilon } = adamRule;
  const { rate, momentum } = sgdRule;
  let index = 0;
  for (const given of optimizerCases()) {
    const { gradients } = given;
    const out = outputsOf(`optimizer ${index++}`, outputs);
    const copy = (name: string, values: Float32Array) => {
      const array = out(name, values.length);
      array.set(values);
      return array;
    };
    const adam = copy('adam', given.parameters);
    const mean = copy('mean', given.mean);
    const variance = copy('variance', given.variance);
    tensors.adam(adam, gradients, mean, variance, stepSize, beta1, beta2, epsilon);
    tensors.sgd(copy('sgd', given.parameters), gradients, null, rate, momentum);
    const velocity = copy('velocity', given.velocity);
    tensors.sgd(copy('momentum', given.parameters), gradients, velocity, rate, momentum);
  }
}

function run(threads: number): Outputs {
  const outputs: Outputs = new Map();
  let index = 0;
  for (const given of tensorCases()) runLayers(index++, given, threads, outputs);
  return outputs;
}

function hash(outputs: Outputs): string {
  const result = createHash('sha256');
  for (const values of outputs.values()) result.update(allocationOf(values));
  return result.digest('hex');
}

function guarded(values: Float32Array): boolean {
  const whole = allocationOf(values);
  const first = values.byteOffset / 4;
  return whole.every((value, at) => value === guard || (at >= first && at < first + values.length));
}

/** Which of the many NaNs it is, nobody promises. */
function withOneNaN(values: Float32Array): Float32Array {
  return values.map((value) => (Number.isNaN(value) ? Number.NaN : value));
}

void answer((): TensorResults => {
  const byThreads: Record<number, string> = {};
  for (const threads of [1, 2, 3, 4]) byThreads[threads] = hash(run(threads));
  const outputs = run(1);
  runElementwise(outputs);
  runOptimizers(outputs);
  const named = [...outputs];
  return {
    isa: buildInfo().isa,
    outputs: Object.fromEntries(
      named.map(([name, values]) => [name, encodeFloats(withOneNaN(values))]),
    ),
    overrun: named.filter(([, values]) => !guarded(values)).map(([name]) => name),
    byThreads,
  };
});
