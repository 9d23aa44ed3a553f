/**
 * The golden files without a test runner, for platforms where none runs: how far
 * this binary is from what another implementation computed in double precision.
 */

import { GLN } from '../../lib/index';
import { flatten } from '../reference/trees';
import { digest } from '../support/gln';
import { type Golden, readGoldens } from '../support/golden';

export interface GoldenDistance {
  name: string;
  /** Largest absolute difference of a probability. */
  probabilities: number;
  /** Largest difference of a final weight, relative where weights exceed 1. */
  weights: number;
  digest: string;
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let index = 0; index < expected.length; index++) {
    const value = expected[index];
    const difference = Math.abs(actual[index] - value) / Math.max(1, Math.abs(value));
    // A NaN must not pass for small.
    if (!(difference <= most)) most = difference;
  }
  return most;
}

function distanceOf({ name, options, layers, steps, finalWeights }: Golden): GoldenDistance {
  const model = GLN.fromParameters(options, layers);
  const distances = steps.map(({ input, target, sideInfo, probs }) =>
    largestDifference(
      model.learn(input, target, { returnProbs: true, ...(sideInfo && { sideInfo }) }),
      flatten(probs),
    ),
  );
  const parameters = model.parameters();
  const weights = parameters.map((layer, index) =>
    largestDifference(layer.weights, flatten(finalWeights[index])),
  );
  return {
    name,
    probabilities: Math.max(...distances),
    weights: Math.max(...weights),
    digest: digest(parameters),
  };
}

export function goldenDistances(): GoldenDistance[] {
  return readGoldens().map(distanceOf);
}
