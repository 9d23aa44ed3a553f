/** Options of `fit`: defaults, ranges, and messages when they are wrong. */
import { checkSignal } from '../../async';
import { checkKeys } from '../../calls';
import { checkedFlag, checkedInteger, checkedRange, fail } from '../../checks';
import { GlnError } from '../../errors';
import type { Callback } from './callbacks';
import { type Data, type DataSet, slice } from './data';
import type { Logs } from './step';

/** How far a fit is. */
export interface LayerFitProgress {
  /** From 0. */
  readonly epoch: number;
  /** Of the whole fit. */
  readonly epochs: number;
  /** Batches of the epoch that are done. */
  readonly batch: number;
  /** Of an epoch. */
  readonly batches: number;
  /** Rows of the epoch that are done. */
  readonly rows: number;
  /** Of an epoch. */
  readonly totalRows: number;
  /** Means over the epoch so far. */
  readonly logs: Logs;
}

/** Options of {@link LayeredModel.fit}. */
export interface LayerFitOptions {
  /** The epoch to end before, counted from 0; default 1. */
  epochs?: number;
  /** Where counting starts, as when a fit is resumed; default 0. */
  initialEpoch?: number;
  /** Rows of a batch; the last one of an epoch may have fewer. Default 32. */
  batchSize?: number;
  /** Whether rows come in another order in each epoch. Default true. */
  shuffle?: boolean;
  /** The share of rows, taken from the end before any shuffling, that is only evaluated. */
  validationSplit?: number;
  /** Rows and targets that are evaluated after each epoch, instead of a split. */
  validationData?: readonly [Data, Data];
  /** Called as the fit goes on. */
  callbacks?: Callback | readonly Callback[];
  /** Called after every batch; what it throws ends the fit. */
  onProgress?: (progress: LayerFitProgress) => void;
  /** Shows a bar on stderr for each epoch, where stderr is a terminal. Default false. */
  progress?: boolean;
  /**
   * Stops the fit after the present batch: it rejects with a `GlnAbortError`, and
   * the model stays as it is then.
   */
  signal?: AbortSignal;
}

const KEYS: ReadonlySet<string> = new Set<keyof LayerFitOptions>([
  'epochs',
  'initialEpoch',
  'batchSize',
  'shuffle',
  'validationSplit',
  'validationData',
  'callbacks',
  'onProgress',
  'progress',
  'signal',
]);
const MOST = 2 ** 31 - 1;

/** {@link LayerFitOptions}, checked. */
export interface CheckedLayerFitOptions {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly callbacks: readonly Callback[];
  readonly onProgress: LayerFitOptions['onProgress'];
  readonly progress: boolean;
  readonly signal: AbortSignal | undefined;
  readonly training: DataSet;
  readonly validation: DataSet | undefined;
}

/** Rows of a batch. @throws GlnError `ERR_GLN_OPTION` */
export function checkedBatchSize(value: unknown): number {
  return checkedInteger('batchSize', value ?? 32, 1, MOST);
}

/**
 * Checks everything that can be checked before the first batch.
 *
 * @param all checked rows and targets, of which a split takes the end
 * @param check checks rows and targets for validation
 * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE`, and as `check`
 */
export function checkFitOptions(
  options: LayerFitOptions,
  all: DataSet,
  check: (x: unknown, y: unknown) => DataSet,
): CheckedLayerFitOptions {
  checkKeys(options, KEYS);
  const { epochs = 1, initialEpoch = 0, callbacks = [], onProgress, signal } = options;
  checkSignal(signal);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    fail('onProgress', 'a function', onProgress);
  }
  return {
    epochs: checkedInteger('epochs', epochs, 1, MOST),
    initialEpoch: checkedInteger('initialEpoch', initialEpoch, 0, MOST),
    batchSize: checkedBatchSize(options.batchSize),
    shuffle: checkedFlag('shuffle', options.shuffle ?? true),
    callbacks: checkedCallbacks(callbacks),
    onProgress,
    progress: checkedFlag('progress', options.progress ?? false),
    signal,
    ...split(options, all, check),
  };
}

function checkedCallbacks(value: unknown): Callback[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  for (const each of list) {
    if (typeof each !== 'object' || each === null) fail('callbacks', 'objects of functions', each);
    const callback = each as { [name: string]: unknown };
    for (const name of CALLBACK_NAMES) {
      if (callback[name] !== undefined && typeof callback[name] !== 'function') {
        fail(`callbacks: ${name}`, 'a function', callback[name]);
      }
    }
  }
  return list as Callback[];
}

const CALLBACK_NAMES = [
  'onTrainBegin',
  'onEpochBegin',
  'onBatchEnd',
  'onEpochEnd',
  'onTrainEnd',
] as const satisfies readonly (keyof Callback)[];

function split(
  { validationSplit, validationData }: LayerFitOptions,
  all: DataSet,
  check: (x: unknown, y: unknown) => DataSet,
): { training: DataSet; validation: DataSet | undefined } {
  if (validationData !== undefined) {
    if (validationSplit !== undefined && validationSplit !== 0) {
      throw new GlnError('ERR_GLN_OPTION', 'validationSplit: expected none beside validationData');
    }
    if (!Array.isArray(validationData) || validationData.length !== 2) {
      fail('validationData', 'an array of rows and targets', validationData);
    }
    return { training: all, validation: check(validationData[0], validationData[1]) };
  }
  const share = checkedRange(
    'validationSplit',
    validationSplit ?? 0,
    'a number from 0 to below 1',
    (x) => x >= 0 && x < 1,
  );
  if (share === 0) return { training: all, validation: undefined };
  const count = Math.floor(all.rows * (1 - share));
  if (count === 0 || count === all.rows) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `validationSplit: expected a share that leaves rows on both sides, got ${share} of ${all.rows}`,
    );
  }
  return { training: slice(all, 0, count), validation: slice(all, count, all.rows) };
}
