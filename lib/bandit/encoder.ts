/**
 * From a context to what the networks of all actions see. Its running statistics are
 * those of all contexts, so that every action has the same gates: a network's own
 * would know only the contexts in which its action was taken.
 */
import type { NativeStage } from '../../types/addon';
import type { NativePreprocessor } from '../../types/preprocessor';
import { native } from '../calls';
import type { Rows } from '../classifier';
import { GlnError } from '../errors';
import { loadAddon } from '../native';
import type { ResolvedOptions } from '../options';
import { RowPreparation } from '../row-preparation';
import { isFit } from '../rows';
import { statisticsCount } from '../saving/statistics';

/** Checks contexts and computes what networks see, into arrays that they are bound to. */
export class ContextEncoder {
  /** What layer 0 mixes, of the context that was encoded last. */
  readonly base: Float32Array;
  /** What the gates look at. */
  readonly sideInfo: Float32Array;
  readonly #rows: RowPreparation;
  readonly #size: number;
  readonly #base: NativePreprocessor | undefined;
  /** Absent also where the gates look at what the base is made of. */
  readonly #sideInfo: NativePreprocessor | undefined;
  readonly #statistics: number;

  /** @param options of a network for single contexts, its preprocessing included. */
  constructor(options: Readonly<ResolvedOptions>) {
    this.#rows = new RowPreparation(options);
    this.#size = options.inputSize;
    const { baseStages, sideStages, sideFromBase } = this.#rows.native;
    this.#base = this.#preprocessor(baseStages);
    this.#sideInfo = this.#preprocessor(sideStages);
    this.#statistics = statisticsCount(options, this.#rows);
    this.base = new Float32Array(this.#rows.baseSize);
    const shared = sideFromBase || (baseStages === null && sideStages === null);
    this.sideInfo = shared ? this.base : new Float32Array(this.#rows.sideInfoSize);
  }

  /** One context, checked; a Float32Array is not copied. @throws GlnError */
  check(context: Rows): Float32Array {
    const { sideInfo, count } = this.#rows.prepare(context, undefined, 'context');
    if (count !== 1) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `context: expected ${this.#size} values, got ${count * this.#size}`,
      );
    }
    return sideInfo;
  }

  /** Whether the numbers of a saved context may be in one. */
  fits(contexts: Float32Array): boolean {
    return contexts.every((value) => isFit(value, this.#rows.inputRule));
  }

  /** Encodes a checked context; `learning` then adds it to the statistics. */
  encode(context: Float32Array, learning: boolean): void {
    if (this.#base === undefined) this.base.set(context);
    else this.#base.run(context, this.base, learning);
    if (this.sideInfo === this.base) return;
    if (this.#sideInfo === undefined) this.sideInfo.set(context);
    else this.#sideInfo.run(context, this.sideInfo, learning);
  }

  /** Numbers that {@link statistics} are. */
  get statisticsCount(): number {
    return this.#statistics;
  }

  /** All running statistics: the base's, then the gates'. */
  get statistics(): Float64Array {
    const all = new Float64Array(this.#statistics);
    let at = 0;
    for (const part of [this.#base, this.#sideInfo]) {
      if (part === undefined) continue;
      const { statistics } = part;
      all.set(statistics, at);
      at += statistics.length;
    }
    return all;
  }

  set statistics(all: Float64Array) {
    let at = 0;
    for (const part of [this.#base, this.#sideInfo]) {
      if (part === undefined) continue;
      const { length } = part.statistics;
      part.statistics = all.slice(at, at + length);
      at += length;
    }
  }

  #preprocessor(stages: NativeStage[] | null): NativePreprocessor | undefined {
    if (stages === null) return undefined;
    return native(() => new (loadAddon().Preprocessor)(stages, this.#size));
  }
}
