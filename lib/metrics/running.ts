/**
 * All metrics at once, over a stream: what evaluation and progressive validation
 * share, so that there is one rule, and what a service keeps beside its model.
 */

import { GlnError } from '../errors';
import { AreaUnderCurve, type AreaUnderCurveState } from './auc';
import { BrierScore } from './brier';
import { Calibration, type CalibrationState } from './calibration';
import { ConfusionMatrix, type ConfusionState } from './confusion';
import { LogLoss } from './log-loss';
import type { MeanLossState } from './mean-loss';
import { type RecentMetrics, RecentRows, type RecentState } from './recent';
import { type EvaluationReport, makeReport } from './report';
import { outputWidth, type ScoredRow } from './row';
import { corrupt, field, integerField } from './state';
import { type MetricState, restoredClasses, StreamingMetric } from './streaming';

/** Options of {@link RunningMetrics}. */
export interface RunningMetricsOptions {
  /** Rows that `recent` reaches back over, at least 1; default 1000. */
  recentRows?: number;
  /** Bins of the calibration curve, 1 to 10000; default 15. */
  calibrationBins?: number;
  /** Bins of the area under the curve, 2 to 65536; see `AreaUnderCurve`. */
  aucBins?: number;
}

/** State of {@link RunningMetrics}: plain JSON. */
export interface RunningMetricsState extends MetricState {
  /** Rows counted. */
  numRows: number;
  /** State of its {@link ConfusionMatrix}. */
  confusion: ConfusionState;
  /** State of its {@link LogLoss}. */
  logLoss: MeanLossState;
  /** State of its {@link BrierScore}. */
  brierScore: MeanLossState;
  /** State of its {@link AreaUnderCurve}. */
  auc: AreaUnderCurveState;
  /** State of its {@link Calibration}. */
  calibration: CalibrationState;
  /** State of its {@link RecentRows}. */
  recent: RecentState;
}

/** Labelled rows and what a model answered, as flat arrays. */
export interface ScoredBatch {
  /** The true classes, one a row. */
  labels: ArrayLike<number>;
  /** What `predict` with `returnProbs` gives. */
  probabilities: ArrayLike<number>;
  /** What `predict` gives. */
  classes: ArrayLike<number>;
  /** How much each row counts; 1 where not given. */
  weights?: ArrayLike<number>;
}

const NAME = 'running-metrics';

/** Every metric of a {@link EvaluationReport}, and the same of late. `value` is the accuracy. */
export class RunningMetrics extends StreamingMetric {
  #numRows = 0;
  #confusion: ConfusionMatrix;
  #logLoss: LogLoss;
  #brierScore: BrierScore;
  #auc: AreaUnderCurve;
  #calibration: Calibration;
  #recent: RecentRows;

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of classes, bins or rows */
  constructor(numClasses: number, options: RunningMetricsOptions = {}) {
    super(numClasses);
    const { recentRows: rows, calibrationBins, aucBins } = options;
    this.#confusion = new ConfusionMatrix(numClasses);
    this.#logLoss = new LogLoss(numClasses);
    this.#brierScore = new BrierScore(numClasses);
    this.#auc = new AreaUnderCurve(numClasses, { bins: aucBins });
    this.#calibration = new Calibration(numClasses, { bins: calibrationBins });
    this.#recent = new RecentRows(numClasses, { rows });
  }

  /** Rows counted; those of weight 0 are none. */
  get numRows(): number {
    return this.#numRows;
  }

  override get value(): number {
    return this.#confusion.value;
  }

  /** The metrics of the latest rows. */
  get recent(): RecentMetrics {
    return this.#recent.snapshot();
  }

  /** The ROC curve of a class; see `AreaUnderCurve`. */
  roc(label: number): (readonly [falsePositives: number, truePositives: number])[] {
    return this.#auc.roc(label);
  }

  override addRow(row: ScoredRow): void {
    this.#numRows += 1;
    this.#confusion.addRow(row);
    this.#logLoss.addRow(row);
    this.#brierScore.addRow(row);
    this.#auc.addRow(row);
    this.#calibration.addRow(row);
    this.#recent.addRow(row);
  }

