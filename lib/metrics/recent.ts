/**
 * How a model does of late: means in which rows fade with their age. The mean of
 * a whole run hides that a service's model has gone bad; these show it, in a few
 * numbers of memory.
 */

import { squaredErrorOf } from './brier';
import { logLossOf } from './log-loss';
import { requireInteger, type ScoredRow } from './row';
import { integerField, numberField } from './state';
import { type MetricState, restoredClasses, StreamingMetric } from './streaming';

/** Metrics of the latest rows; NaN before the first. */
export interface RecentMetrics {
  /** The share of rows predicted right. */
  accuracy: number;
  /** Mean of -ln p of the right class, in nats. */
  logLoss: number;
  /** Mean squared error of the probabilities; see `BrierScore`. */
  brierScore: number;
}

/** Options of {@link RecentRows}. */
export interface RecentOptions {
  /** Rows that the means reach back over, at least 1; default 1000. */
  rows?: number;
}

/** State of {@link RecentRows}. */
export interface RecentState extends MetricState {
  rows: number;
  /** Faded sums of weights and of weighted outcomes and losses. */
  weight: number;
  correct: number;
  logLoss: number;
  squaredError: number;
}

const NAME = 'recent';

/**
 * Exponentially fading means: with every row that counts, what earlier rows weigh
 * shrinks by 1 - 1/rows. `value` is the accuracy.
 */
export class RecentRows extends StreamingMetric {
  /** Rows that the means reach back over. */
  readonly rows: number;
  #weight = 0;
  #correct = 0;
  #logLoss = 0;
  #squaredError = 0;

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of classes or rows */
  constructor(numClasses: number, options: RecentOptions = {}) {
    super(numClasses);
    this.rows = options.rows ?? 1000;
    requireInteger('rows', this.rows, 1, Number.MAX_SAFE_INTEGER);
  }

  // No compensated sums: rounding fades with the rows that it came from.
  override addRow(row: ScoredRow): void {
    const { label, predicted, weight } = row;
    const kept = 1 - 1 / this.rows;
    this.#weight = kept * this.#weight + weight;
    this.#correct = kept * this.#correct + (label === predicted ? weight : 0);
    this.#logLoss = kept * this.#logLoss + weight * logLossOf(row);
    this.#squaredError = kept * this.#squaredError + weight * squaredErrorOf(row);
  }

  override get value(): number {
    return this.#correct / this.#weight;
  }

  /** The means of now. */
  snapshot(): RecentMetrics {
    return {
      accuracy: this.value,
      logLoss: this.#logLoss / this.#weight,
      brierScore: this.#squaredError / this.#weight,
    };
  }

  /**
   * Adds another's rows, as if both streams had run side by side.
   *
   * @throws GlnError `ERR_GLN_SHAPE` when it has other classes or fades otherwise
   */
  merge(other: RecentRows): void {
    this.requireAlike('numClasses', this.numClasses, other.numClasses);
    this.requireAlike('rows', this.rows, other.rows);
    this.#weight += other.#weight;
    this.#correct += other.#correct;
    this.#logLoss += other.#logLoss;
    this.#squaredError += other.#squaredError;
  }

  override state(): RecentState {
    return {
      metric: NAME,
      numClasses: this.numClasses,
      rows: this.rows,
      weight: this.#weight,
      correct: this.#correct,
      logLoss: this.#logLoss,
      squaredError: this.#squaredError,
    };
  }

  /** Goes on from a {@link RecentRows.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): RecentRows {
    const rows = integerField(NAME, state, 'rows', 1, Number.MAX_SAFE_INTEGER);
    const restored = new RecentRows(restoredClasses(NAME, state), { rows });
    restored.#weight = numberField(NAME, state, 'weight', 0);
    restored.#correct = numberField(NAME, state, 'correct', 0);
    restored.#logLoss = numberField(NAME, state, 'logLoss', 0);
    restored.#squaredError = numberField(NAME, state, 'squaredError', 0);
    return restored;
  }
}
