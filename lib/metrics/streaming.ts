/**
 * The one shape of metrics that follow a stream: constant memory, weighted rows,
 * and a state in plain JSON from which they go on to the bit.
 */

import { GlnError } from '../errors';
import { outputWidth, RowScorer, type ScoredRow } from './row';
import { corrupt, field, integerField } from './state';

/** What a metric's state tells of itself, so that it is not restored as another. */
export interface MetricState {
  /** Which metric. */
  metric: string;
  /** Classes that it counts. */
  numClasses: number;
}

/** A metric over all rows that it was shown. */
export abstract class StreamingMetric {
  readonly #scorer: RowScorer;

  /** Classes that rows may be of. */
  readonly numClasses: number;

  /** @throws GlnError `ERR_GLN_OPTION` unless `numClasses` is an integer from 2 to 65536 */
  constructor(numClasses: number) {
    this.numClasses = numClasses;
    this.#scorer = new RowScorer(numClasses);
  }

  /** The metric so far; NaN where no row has yet determined it. */
  abstract readonly value: number;

  /**
   * Counts one row that a model predicted before it saw the label.
   *
   * @param label the true class
   * @param probabilities what `predict` with `returnProbs` gives for the row: p(1)
   *   of a binary model, else each class's own probability (they need not sum to 1)
   * @param predictedClass what `predict` gives for the row
   * @param weight how much the row counts, at least 0; 0 changes nothing
   * @throws GlnError `ERR_GLN_LABEL`, `ERR_GLN_SHAPE`, `ERR_GLN_TYPE` or
   *   `ERR_GLN_VALUE`, before anything has changed
   */
  update(
    label: number,
    probabilities: ArrayLike<number>,
    predictedClass: number,
    weight = 1,
  ): void {
    const width = outputWidth(this.numClasses);
    if (probabilities.length !== width) {
      const message = `expected ${width} for a row, got ${probabilities.length}`;
      throw new GlnError('ERR_GLN_SHAPE', `probabilities: ${message}`);
    }
    this.updateAt(label, probabilities, 0, predictedClass, weight);
  }

  /** {@link update} with the probabilities of row `row` of a flat array of many rows. */
  protected updateAt(
    label: number,
    probabilities: ArrayLike<number>,
    row: number,
    predictedClass: number,
    weight: number,
  ): void {
    const start = row * outputWidth(this.numClasses);
    const scored = this.#scorer.score(label, probabilities, start, predictedClass, weight);
    if (scored !== undefined) this.addRow(scored);
  }

  /** Counts a row that was checked already, for all metrics at once. */
  abstract addRow(row: ScoredRow): void;

  /** Everything, as plain JSON: the metric's `restore` goes on to the bit. */
  abstract state(): MetricState;

  /** @throws GlnError `ERR_GLN_SHAPE` when the other one counts something else */
  protected requireAlike(name: string, mine: number, other: number): void {
    if (mine !== other) {
      throw new GlnError('ERR_GLN_SHAPE', `other.${name}: expected ${mine}, got ${other}`);
    }
  }
}

/**
 * The number of classes in a state of the given metric.
 *
 * @throws GlnError `ERR_GLN_FORMAT` when it is a state of anything else
 */
export function restoredClasses(metric: string, state: unknown): number {
  const found = field(metric, state, 'metric');
  if (found !== metric) throw corrupt(`${metric}.metric`, JSON.stringify(metric), found);
  return integerField(metric, state, 'numClasses', 2, 2 ** 16);
}
