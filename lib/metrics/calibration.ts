/**
 * Calibration: whether what a model is 80 % sure of happens 80 % of the time. A
 * model can be accurate and still misjudge how sure it is.
 */

import { requireInteger, type ScoredRow } from './row';
import { field, integerField } from './state';
import { type MetricState, restoredClasses, StreamingMetric } from './streaming';
import { Sums, type SumsState } from './sums';

/** One bin of a reliability curve; bins without rows are left out of the curve. */
export interface CalibrationBin {
  /** The least probability of the bin. */
  low: number;
  /** Probabilities of the bin are below it; those of the last bin may be it, 1. */
  high: number;
  /** Mean probability of the bin's rows: what the model said. */
  confidence: number;
  /** The fraction of them for which it came true: what happened. */
  accuracy: number;
  /** Rows in it, or their summed weight. */
  count: number;
}

/** Options of {@link Calibration}. */
export interface CalibrationOptions {
  /** Bins of equal width from 0 to 1, 1 to 10000; default 15. */
  bins?: number;
}

/** State of a {@link Calibration}. */
export interface CalibrationState extends MetricState {
  bins: number;
  /** [bins][weight, weighted probability, weighted outcome]. */
  sums: SumsState;
}

const NAME = 'calibration';
const MOST_BINS = 10_000;

/**
 * The expected calibration error (Guo et al. 2017) and the curve behind it. Of a
 * binary model the probability is p(1) and the outcome whether the label is 1; of
 * several classes, the normalised probability of the predicted class, and whether
 * that is the label.
 */
export class Calibration extends StreamingMetric {
  /** Bins from 0 to 1. */
  readonly bins: number;
  #sums: Sums;

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of classes or bins */
  constructor(numClasses: number, options: CalibrationOptions = {}) {
    super(numClasses);
    this.bins = options.bins ?? 15;
    requireInteger('bins', this.bins, 1, MOST_BINS);
    this.#sums = new Sums(3 * this.bins);
  }

  override addRow({ label, predicted, weight, probabilities }: ScoredRow): void {
    const judged = this.numClasses === 2 ? 1 : predicted;
    const probability = probabilities[judged];
    const bin = Math.min(this.bins - 1, Math.floor(probability * this.bins));
    this.#sums.add(3 * bin, weight);
    this.#sums.add(3 * bin + 1, weight * probability);
    if (label === judged) this.#sums.add(3 * bin + 2, weight);
  }

  /** The calibration error: mean over rows of |accuracy - confidence| of their bin. */
  override get value(): number {
    let total = 0;
    let missed = 0;
    for (const { count, confidence, accuracy } of this.curve()) {
      total += count;
      missed += count * Math.abs(accuracy - confidence);
    }
    return missed / total;
  }

  /** The reliability curve: the bins that have rows, ascending. */
  curve(): CalibrationBin[] {
    const bins: CalibrationBin[] = [];
    for (let bin = 0; bin < this.bins; bin++) {
      const count = this.#sums.at(3 * bin);
      if (count === 0) continue;
      bins.push({
        low: bin / this.bins,
        high: (bin + 1) / this.bins,
        confidence: this.#sums.at(3 * bin + 1) / count,
        accuracy: this.#sums.at(3 * bin + 2) / count,
        count,
      });
    }
    return bins;
  }

  /** Adds what another one counted. @throws GlnError `ERR_GLN_SHAPE` for other classes or bins */
  merge(other: Calibration): void {
    this.requireAlike('numClasses', this.numClasses, other.numClasses);
    this.requireAlike('bins', this.bins, other.bins);
    this.#sums.merge(other.#sums);
  }

  override state(): CalibrationState {
    const { numClasses, bins } = this;
    return { metric: NAME, numClasses, bins, sums: this.#sums.state() };
  }

  /** Goes on from a {@link Calibration.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): Calibration {
    const numClasses = restoredClasses(NAME, state);
    const bins = integerField(NAME, state, 'bins', 1, MOST_BINS);
    const restored = new Calibration(numClasses, { bins });
    restored.#sums = Sums.restore(`${NAME}.sums`, field(NAME, state, 'sums'), 3 * bins);
    return restored;
  }
}
