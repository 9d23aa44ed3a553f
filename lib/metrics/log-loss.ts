/** The logarithmic loss: what networks minimise, and the metric of probabilities. */

import { MeanLoss } from './mean-loss';
import type { ScoredRow } from './row';

/**
 * The least probability that the logarithmic loss admits: a model that gives
 * the true class probability 0 pays 34.5 nats for the row and not infinity.
 */
const LEAST_PROBABILITY = 1e-15;

const NAME = 'log-loss';

/** A row's loss in nats: -ln p(true class), p raised to 1e-15. */
export function logLossOf({ probabilities, label }: ScoredRow): number {
  return -Math.log(Math.max(probabilities[label], LEAST_PROBABILITY));
}

/** The weighted mean of -ln p(true class), in nats; 0 is perfect. */
export class LogLoss extends MeanLoss {
  protected override readonly metric = NAME;

  protected override lossOf(row: ScoredRow): number {
    return logLossOf(row);
  }

  /** Goes on from a {@link LogLoss.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): LogLoss {
    return MeanLoss.restoreAs(NAME, state, (numClasses) => new LogLoss(numClasses));
  }
}
