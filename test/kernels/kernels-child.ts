/**
 * Runs every kernel of one instruction set over all cases and answers with the
 * bytes that came out, including the guards around arrays that were written to.
 */

import { loadAddon } from '../../lib/native';
import type { BasePredictorKind } from '../../types/addon';
import type { BasePredictor } from '../reference/arithmetic';
import { answer, encodeFloats } from '../support/child';
import { allocationOf, place } from '../support/guarded';
import {
  baseCases,
  dotCases,
  elementwiseInputs,
  elementwiseKernels,
  gateCases,
  shortDotCases,
  sizes,
  updateCases,
} from './cases';

/** Each kernel's results over all its cases, joined, as encoded floats. */
export interface KernelResults {
  isa: string;
  outputs: Record<string, string>;
  /** Kernel results that should have been floats but were not. */
  unrounded: number;
  /** Where `firstNonFinite` found what was put at which place; -1 pairs with clean arrays. */
  nonFinite: { expected: number; actual: number }[];
}

const { buildInfo, kernels } = loadAddon();

// `BasePredictorKind` stands in a declaration file: its members have no values at run time.
const kinds: Record<BasePredictor, BasePredictorKind> = { minMax: 0, probabilities: 1, logits: 2 };

function join(parts: readonly Float32Array[]): string {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return encodeFloats(whole);
}

function runUpdates(): Float32Array[] {
  return Array.from(updateCases(), ({ weights, input, step, bound }) => {
    kernels.update(weights, input, step, bound);
    return allocationOf(weights);
  });
}

function runShortDots(): Float32Array {
  return Float32Array.from(shortDotCases(), ({ a, b }) => kernels.shortDot(a, b));
}

function runGates(): Float32Array[] {
  return Array.from(gateCases(), ({ hyperplanes, bias, sideInfo, rows, planes }) => {
    const out = new Uint8Array(rows * planes);
    kernels.gate(hyperplanes, bias, sideInfo, rows, planes, out);
    return Float32Array.from(out);
  });
}

function runBaseLogits(): Float32Array[] {
  return Array.from(baseCases(), ({ basePredictor, input, rows, predClipping }) => {
    const out = place(new Float32Array(input.length), input.length % 4);
    kernels.baseLogits(kinds[basePredictor], input, rows, predClipping, out);
    return allocationOf(out);
  });
}

/** Short runs at every size and alignment; the guards come back too. */
function runSlices(kernel: (input: Float32Array, out: Float32Array) => void): Float32Array[] {
  const input = Float32Array.from({ length: 1010 }, (_, index) => 0.01 + (index % 97) / 50);
  return sizes.flatMap((size) =>
    [0, 1, 2, 3].flatMap((offset) => {
      const from = input.subarray(offset, offset + size);
      const out = place(new Float32Array(size), 3 - offset);
      kernel(from, out);
      const inPlace = place(from, offset);
      kernel(inPlace, inPlace);
      return [allocationOf(out), allocationOf(inPlace)];
    }),
  );
}

function searchNonFinite(): KernelResults['nonFinite'] {
  const poisons = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // The largest floats, the smallest and the zeros are all finite.
  const clean = [3.4028234663852886e38, -3.4028234663852886e38, 2 ** -149, 0, -0];
  return sizes.flatMap((size) => {
    const values = Float32Array.from({ length: size }, (_, index) => clean[index % clean.length]);
    const found = [{ expected: -1, actual: kernels.firstNonFinite(place(values, size % 4)) }];
    for (let at = 0; at < size; at += size > 33 ? 13 : 1) {
      const poisoned = place(values, at % 4);
      poisoned[at] = poisons[at % 3];
      poisoned[size - 1] = at === size - 1 ? poisoned[at] : poisons[(at + 1) % 3];
      found.push({ expected: at, actual: kernels.firstNonFinite(poisoned) });
    }
    return found;
  });
}

void answer((): KernelResults => {
  const dots = Array.from(dotCases(), ({ a, b }) => kernels.dot(a, b));
  const outputs: Record<string, string> = {
    dot: encodeFloats(Float32Array.from(dots)),
    shortDot: encodeFloats(runShortDots()),
    update: join(runUpdates()),
    gate: join(runGates()),
    baseLogits: join(runBaseLogits()),
  };
  for (const name of elementwiseKernels) {
    const input = elementwiseInputs(name);
    const out = new Float32Array(input.length);
    kernels[name](input, out);
    outputs[name] = encodeFloats(out);
    outputs[`${name} slices`] = join(runSlices(kernels[name]));
  }
  return {
    isa: buildInfo().isa,
    outputs,
    unrounded: dots.filter((dot) => !Object.is(dot, Math.fround(dot))).length,
    nonFinite: searchNonFinite(),
  };
});
