/**
 * Networks with long rows, taught many rows at a call: there the engine does not
 * go row by row but in blocks, and must still do what the specification says,
 * in any split, with any number of threads, and alike on all instruction sets.
 */

import fc from 'fast-check';
import { buildInfo } from '../../lib/index';
import { runChild } from '../support/child';
import { expectClose } from '../support/closeness';
import { compareLearning } from '../support/comparison';
import { learnSplit, state } from '../support/models';
import { plans, unstableShares } from '../support/plans';
import { runs } from '../support/property';
import type { WideRuns } from './wide-child';

const clipping = { weightClippings: [0.02, 0.1], rateShares: unstableShares };

it.each([
  ['anywhere', {}],
  ['where weight clipping bites', clipping],
])(
  'learn as the specification does: %s',
  (_, limits) => {
    let rowsLearned = 0;
    fc.assert(
      fc.property(plans({ wide: true, ...limits }), (plan) => {
        rowsLearned += compareLearning(plan);
      }),
      runs(15),
    );
    // Most rows must be clear of all hyperplanes, or the blocks would be short.
    expect(rowsLearned).toBeGreaterThan(15 * 64);
  },
  60_000,
);

it.each([
  ['anywhere', {}],
  ['where weight clipping bites', clipping],
])(
  'learn alike row by row and in any split: %s',
  (_, limits) => {
    fc.assert(
      fc.property(plans({ wide: true, updateModes: ['online'], ...limits }), (plan) => {
        const single = learnSplit(plan, [1]);
        for (const splits of [[plan.rowCount], plan.splits]) {
          const other = learnSplit(plan, splits);
          expectClose(other.probabilities, single.probabilities, { absolute: 1e-5 });
          const expected = single.model.parameters();
          other.model.parameters().forEach(({ weights }, index) => {
            const inputs = [plan.options.inputSize, ...plan.options.layerSizes][index];
            const scale = 1 / (inputs + Number(plan.options.bias));
            const tolerance = { relative: 1e-5, scale };
            expectClose(weights, expected[index].weights, tolerance, `layer ${index}`);
          });
        }
      }),
      runs(25),
    );
  },
  60_000,
);

it('learn to the same bits with any number of threads', () => {
  fc.assert(
    fc.property(plans({ wide: true }), fc.integer({ min: 2, max: 5 }), (plan, threads) => {
      const [one, several] = [1, threads].map((count) =>
        learnSplit({ ...plan, options: { ...plan.options, threads: count } }, plan.splits),
      );
      expect(several.probabilities).toEqual(one.probabilities);
      expect(state(several.model)).toEqual(state(one.model));
    }),
    runs(25),
  );
}, 60_000);

it('learn to the same bits on every instruction set', () => {
  const script = require.resolve('./wide-child');
  const input = { seed: runs(1).seed, count: 15 };
  const results = buildInfo().available.map((isa) => {
    const result = runChild<WideRuns>(script, input, { environment: { GLN_ISA: isa } });
    expect(result.isa).toBe(isa);
    return result.runs;
  });
  expect(results[0]).toHaveLength(input.count);
  for (const result of results) expect(result).toEqual(results[0]);
}, 120_000);
