/**
 * The area under the ROC curve, over a stream.
 *
 * The exact area needs every score ever seen. Here scores are counted in bins,
 * which order all pairs of rows but those that share one; such a pair counts half.
 * So the error is at most half the fraction of pairs that share a bin, and that
 * fraction is known: {@link AreaUnderCurve.errorBound}. Bins are equally wide in
 * the logit, since models of rare events have all their scores near 0.
 */

import { requireInteger, type ScoredRow } from './row';
import { field, integerField } from './state';
import { type MetricState, restoredClasses, StreamingMetric } from './streaming';
import { Sums, type SumsState } from './sums';

/** Scores beyond these logits, p < 4·10^-8 and p > 1 - 4·10^-8, share the outer bins. */
const LOGIT_LIMIT = 17;
const MOST_BINS = 4096;
const LEAST_BINS = 32;
/** With many classes bins become fewer, so that all counts together stay within 16 MiB or so. */
const MOST_COUNTS = 2 ** 20;

/** Options of {@link AreaUnderCurve}. */
export interface AreaUnderCurveOptions {
  /**
   * Bins a class, 2 to 65536. Default 4096 (each 0.0083 wide in the logit); fewer
   * for more than 128 classes, so that there are 2^20 counts in all, but at least 32.
   */
  bins?: number;
}

/** State of an {@link AreaUnderCurve}. */
export interface AreaUnderCurveState extends MetricState {
  bins: number;
  /** Summed weights, [classes][bins][rows of other classes, rows of the class]. */
  counts: SumsState;
}

/** One class's curve: its area, and how far the exact one may be from it. */
export interface ClassArea {
  /** NaN while there are not rows both of the class and of others. */
  area: number;
  /** The exact area is at most this far away. */
  errorBound: number;
}

const NAME = 'auc';

/**
 * The probability that a row of a class scores higher than a row of another class,
 * ties counting half, by the (normalised) probability of the class. Of a binary
 * model the class is 1; of several classes, each is told from the rest and `value`
 * is the mean over those for which there is an area.
 */
export class AreaUnderCurve extends StreamingMetric {
  /** Bins a class. */
  readonly bins: number;
  #counts: Sums;

  /** @throws GlnError `ERR_GLN_OPTION` for a wrong number of classes or bins */
  constructor(numClasses: number, options: AreaUnderCurveOptions = {}) {
    super(numClasses);
    const share = Math.floor(MOST_COUNTS / (2 * numClasses));
    this.bins = options.bins ?? Math.max(LEAST_BINS, Math.min(MOST_BINS, share));
    requireInteger('bins', this.bins, 2, 2 ** 16);
    this.#counts = new Sums(this.#curves * this.bins * 2);
  }

  /** Curves kept: a binary model's two are the same. */
  get #curves(): number {
    return this.numClasses === 2 ? 1 : this.numClasses;
  }

  override addRow({ label, weight, probabilities }: ScoredRow): void {
    const first = this.numClasses - this.#curves;
    for (let c = first; c < this.numClasses; c++) {
      const bin = (c - first) * this.bins + this.#binOf(probabilities[c]);
      this.#counts.add(2 * bin + (c === label ? 1 : 0), weight);
    }
  }

  #binOf(probability: number): number {
    const logit = Math.log(probability / (1 - probability));
    const bin = Math.floor(((logit + LOGIT_LIMIT) / (2 * LOGIT_LIMIT)) * this.bins);
    return Math.max(0, Math.min(this.bins - 1, bin));
  }

  /** The area, of several classes their mean (macro average, one against the rest). */
  override get value(): number {
    return this.mean().area;
  }

  /** |value - exact area| is at most this: half the fraction of pairs that share a bin. */
  get errorBound(): number {
    return this.mean().errorBound;
  }

  /** Each class against the rest; a binary model's two curves are the same. */
  areas(): ClassArea[] {
    if (this.numClasses > 2) {
      return Array.from({ length: this.numClasses }, (_, label) => this.#curve(label));
    }
    const only = this.#curve(0);
    return [only, only];
  }

  /** The mean of those `areas` that there are. */
  mean(areas: readonly ClassArea[] = this.areas()): ClassArea {
    const known = areas.filter(({ area }) => !Number.isNaN(area));
    const sum = (key: keyof ClassArea): number => known.reduce((total, one) => total + one[key], 0);
    return { area: sum('area') / known.length, errorBound: sum('errorBound') / known.length };
  }

  #curve(curve: number): ClassArea {
    let others = 0;
    let own = 0;
    let higher = 0;
    let tied = 0;
    for (let bin = curve * this.bins; bin < (curve + 1) * this.bins; bin++) {
      const othersHere = this.#counts.at(2 * bin);
      const ownHere = this.#counts.at(2 * bin + 1);
      higher += ownHere * others;
      tied += (ownHere * othersHere) / 2;
      others += othersHere;
      own += ownHere;
    }
    const pairs = own * others;
    return { area: (higher + tied) / pairs, errorBound: tied / pairs };
  }

  /**
   * The ROC curve of a class, from (0, 0) to (1, 1): for falling thresholds the
   * fraction of the other rows, and of the class's, that score above. Empty while
   * there are not rows both of the class and of others.
   *
   * @param label of a binary model only 1 is there to be told from the rest, and
   *   stands for both
   */
  roc(label: number): (readonly [falsePositives: number, truePositives: number])[] {
    requireInteger('label', label, 0, this.numClasses - 1);
    const first = (this.numClasses === 2 ? 0 : label) * this.bins;
    const counts = Array.from({ length: this.bins }, (_, i) => {
      const bin = first + this.bins - 1 - i;
      return [this.#counts.at(2 * bin), this.#counts.at(2 * bin + 1)] as const;
    }).filter(([others, own]) => others > 0 || own > 0);
    const totals = counts.reduce(([a, b], [others, own]) => [a + others, b + own], [0, 0]);
    if (totals[0] === 0 || totals[1] === 0) return [];
    const points: (readonly [number, number])[] = [[0, 0]];
    let [others, own] = [0, 0];
    for (const [othersHere, ownHere] of counts) {
      others += othersHere;
      own += ownHere;
      points.push([others / totals[0], own / totals[1]]);
    }
    return points;
  }

  /** Adds what another one counted. @throws GlnError `ERR_GLN_SHAPE` for other classes or bins */
  merge(other: AreaUnderCurve): void {
    this.requireAlike('numClasses', this.numClasses, other.numClasses);
    this.requireAlike('bins', this.bins, other.bins);
    this.#counts.merge(other.#counts);
  }

  override state(): AreaUnderCurveState {
    const { numClasses, bins } = this;
    return { metric: NAME, numClasses, bins, counts: this.#counts.state() };
  }

  /** Goes on from a {@link AreaUnderCurve.state}. @throws GlnError `ERR_GLN_FORMAT` when it is none */
  static restore(state: unknown): AreaUnderCurve {
    const numClasses = restoredClasses(NAME, state);
    const bins = integerField(NAME, state, 'bins', 2, 2 ** 16);
    const restored = new AreaUnderCurve(numClasses, { bins });
    const { length } = restored.#counts;
    restored.#counts = Sums.restore(`${NAME}.counts`, field(NAME, state, 'counts'), length);
    return restored;
  }
}
