/**
 * Holds every kernel of every instruction set to its definition.
 *
 * Two promises are checked: the arithmetic is the one that is written down, to
 * the bit where the definition leaves no freedom, and no instruction set differs
 * from another in a single bit. Sizes and alignments reach every remainder path;
 * guards around the outputs show writes past the end.
 */

import { readFileSync } from 'node:fs';
import { loadAddon } from '../../lib/native';
import { baseLogits, sigmoid } from '../reference/arithmetic';
import { decodeFloats, runChild } from '../support/child';
import { expectClose } from '../support/closeness';
import {
  dotByDefinition,
  gateByDefinition,
  ulp,
  unitRoundoff,
  updateByDefinition,
} from '../support/floats';
import { allocationOf, guard, place } from '../support/guarded';
import {
  baseCases,
  dotCases,
  type ElementwiseKernel,
  elementwiseInputs,
  elementwiseKernels,
  type GateCase,
  gateCases,
  shortDotCases,
  updateCases,
} from './cases';
import type { KernelResults } from './kernels-child';

const script = require.resolve('./kernels-child');
const available = loadAddon().buildInfo().available;
const results = new Map<string, KernelResults>();

beforeAll(() => {
  for (const isa of available) {
    results.set(isa, runChild<KernelResults>(script, null, { environment: { GLN_ISA: isa } }));
  }
}, 120_000);

function resultsOf(isa: string): KernelResults {
  const found = results.get(isa);
  if (!found) throw new Error(`no results of ${isa}`);
  return found;
}

function output(isa: string, name: string): Float32Array {
  return decodeFloats(resultsOf(isa).outputs[name]);
}

