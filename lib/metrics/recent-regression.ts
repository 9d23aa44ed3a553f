/**
 * How a regressor does of late: means in which rows fade with their age, as
 * `recent.ts` has them of classes.
 */

import { requireInteger } from './row';
import { corrupt, field, integerField, numberField } from './state';

/** Metrics of the latest rows; NaN before the first. */
export interface RecentRegressionMetrics {
  /** In the target's units. */
  rootMeanSquaredError: number;
  /** In the target's units. */
  meanAbsoluteError: number;
  /** In nats; NaN where variances were not given. */
  negativeLogLikelihood: number;
}

/** State of the metrics of the latest rows: plain JSON. */
export interface RecentErrorsState {
  /** Which metric. */
  metric: string;
  /** Rows that the means reach back over. */
  rows: number;
  /** Faded sum of weights. */
  weight: number;
  /** Of weighted squared errors. */
  squared: number;
  /** Of weighted absolute errors. */
  absolute: number;
  /** Of weights of rows that came with a variance. */
  likelihoodWeight: number;
  /** Of their weighted negative log-likelihoods. */
  likelihood: number;
}

const NAME = 'recent-errors';

/** One row's losses. */
export interface RowErrors {
  squared: number;
  absolute: number;
  /** Undefined without a variance. */
  likelihood: number | undefined;
  /** How much the row counts; above 0. */
  weight: number;
}

/** Exponentially fading means: what earlier rows weigh shrinks by 1 - 1/rows with every row. */
export class RecentErrors {
  readonly rows: number;
  #weight = 0;
  #squared = 0;
  #absolute = 0;
  #likelihoodWeight = 0;
  #likelihood = 0;

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of rows */
  constructor(rows = 1000) {
    requireInteger('recentRows', rows, 1, Number.MAX_SAFE_INTEGER);
    this.rows = rows;
  }

  add({ squared, absolute, likelihood, weight }: RowErrors): void {
    const kept = 1 - 1 / this.rows;
    this.#weight = kept * this.#weight + weight;
    this.#squared = kept * this.#squared + weight * squared;
    this.#absolute = kept * this.#absolute + weight * absolute;
    if (likelihood === undefined) return;
    this.#likelihoodWeight = kept * this.#likelihoodWeight + weight;
    this.#likelihood = kept * this.#likelihood + weight * likelihood;
  }

  /** The means of now. */
  snapshot(): RecentRegressionMetrics {
    return {
      rootMeanSquaredError: Math.sqrt(this.#squared / this.#weight),
      meanAbsoluteError: this.#absolute / this.#weight,
      negativeLogLikelihood: this.#likelihood / this.#likelihoodWeight,
    };
  }

  /** Adds another's rows, as if both streams had run side by side. */
  merge(other: RecentErrors): void {
    this.#weight += other.#weight;
    this.#squared += other.#squared;
    this.#absolute += other.#absolute;
    this.#likelihoodWeight += other.#likelihoodWeight;
    this.#likelihood += other.#likelihood;
  }

  state(): RecentErrorsState {
    return {
      metric: NAME,
      rows: this.rows,
      weight: this.#weight,
      squared: this.#squared,
      absolute: this.#absolute,
      likelihoodWeight: this.#likelihoodWeight,
      likelihood: this.#likelihood,
    };
  }

  /** Goes on from a {@link state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): RecentErrors {
    const found = field(NAME, state, 'metric');
    if (found !== NAME) throw corrupt(`${NAME}.metric`, JSON.stringify(NAME), found);
    const rows = integerField(NAME, state, 'rows', 1, Number.MAX_SAFE_INTEGER);
    const restored = new RecentErrors(rows);
    restored.#weight = numberField(NAME, state, 'weight', 0);
    restored.#squared = numberField(NAME, state, 'squared', 0);
    restored.#absolute = numberField(NAME, state, 'absolute', 0);
    restored.#likelihoodWeight = numberField(NAME, state, 'likelihoodWeight', 0);
    restored.#likelihood = numberField(NAME, state, 'likelihood', -Number.MAX_VALUE);
    return restored;
  }
}
