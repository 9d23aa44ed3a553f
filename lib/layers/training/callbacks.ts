/**
 * Functions that a fit calls as it goes, and early stopping, which is made of them.
 */
import { checkKeys } from '../../calls';
import { checkedChoice, checkedFlag, checkedInteger, checkedNumber } from '../../checks';
import { describe, GlnError } from '../../errors';
import type { Tensor } from '../core/tensor';
import type { History } from './history';
import type { Logs } from './step';

/** What callbacks may do with the model that is being trained. */
export interface TrainedModel {
  /** Set to true, it ends the fit after the present batch. */
  stopTraining: boolean;
  /** Copies of all weights, in the order of {@link setWeights}. */
  getWeights(): Tensor[];
  /** Replaces all weights. */
  setWeights(values: readonly Tensor[]): void;
}

/** What a fit is going to do. */
export interface FitPlan {
  /** Epochs, if nothing ends them before. */
  readonly epochs: number;
  /** Names of the figures that `onEpochEnd` gets. */
  readonly logNames: readonly string[];
}

/**
 * Functions called during a fit, each of which may be left out. Where one gives a
 * promise, the fit waits for it; what one throws ends the fit.
 */
export interface Callback {
  /** Before the first epoch. */
  onTrainBegin?(model: TrainedModel, plan: FitPlan): void | Promise<void>;
  /**
   * Before an epoch.
   *
   * @param epoch from 0
   */
  onEpochBegin?(epoch: number): void | Promise<void>;
  /**
   * After a batch.
   *
   * @param batch from 0 in each epoch
   * @param logs means over the epoch so far
   */
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  /**
   * After an epoch.
   *
   * @param epoch from 0
   * @param logs means over the epoch, and those of validation
   */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /** Also where the fit ended early, but not where it failed. */
  onTrainEnd?(history: History): void | Promise<void>;
}

/** Options of {@link EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** The figure that is watched; default `val_loss`. */
  monitor?: string;
  /** What counts as better: by more than this; at least 0, default 0. */
  minDelta?: number;
  /** Epochs without anything better after which training ends; default 0. */
  patience?: number;
  /** Whether less or more is better; default `auto`: more for accuracies, precision and recall. */
  mode?: 'auto' | 'min' | 'max';
  /** A figure that must be reached before anything counts as better. */
  baseline?: number;
  /** Whether the weights of the best epoch come back at the end. Default false. */
  restoreBestWeights?: boolean;
  /** The first epoch that is watched; default 0. */
  startFromEpoch?: number;
}

const KEYS: ReadonlySet<string> = new Set<keyof EarlyStoppingOptions>([
  'monitor',
  'minDelta',
  'patience',
  'mode',
  'baseline',
  'restoreBestWeights',
  'startFromEpoch',
]);
const MOST_EPOCHS = Number.MAX_SAFE_INTEGER;

/** Ends training when a figure has not become better for some epochs; Keras's rules. */
export class EarlyStopping implements Callback {
  /** The figure that is watched. */
  readonly monitor: string;
  /** The epoch after which it ended training; undefined where it did not. */
  stoppedEpoch: number | undefined;
  /** The epoch of the best figure so far. */
  bestEpoch: number | undefined;
  readonly #minDelta: number;
  readonly #patience: number;
  readonly #baseline: number | undefined;
  readonly #restores: boolean;
  readonly #startFrom: number;
  /** Turned so that less is better. */
  readonly #sign: 1 | -1;
  #best = Number.POSITIVE_INFINITY;
  #bestWeights: Tensor[] | undefined;
  #waited = 0;
  #model: TrainedModel | undefined;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: EarlyStoppingOptions = {}) {
    checkKeys(options, KEYS);
    const { monitor = 'val_loss', baseline } = options;
    if (typeof monitor !== 'string') {
      const got = describe(monitor);
      throw new GlnError('ERR_GLN_OPTION', `monitor: expected the name of a figure, got ${got}`);
    }
    this.monitor = monitor;
    this.#minDelta = checkedNumber('minDelta', options.minDelta ?? 0, 0, Number.MAX_VALUE);
    this.#patience = checkedInteger('patience', options.patience ?? 0, 0, MOST_EPOCHS);
    this.#baseline =
      baseline === undefined
        ? undefined
        : checkedNumber('baseline', baseline, -Number.MAX_VALUE, Number.MAX_VALUE);
    this.#restores = checkedFlag('restoreBestWeights', options.restoreBestWeights ?? false);
    this.#startFrom = checkedInteger('startFromEpoch', options.startFromEpoch ?? 0, 0, MOST_EPOCHS);
    const mode = checkedChoice('mode', options.mode ?? 'auto', ['auto', 'min', 'max']);
    const isMore = mode === 'auto' ? /acc|precision|recall/.test(monitor) : mode === 'max';
    this.#sign = isMore ? -1 : 1;
  }

  /** @throws GlnError `ERR_GLN_OPTION` where the figure is not one of this fit's. */
  onTrainBegin(model: TrainedModel, { logNames }: FitPlan): void {
    if (!logNames.includes(this.monitor)) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `monitor: expected ${logNames.join(', ')}, got ${describe(this.monitor)}`,
      );
    }
    this.#model = model;
    this.#best = Number.POSITIVE_INFINITY;
    this.#bestWeights = undefined;
    this.#waited = 0;
    this.stoppedEpoch = undefined;
    this.bestEpoch = undefined;
  }

  /** Compares the figure with the best so far, and stops training where it has waited enough. */
  onEpochEnd(epoch: number, logs: Logs): void {
    if (epoch < this.#startFrom) return;
    const current = this.#sign * logs[this.monitor];
    this.#waited++;
    if (current + this.#minDelta < this.#best || this.bestEpoch === undefined) {
      this.#best = current;
      this.bestEpoch = epoch;
      if (this.#restores) this.#bestWeights = this.#model?.getWeights();
      const isReached =
        this.#baseline === undefined || current + this.#minDelta < this.#sign * this.#baseline;
      if (isReached) this.#waited = 0;
      return;
    }
    if (this.#waited >= this.#patience && this.#model !== undefined) {
      this.stoppedEpoch = epoch;
      this.#model.stopTraining = true;
    }
  }

  onTrainEnd(): void {
    if (this.#bestWeights !== undefined) this.#model?.setWeights(this.#bestWeights);
    this.#bestWeights = undefined;
    this.#model = undefined;
  }
}
