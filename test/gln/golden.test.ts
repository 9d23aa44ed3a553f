/**
 * The engine against what another implementation computed in float64, on every
 * instruction set: the same probabilities, the same weights in the end, and not
 * one bit of difference between instruction sets.
 */

import { buildInfo } from '../../lib/index';
import { flatten } from '../reference/trees';
import { decodeFloats, runChild, spawnChild } from '../support/child';
import { expectClose } from '../support/closeness';
import { readGoldens } from '../support/golden';
import type { GoldenRun, GoldenRuns } from './golden-child';

const script = require.resolve('./golden-child');
const goldens = readGoldens();
const available = buildInfo().available;
const runs = new Map<string, GoldenRuns>();

// What the package promises of float32 arithmetic.
const absolute = 1e-5;
const relative = 1e-5;

beforeAll(() => {
  for (const isa of available) {
    runs.set(isa, runChild<GoldenRuns>(script, null, { environment: { GLN_ISA: isa } }));
  }
}, 120_000);

function runsOf(isa: string): GoldenRuns {
  const found = runs.get(isa);
  if (!found) throw new Error(`no runs of ${isa}`);
  return found;
}

function runOf(isa: string, name: string): GoldenRun {
  const found = runsOf(isa).runs.find((run) => run.name === name);
  if (!found) throw new Error(`no run of ${name} on ${isa}`);
  return found;
}

describe.each([...available])('%s', (isa: string) => {
  it('is the instruction set that was forced', () => {
    expect(runsOf(isa).isa).toBe(isa);
    expect(runsOf(isa).runs).toHaveLength(goldens.length);
  });

  describe.each(goldens)('$name', ({ name, layers, steps, finalWeights, test }) => {
    it('gives the probabilities of every step', () => {
      const { probabilities, rowsSeen } = runOf(isa, name);
      expect(probabilities).toHaveLength(steps.length);
      steps.forEach(({ probs }, index) => {
        const actual = decodeFloats(probabilities[index]);
        expectClose(actual, flatten(probs), { absolute }, `step ${index}`);
      });
      expect(rowsSeen).toBe(steps.reduce((rows, step) => rows + step.input.length, 0));
    });

    it('ends with the same weights', () => {
      finalWeights.forEach((weights, index) => {
        // A weight starts at 1/inputs and moves by steps of about that size. One that
        // happens to end near zero carries the roundings of all it went through, so
        // that its error is measured against where it started.
        const scale = Math.abs(flatten(layers[index].weights)[0]);
        const actual = decodeFloats(runOf(isa, name).finalWeights[index]);
        expectClose(actual, flatten(weights), { relative, scale }, `weights of layer ${index}`);
      });
    });

    it('predicts the test rows', () => {
      const { testProbabilities, testClasses } = runOf(isa, name);
      const actual = decodeFloats(testProbabilities);
      expectClose(actual, flatten(test.probs), { absolute }, 'test rows');
      expect(testClasses).toEqual(test.labels);
    });

    it('ends with the same bits as the portable kernels', () => {
      expect(runOf(isa, name).digest).toBe(runOf('scalar', name).digest);
      expect(runOf(isa, name)).toEqual(runOf('scalar', name));
    });
  });
});

describe('GLN_ISA', () => {
  it.each(['sse9', 'AVX2 ', 'neon,scalar'])('refuses the unknown %j with an error', (name) => {
    const child = spawnChild(script, null, { environment: { GLN_ISA: name } });
    // An error that ends the process the ordinary way; a crash would leave a signal.
    expect(child).toMatchObject({ signal: null, status: 1, answer: undefined });
    expect(child.stderr).toContain('ERR_GLN_ISA');
    expect(child.stderr).toContain('GLN_ISA');
  });
});