  /**
   * Counts rows, one after the other.
   *
   * @throws GlnError as {@link update}; rows before the one at fault are counted
   */
  updateBatch({ labels, probabilities, classes, weights }: ScoredBatch): void {
    const count = labels.length;
    requireLength('classes', classes, count);
    requireLength('probabilities', probabilities, count * outputWidth(this.numClasses));
    if (weights !== undefined) requireLength('weights', weights, count);
    for (let i = 0; i < count; i++) {
      this.updateAt(labels[i], probabilities, i, classes[i], weights?.[i] ?? 1);
    }
  }

  /** All metrics of all rows so far; later rows do not change what was returned. */
  snapshot(): EvaluationReport {
    return makeReport({
      numRows: this.#numRows,
      confusion: this.#confusion.clone(),
      logLoss: this.#logLoss.value,
      brierScore: this.#brierScore.value,
      auc: this.#auc,
      calibration: this.#calibration,
    });
  }

  /**
   * Adds what another one counted, as if both streams had run side by side.
   *
   * @throws GlnError `ERR_GLN_SHAPE`, before anything has changed, when it has
   *   other classes or was made with other options
   */
  merge(other: RunningMetrics): void {
    this.requireAlike('numClasses', this.numClasses, other.numClasses);
    this.requireAlike('aucBins', this.#auc.bins, other.#auc.bins);
    this.requireAlike('calibrationBins', this.#calibration.bins, other.#calibration.bins);
    this.requireAlike('recentRows', this.#recent.rows, other.#recent.rows);
    this.#numRows += other.#numRows;
    this.#confusion.merge(other.#confusion);
    this.#logLoss.merge(other.#logLoss);
    this.#brierScore.merge(other.#brierScore);
    this.#auc.merge(other.#auc);
    this.#calibration.merge(other.#calibration);
    this.#recent.merge(other.#recent);
  }

  override state(): RunningMetricsState {
    return {
      metric: NAME,
      numClasses: this.numClasses,
      numRows: this.#numRows,
      confusion: this.#confusion.state(),
      logLoss: this.#logLoss.state(),
      brierScore: this.#brierScore.state(),
      auc: this.#auc.state(),
      calibration: this.#calibration.state(),
      recent: this.#recent.state(),
    };
  }

  /**
   * Goes on from a {@link RunningMetrics.state}, also one that went through JSON: what follows is
   * to the bit what would have followed.
   *
   * @throws GlnError `ERR_GLN_FORMAT` when it is none
   */
  static restore(state: unknown): RunningMetrics {
    const numClasses = restoredClasses(NAME, state);
    const part = <Metric extends StreamingMetric>(
      key: string,
      restore: (state: unknown) => Metric,
    ): Metric => {
      const metric = restore(field(NAME, state, key));
      if (metric.numClasses !== numClasses) {
        throw corrupt(`${NAME}.${key}.numClasses`, String(numClasses), metric.numClasses);
      }
      return metric;
    };
    // Smallest possible bins: each part is replaced by the restored one.
    const restored = new RunningMetrics(numClasses, { aucBins: 2, calibrationBins: 1 });
    restored.#numRows = integerField(NAME, state, 'numRows', 0, Number.MAX_SAFE_INTEGER);
    restored.#confusion = part('confusion', ConfusionMatrix.restore);
    restored.#logLoss = part('logLoss', LogLoss.restore);
    restored.#brierScore = part('brierScore', BrierScore.restore);
    restored.#auc = part('auc', AreaUnderCurve.restore);
    restored.#calibration = part('calibration', Calibration.restore);
    restored.#recent = part('recent', RecentRows.restore);
    return restored;
  }
}

function requireLength(name: string, values: ArrayLike<unknown>, expected: number): void {
  if (values.length !== expected) {
    throw new GlnError('ERR_GLN_SHAPE', `${name}: expected ${expected}, got ${values.length}`);
  }
}