/** Jest's own equality is slow on long arrays; this says where the first difference is. */
function expectSameBits(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const index = expected.findIndex((value, at) => !Object.is(value, actual[at]));
  expect({ index, value: actual[index] }).toEqual({ index: -1, value: undefined });
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

/** Instruction sets that this processor is known to have, by a way other than the addon's. */
function knownInstructionSets(): string[] {
  if (process.arch === 'arm64') return ['scalar', 'neon'];
  if (process.arch !== 'x64' || process.platform !== 'linux') return ['scalar'];
  const flags = readFileSync('/proc/cpuinfo', 'utf8').match(/^flags\s*:.*$/m)?.[0] ?? '';
  const has = (...names: string[]) => names.every((name) => flags.split(' ').includes(name));
  const avx2 = has('avx2', 'fma');
  const avx512 = avx2 && has('avx512f', 'avx512bw', 'avx512dq', 'avx512vl');
  return ['scalar', ...(avx2 ? ['avx2'] : []), ...(avx512 ? ['avx512'] : [])];
}

it('tests every instruction set of this processor', () => {
  expect(available).toEqual(expect.arrayContaining(knownInstructionSets()));
  expect(new Set(available).size).toBe(available.length);
});

/** Each dot product as defined, in float64, and how far from that float32 may be. */
const expectedDots = Array.from(dotCases(), ({ a, b }) => {
  let exact = 0;
  let magnitude = 0;
  for (let j = 0; j < a.length; j++) {
    exact += a[j] * b[j];
    magnitude += Math.abs(a[j] * b[j]);
  }
  // A product passes through at most n/16 + 1 fused additions and four of the tree,
  // each with a relative error of 2^-24 (1.001: the terms of second order), or, below
  // the normal range, an absolute one of half the smallest float in sixteen lanes.
  const steps = Math.ceil(a.length / 16) + 4;
  const allowed = steps * unitRoundoff * 1.001 * magnitude + steps * 16 * 2 ** -150;
  return { defined: dotByDefinition(a, b), exact, allowed };
});
const expectedUpdates = concatenate(
  Array.from(updateCases(), ({ weights, input, step, bound }) => {
    weights.set(updateByDefinition(weights, input, step, bound));
    return allocationOf(weights);
  }),
);
const expectedGates = Array.from(gateCases(), (gate) => bitsByDefinition(gate)).flat();

function bitsByDefinition(gate: GateCase): number[] {
  const { hyperplanes, bias, sideInfo, rows, planes, size } = gate;
  return Array.from({ length: rows * planes }, (_, index) => {
    const row = Math.floor(index / planes);
    const plane = index % planes;
    return gateByDefinition(
      hyperplanes.subarray(plane * size, (plane + 1) * size),
      sideInfo.subarray(row * size, (row + 1) * size),
      bias[plane],
    );
  });
}

describe.each([...available])('%s', (isa: string) => {
  it('is the instruction set that was forced', () => {
    expect(resultsOf(isa).isa).toBe(isa);
  });

  it('dot is its definition, to the bit', () => {
    expect(resultsOf(isa).unrounded).toBe(0);
    expectSameBits(
      output(isa, 'dot'),
      Float32Array.from(expectedDots, ({ defined }) => defined),
    );
  });

  it('shortDot is the same tree in double precision, to the bit', () => {
    const expected = Float32Array.from(shortDotCases(), ({ a, b }) => {
      // Products of floats are exact in double precision.
      let parts = Array.from(a, (value, i) => value * b[i]);
      while (parts.length > 1) {
        const half = parts.length / 2;
        parts = parts.slice(0, half).map((part, i) => part + parts[i + half]);
      }
      return parts[0];
    });
    expect(expected.length).toBeGreaterThan(0);
    expectSameBits(output(isa, 'shortDot'), expected);
  });

  it('dot is close to the exact sum', () => {
    const actual = output(isa, 'dot');
    const wrong = expectedDots.filter(
      ({ exact, allowed }, index) => !(Math.abs(actual[index] - exact) <= allowed),
    );
    expect(wrong).toEqual([]);
  });

  it('update is its definition, to the bit, and writes nothing else', () => {
    expectSameBits(output(isa, 'update'), expectedUpdates);
  });

  it('gate is its definition, to the bit', () => {
    expectSameBits(output(isa, 'gate'), Float32Array.from(expectedGates));
  });

  it.each([
    ['exp', Math.exp, (exact: number) => 2 * ulp(exact)],
    // Near 1 the logarithm itself vanishes, and no ulp of it is promised there.
    ['log', Math.log, (exact: number) => (Math.abs(exact) < 0.7 ? 1e-7 : 2 * ulp(exact))],
    ['sigmoid', sigmoid, (exact: number) => 4 * ulp(exact)],
  ] as [ElementwiseKernel, (x: number) => number, (exact: number) => number][])(
    '%s keeps its stated error',
    (name, truth, allowed) => {
      const input = elementwiseInputs(name);
      const actual = output(isa, name);
      let worst = { share: 0, x: 0 };
      input.forEach((x, index) => {
        const exact = truth(x);
        const share = Math.abs(actual[index] - exact) / allowed(exact);
        if (!(share <= worst.share)) worst = { share, x };
      });
      expect(worst.share).toBeGreaterThan(0);
      expect(worst.share).toBeLessThanOrEqual(1);
    },
  );

  it('elementwise kernels touch nothing outside their arrays', () => {
    for (const name of elementwiseKernels) {
      const slices = output(isa, `${name} slices`);
      expect(slices.filter((value) => value === guard).length).toBeGreaterThan(0);
      expect(slices.filter((value) => !(value < 10 || value === guard))).toHaveLength(0);
    }
  });

  it('baseLogits follow the reference', () => {
    const actual = output(isa, 'baseLogits');
    let start = 0;
    for (const { basePredictor, input, rows, size, predClipping } of baseCases()) {
      const expected = Array.from({ length: rows }, (_, row) =>
        baseLogits(input.subarray(row * size, (row + 1) * size), basePredictor, predClipping),
      ).flat();
      const whole = allocationOf(place(Float32Array.from(expected), input.length % 4));
      const part = actual.subarray(start, start + whole.length);
      // The odds p/(1-p) take at most four roundings (both differences, their quotient, and
      // the bound's own); a relative error there is an absolute one in the logarithm.
      // Two ulp of the largest logit here, ln(9999) < 16, are the logarithm's own.
      const absolute = basePredictor === 'logits' ? 0 : 4 * unitRoundoff + 2 * ulp(9.3);
      expectClose(part, whole, { absolute }, `${basePredictor}, ${rows} rows of ${size}`);
      start += whole.length;
    }
    expect(start).toBe(actual.length);
  });

  it('firstNonFinite finds the first NaN or infinity and nothing else', () => {
    const wrong = resultsOf(isa).nonFinite.filter(({ expected, actual }) => expected !== actual);
    expect(wrong).toEqual([]);
    expect(resultsOf(isa).nonFinite.length).toBeGreaterThan(100);
  });

  it('gives the same bits as the portable kernels', () => {
    const portable = resultsOf('scalar').outputs;
    const names = Object.keys(portable);
    expect(names).toHaveLength(5 + 2 * elementwiseKernels.length);
    const different = names.filter((name) => resultsOf(isa).outputs[name] !== portable[name]);
    expect(different).toEqual([]);
  });
});
