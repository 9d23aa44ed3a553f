/**
 * Teaches networks with long rows on the instruction set that the environment
 * forces, and answers with digests of all that came out.
 */

import fc from 'fast-check';
import { buildInfo } from '../../lib/index';
import { answer, encodeFloats } from '../support/child';
import { learnSplit, state } from '../support/models';
import { plans } from '../support/plans';

export interface WideRuns {
  isa: string;
  runs: { digest: string; rowsSeen: number; probabilities: string }[];
}

void answer(({ seed, count }: { seed: number; count: number }): WideRuns => {
  const runs = fc.sample(plans({ wide: true }), { seed, numRuns: count }).map((plan) => {
    const { model, probabilities } = learnSplit(plan, plan.splits);
    return { ...state(model), probabilities: encodeFloats(Float32Array.from(probabilities)) };
  });
  return { isa: buildInfo().isa, runs };
});
