/** The Brier score: the squared error of probabilities, bounded where the logarithmic loss is not. */

import { MeanLoss } from './mean-loss';
import type { ScoredRow } from './row';

const NAME = 'brier-score';

/** A row's squared error: (p(1) - y)² of a binary model, else Σ_c (p_c - y_c)². */
export function squaredErrorOf({ probabilities, label }: ScoredRow): number {
  if (probabilities.length === 2) return (probabilities[1] - label) ** 2;
  let sum = 0;
  for (let c = 0; c < probabilities.length; c++) {
    sum += (probabilities[c] - (c === label ? 1 : 0)) ** 2;
  }
  return sum;
}

/**
 * The weighted mean squared error of the probabilities: of a binary model that of
 * p(1), from 0 to 1; of several classes summed over them, from 0 to 2 (Brier 1950).
 * 0 is perfect.
 */
export class BrierScore extends MeanLoss {
  protected override readonly metric = NAME;

  protected override lossOf(row: ScoredRow): number {
    return squaredErrorOf(row);
  }

  /** Goes on from a {@link BrierScore.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): BrierScore {
    return MeanLoss.restoreAs(NAME, state, (numClasses) => new BrierScore(numClasses));
  }
}
