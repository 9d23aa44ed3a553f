/**
 * Metrics of predicted numbers, over a stream: constant memory, weighted rows, and a
 * state in plain JSON from which they go on to the bit.
 */
import { checkKeys } from '../calls';
import type { Rows, Weights } from '../classifier';
import { describe, GlnError } from '../errors';
import type { RealTargets, Regressor } from '../regressor';
import { requireWeight } from './row';
import { corrupt, field, integerField, numberField } from './state';
import { Sums, type SumsState } from './sums';

/** What is said of all rows so far; NaN where no row has yet determined it. */
export interface RegressionReport {
  /** Rows counted; those of weight 0 are none. */
  numRows: number;
  /** Root of the mean squared error, in the target's units. */
  rootMeanSquaredError: number;
  /** Mean absolute error, in the target's units. */
  meanAbsoluteError: number;
  /**
   * R²: 1 is perfect, 0 as good as always predicting the rows' mean target, below
   * worse; NaN while all targets are equal.
   */
  rSquared: number;
  /** Mean of -ln N(target; mean, variance), in nats; NaN where variances were not given. */
  negativeLogLikelihood: number;
}

/** Predicted rows with what came. */
export interface PredictedBatch {
  /** What came, one number a row. */
  targets: ArrayLike<number>;
  /** What was predicted, one number a row. */
  means: ArrayLike<number>;
  /** How sure the model was, above 0; all calls have them, or none has. */
  variances?: ArrayLike<number>;
  /** How much each row counts, at least 0; default 1. */
  weights?: ArrayLike<number>;
}

/** State of {@link RegressionMetrics}: plain JSON. */
export interface RegressionMetricsState {
  /** Which metric. */
  metric: string;
  /** Rows counted. */
  numRows: number;
  /** Rows that came with a variance. */
  numVariances: number;
  /** Weights, squared errors, absolute errors, log-likelihoods, each times the weight. */
  sums: SumsState;
  /** Weighted mean of targets and sum of squared differences from it. */
  targetMean: number;
  /** Sum of squared differences of targets from it, weighted. */
  targetSquares: number;
}

const NAME = 'regression';
const WEIGHT = 0;
const SQUARED = 1;
const ABSOLUTE = 2;
const LIKELIHOOD = 3;
const SUMS = 4;

/** Numbers whose squares can be summed without overflow, whatever the stream's length. */
const LARGEST = 1e140;

function requireNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && Math.abs(value) <= LARGEST) return value;
  const code = typeof value === 'number' ? 'ERR_GLN_VALUE' : 'ERR_GLN_TYPE';
  const message = `expected a number within ± ${LARGEST}, got ${describe(value)}`;
  throw new GlnError(code, `${name}: ${message}`);
}

