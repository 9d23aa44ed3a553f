/**
 * Whether predicted variances can be taken at their word: how many numbers fall into
 * the intervals that should hold a given share of them.
 */

import { intervalReach } from './normal';
import { corrupt, field } from './state';
import { Sums, type SumsState } from './sums';

/** How many numbers an interval around the predicted mean held. */
export interface IntervalCoverage {
  /** The probability with which it should hold a number, from 0 to 1. */
  level: number;
  /** The fraction, by weight, that it did hold. */
  coverage: number;
}

/** State of what intervals held: plain JSON. */
export interface IntervalCalibrationState {
  /** Which metric. */
  metric: string;
  /** Weights of the rows between one interval and the next, from the mean outwards. */
  weights: SumsState;
}

const NAME = 'intervals';
/** Intervals of 5 %, 10 %, … 95 %. */
const STEPS = 20;
const LEVELS = Array.from({ length: STEPS - 1 }, (_, i) => (i + 1) / STEPS);
const REACHES = LEVELS.map(intervalReach);

/** Counts how far from the mean, in predicted deviations, numbers fall. */
export class IntervalCalibration {
  #weights = new Sums(STEPS);

  /** @param variance above 0 */
  add(target: number, mean: number, variance: number, weight: number): void {
    const distance = Math.abs(target - mean) / Math.sqrt(variance);
    // The innermost interval that holds it, or the outside of all.
    const inside = REACHES.findIndex((reach) => distance <= reach);
    this.#weights.add(inside < 0 ? STEPS - 1 : inside, weight);
  }

  /** What each interval held; empty before the first row. */
  curve(): IntervalCoverage[] {
    const weights = this.#weights.toArray();
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    if (all === 0) return [];
    let held = 0;
    return LEVELS.map((level, i) => {
      held += weights[i];
      return { level, coverage: held / all };
    });
  }

  /** Adds what another one counted. */
  merge(other: IntervalCalibration): void {
    this.#weights.merge(other.#weights);
  }

  state(): IntervalCalibrationState {
    return { metric: NAME, weights: this.#weights.state() };
  }

  /** Goes on from a {@link state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): IntervalCalibration {
    const found = field(NAME, state, 'metric');
    if (found !== NAME) throw corrupt(`${NAME}.metric`, JSON.stringify(NAME), found);
    const restored = new IntervalCalibration();
    restored.#weights = Sums.restore(`${NAME}.weights`, field(NAME, state, 'weights'), STEPS);
    return restored;
  }
}
