/**
 * All metrics of predicted numbers at once, over a stream: what `RunningMetrics` is for
 * classes, with the same life: constant memory, weighted rows, a state in plain JSON.
 */

import { GlnError } from '../errors';
import { EvenSample, type EvenSampleState } from './even-sample';
import {
  IntervalCalibration,
  type IntervalCalibrationState,
  type IntervalCoverage,
} from './intervals';
import {
  RecentErrors,
  type RecentErrorsState,
  type RecentRegressionMetrics,
} from './recent-regression';
import {
  countedLogLoss,
  type PredictedBatch,
  RegressionMetrics,
  type RegressionMetricsState,
  type RegressionReport,
  requireSameLengths,
} from './regression';
import { corrupt, field } from './state';

/** Options of {@link RunningRegressionMetrics}. */
export interface RunningRegressionOptions {
  /** Rows that `recent` reaches back over, at least 1; default 1000. */
  recentRows?: number;
}

/** What {@link RunningRegressionMetrics} tells at any moment. */
export interface RunningRegressionReport extends RegressionReport {
  /** Summed weight of the rows; `numRows` without weights. */
  weight: number;
  /**
   * How many numbers the intervals of 5 %, 10 %, … 95 % around predictions held; empty
   * where variances were not given.
   */
  intervals: IntervalCoverage[];
}

/** State of {@link RunningRegressionMetrics}: plain JSON. */
export interface RunningRegressionState {
  /** Which metrics. */
  metric: string;
  /** Of errors and likelihood. */
  regression: RegressionMetricsState;
  /** Of what intervals held. */
  intervals: IntervalCalibrationState;
  /** Of the latest rows. */
  recent: RecentErrorsState;
  /** Rows that were kept. */
  sample: EvenSampleState;
}

/** One row that was predicted. */
export interface PredictedRow {
  /** The number that it was. */
  target: number;
  /** What was predicted. */
  mean: number;
}

const NAME = 'running-regression';
/** Single predictions that are kept to be drawn, evenly over all rows. */
const SAMPLE_ROWS = 512;
const SAMPLE_WIDTH = 2;

/** Errors, R², likelihood and intervals of predicted numbers, of all rows and of late. */
export class RunningRegressionMetrics {
  #regression = new RegressionMetrics();
  #intervals = new IntervalCalibration();
  #recent: RecentErrors;
  #sample = new EvenSample(SAMPLE_WIDTH, SAMPLE_ROWS);

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of rows */
  constructor({ recentRows }: RunningRegressionOptions = {}) {
    this.#recent = new RecentErrors(recentRows);
  }

  /** Rows counted; those of weight 0 are none. */
  get numRows(): number {
    return this.#regression.numRows;
  }

  /** The root of the mean squared error. */
  get value(): number {
    return this.#regression.value;
  }

  /** The metrics of the latest rows. */
  get recent(): RecentRegressionMetrics {
    return this.#recent.snapshot();
  }

  /** At most 512 of the rows, evenly over all of them. */
  get sample(): PredictedRow[] {
    return this.#sample.rows.map(([target, mean]) => ({ target, mean }));
  }

  /**
   * Counts one row that a model predicted before it saw the target.
   *
   * @param variance of the prediction, above 0; every row has one, or none has
   * @param weight how much the row counts, at least 0; 0 changes nothing
   * @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_VALUE`, before anything has changed
   */
  update(target: number, mean: number, variance?: number, weight = 1): void {
    this.#regression.update(target, mean, variance, weight);
    if (weight === 0) return;
    const error = target - mean;
    this.#recent.add({
      squared: error * error,
      absolute: Math.abs(error),
      likelihood: variance === undefined ? undefined : countedLogLoss(target, mean, variance),
      weight,
    });
    if (variance !== undefined) this.#intervals.add(target, mean, variance, weight);
    this.#sample.add([target, mean]);
  }

  /**
   * Counts rows, one after the other.
   *
   * @throws GlnError as {@link update}; rows before the one at fault are counted
   */
  updateBatch(batch: PredictedBatch): void {
    const { targets, means, variances, weights } = batch;
    requireSameLengths(batch);
    for (let i = 0; i < targets.length; i++) {
      this.update(targets[i], means[i], variances?.[i], weights?.[i] ?? 1);
    }
  }

  /** All metrics of all rows so far; later rows do not change what was returned. */
  snapshot(): RunningRegressionReport {
    return {
      ...this.#regression.snapshot(),
      weight: this.#regression.weight,
      intervals: this.#intervals.curve(),
    };
  }

  /**
   * Adds what another one counted, as if both streams had run side by side.
   *
   * @throws GlnError `ERR_GLN_SHAPE` when it was made with another `recentRows`
   */
  merge(other: RunningRegressionMetrics): void {
    const [mine, others] = [this.#recent.rows, other.#recent.rows];
    if (mine !== others) {
      throw new GlnError('ERR_GLN_SHAPE', `other.recentRows: expected ${mine}, got ${others}`);
    }
    this.#regression.merge(other.#regression);
    this.#intervals.merge(other.#intervals);
    this.#recent.merge(other.#recent);
    this.#sample.merge(other.#sample);
  }

  /** Everything, as plain JSON: {@link restore} goes on to the bit. */
  state(): RunningRegressionState {
    return {
      metric: NAME,
      regression: this.#regression.state(),
      intervals: this.#intervals.state(),
      recent: this.#recent.state(),
      sample: this.#sample.state(),
    };
  }

  /** Goes on from what {@link RunningRegressionMetrics.state} gave. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): RunningRegressionMetrics {
    const found = field(NAME, state, 'metric');
    if (found !== NAME) throw corrupt(`${NAME}.metric`, JSON.stringify(NAME), found);
    const restored = new RunningRegressionMetrics();
    restored.#regression = RegressionMetrics.restore(field(NAME, state, 'regression'));
    restored.#intervals = IntervalCalibration.restore(field(NAME, state, 'intervals'));
    restored.#recent = RecentErrors.restore(field(NAME, state, 'recent'));
    const sample = field(NAME, state, 'sample');
    restored.#sample = EvenSample.restore(`${NAME}.sample`, sample, SAMPLE_WIDTH, SAMPLE_ROWS);
    return restored;
  }
}