/** @throws GlnError `ERR_GLN_SHAPE` unless there is one element a target in every array */
export function requireSameLengths(batch: PredictedBatch): void {
  const { targets, means, variances, weights } = batch;
  for (const [name, values] of Object.entries({ means, variances, weights })) {
    if (values === undefined || values.length === targets.length) continue;
    const message = `expected ${targets.length} elements, got ${values.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `${name}: ${message}`);
  }
}

/** A row's -ln N(target; mean, variance) in nats. */
export function negativeLogDensity(target: number, mean: number, variance: number): number {
  return 0.5 * (Math.log(2 * Math.PI * variance) + (target - mean) ** 2 / variance);
}

/** The same, where what is farther away than doubles reach counts as the farthest that they do. */
export function countedLogLoss(target: number, mean: number, variance: number): number {
  return Math.min(negativeLogDensity(target, mean, variance), LARGEST ** 2);
}

/** Squared, absolute and logarithmic error of predicted numbers, and R². */
export class RegressionMetrics {
  #numRows = 0;
  #numVariances = 0;
  #sums = new Sums(SUMS);
  #targetMean = 0;
  #targetSquares = 0;

  /** Rows counted; those of weight 0 are none. */
  get numRows(): number {
    return this.#numRows;
  }

  /** The rows' summed weight. */
  get weight(): number {
    return this.#sums.at(WEIGHT);
  }

  /** The root of the mean squared error. */
  get value(): number {
    return Math.sqrt(this.#mean(SQUARED));
  }

  /**
   * Counts one row that a model predicted before it saw the target.
   *
   * @param variance of the prediction, above 0; every row has one, or none has
   * @param weight how much the row counts, at least 0; 0 changes nothing
   * @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_VALUE`, before anything has changed
   */
  update(target: number, mean: number, variance?: number, weight = 1): void {
    requireNumber('target', target);
    requireNumber('mean', mean);
    if (variance !== undefined && !(requireNumber('variance', variance) > 0)) {
      throw new GlnError('ERR_GLN_VALUE', `variance: expected a number above 0, got ${variance}`);
    }
    if (requireWeight('weight', weight) === 0) return;
    const error = target - mean;
    this.#numRows += 1;
    this.#sums.add(WEIGHT, weight);
    this.#sums.add(SQUARED, weight * error * error);
    this.#sums.add(ABSOLUTE, weight * Math.abs(error));
    if (variance !== undefined) {
      this.#numVariances += 1;
      this.#sums.add(LIKELIHOOD, weight * countedLogLoss(target, mean, variance));
    }
    const before = target - this.#targetMean;
    this.#targetMean += (weight / this.#sums.at(WEIGHT)) * before;
    this.#targetSquares += weight * before * (target - this.#targetMean);
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

  /** All metrics of all rows so far. */
  snapshot(): RegressionReport {
    const whole = this.#numVariances === this.#numRows;
    return {
      numRows: this.#numRows,
      rootMeanSquaredError: this.value,
      meanAbsoluteError: this.#mean(ABSOLUTE),
      rSquared:
        this.#targetSquares > 0 ? 1 - this.#sums.at(SQUARED) / this.#targetSquares : Number.NaN,
      negativeLogLikelihood: whole ? this.#mean(LIKELIHOOD) : Number.NaN,
    };
  }

  /** Adds what another one counted, as if both streams had run side by side. */
  merge(other: RegressionMetrics): void {
    const mine = this.#sums.at(WEIGHT);
    const others = other.#sums.at(WEIGHT);
    if (others === 0) return;
    const away = other.#targetMean - this.#targetMean;
    this.#targetSquares += other.#targetSquares + away * away * mine * (others / (mine + others));
    this.#targetMean += away * (others / (mine + others));
    this.#numRows += other.#numRows;
    this.#numVariances += other.#numVariances;
    this.#sums.merge(other.#sums);
  }

  /** Everything, as plain JSON. */
  state(): RegressionMetricsState {
    return {
      metric: NAME,
      numRows: this.#numRows,
      numVariances: this.#numVariances,
      sums: this.#sums.state(),
      targetMean: this.#targetMean,
      targetSquares: this.#targetSquares,
    };
  }

  /** Goes on from a {@link RegressionMetrics.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): RegressionMetrics {
    const found = field(NAME, state, 'metric');
    if (found !== NAME) throw corrupt(`${NAME}.metric`, JSON.stringify(NAME), found);
    const restored = new RegressionMetrics();
    restored.#numRows = integerField(NAME, state, 'numRows', 0, Number.MAX_SAFE_INTEGER);
    restored.#numVariances = integerField(NAME, state, 'numVariances', 0, restored.#numRows);
    restored.#sums = Sums.restore(`${NAME}.sums`, field(NAME, state, 'sums'), SUMS);
    restored.#targetMean = numberField(NAME, state, 'targetMean', -Number.MAX_VALUE);
    restored.#targetSquares = numberField(NAME, state, 'targetSquares', 0);
    return restored;
  }

  #mean(sum: number): number {
    return this.#sums.at(sum) / this.#sums.at(WEIGHT);
  }
}

/** What `evaluateRegressor` takes beside rows and targets. */
export interface EvaluateRegressorOptions {
  /** How much each row counts. */
  weights?: Weights;
  /** What the gates look at; for models with a `sideInfoSize`. */
  sideInfo?: Rows;
}

const EVALUATE_KEYS = new Set(['weights', 'sideInfo']);

/**
 * How well a model predicts rows that it does not learn.
 *
 * @throws GlnError as the model's `predict`, and for targets or weights that do not fit
 */
export function evaluateRegressor(
  model: Regressor,
  rows: Rows,
  targets: RealTargets,
  options: EvaluateRegressorOptions = {},
): RegressionReport {
  checkKeys(options, EVALUATE_KEYS);
  const { weights, sideInfo } = options;
  const { means, variances } = model.predict(rows, sideInfo === undefined ? {} : { sideInfo });
  const metrics = new RegressionMetrics();
  const numbers = typeof targets === 'number' ? [targets] : targets;
  if (numbers.length !== means.length) {
    const message = `expected ${means.length} targets, one a row, got ${numbers.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `targets: ${message}`);
  }
  metrics.updateBatch({
    targets: numbers,
    means,
    ...(variances !== undefined && { variances }),
    ...(weights !== undefined && {
      weights: typeof weights === 'number' ? numbers.map(() => weights) : weights,
    }),
  });
  return metrics.snapshot();
}
