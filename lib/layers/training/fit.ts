/**
 * The loop over epochs and batches.
 */
import { gatherRows, shuffledIndices } from '../../data/shuffle';
import { GlnAbortError } from '../../errors';
import { type Progress, startProgress } from '../../terminal/progress';
import { deriveSeed } from '../core/seeds';
import { Tensor } from '../core/tensor';
import type { TrainedModel } from './callbacks';
import { type Compiled, logNames } from './compiled';
import { type DataSet, slice } from './data';
import type { CheckedLayerFitOptions } from './fit-options';
import { History } from './history';
import { type Logs, type Stepper, Tally } from './step';
import { Turns } from './turns';

/** What of a model a fit works with. */
export interface FitTarget extends TrainedModel {
  readonly stepper: Stepper;
  readonly compiled: Compiled;
  /** Where orders of rows come from. */
  readonly seed: number;
  /** Counts an epoch that begins, and says how many began before. */
  beginEpoch(): number;
}

/** Evaluates a data set batch by batch, one for each turn of the generator. */
export function* evaluateBatches(
  stepper: Stepper,
  compiled: Compiled,
  data: DataSet,
  batchSize: number,
): Generator<void, Logs> {
  const tally = new Tally(compiled);
  for (let start = 0; start < data.rows; start += batchSize) {
    const batch = slice(data, start, Math.min(start + batchSize, data.rows));
    stepper.evaluate(batch, compiled, tally);
    yield;
  }
  return tally.logs();
}

/** The rows of a data set that `indices` names. */
function gather(data: DataSet, indices: Uint32Array): DataSet {
  const pick = ({ data: values, shape }: Tensor): Tensor => {
    const width = values.length / shape[0];
    return new Tensor(gatherRows(values, width, indices), [indices.length, ...shape.slice(1)]);
  };
  return {
    rows: indices.length,
    inputs: data.inputs.map(pick),
    targets: data.targets.map((target) => (target === undefined ? undefined : pick(target))),
  };
}

/** Trains; checked beforehand. */
export class FitRun {
  readonly #target: FitTarget;
  readonly #options: CheckedLayerFitOptions;
  readonly #turns = new Turns();
  readonly #history = new History();
  #rowsDone = 0;

  constructor(target: FitTarget, options: CheckedLayerFitOptions) {
    this.#target = target;
    this.#options = options;
  }

  async run(): Promise<History> {
    const { epochs, initialEpoch, callbacks, validation } = this.#options;
    const names = logNames(this.#target.compiled);
    const all =
      validation === undefined ? names : [...names, ...names.map((name) => `val_${name}`)];
    this.#target.stopTraining = false;
    for (const callback of callbacks) {
      await callback.onTrainBegin?.(this.#target, { epochs, logNames: all });
    }
    for (let epoch = initialEpoch; epoch < epochs && !this.#target.stopTraining; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch);
      const logs = await this.#epoch(epoch);
      this.#history.add(epoch, logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, { ...logs });
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(this.#history);
    return this.#history;
  }

  async #epoch(epoch: number): Promise<Logs> {
    const { training, epochs, progress } = this.#options;
    const display = startProgress({
      total: training.rows,
      label: `epoch ${epoch + 1}/${epochs}`,
      enabled: progress,
    });
    try {
      const logs = await this.#train(epoch, display);
      return { ...logs, ...(await this.#validate()) };
    } finally {
      display.stop();
    }
  }

  async #train(epoch: number, display: Progress): Promise<Logs> {
    const { training, batchSize, shuffle, callbacks } = this.#options;
    const { stepper, compiled, seed } = this.#target;
    const began = this.#target.beginEpoch();
    const order = shuffle ? shuffledIndices(training.rows, deriveSeed(seed, began)) : undefined;
    const tally = new Tally(compiled);
    for (let start = 0, batch = 0; start < training.rows; start += batchSize, batch++) {
      this.#throwIfAborted();
      const end = Math.min(start + batchSize, training.rows);
      const rows =
        order === undefined
          ? slice(training, start, end)
          : gather(training, order.subarray(start, end));
      stepper.train(rows, compiled, tally);
      this.#rowsDone += rows.rows;
      const logs = tally.logs();
      this.#tell(epoch, batch + 1, end, logs, display);
      for (const callback of callbacks) await callback.onBatchEnd?.(batch, { ...logs });
      await this.#turns.pause();
      if (this.#target.stopTraining) break;
    }
    return tally.logs();
  }

  async #validate(): Promise<Logs> {
    const { validation, batchSize } = this.#options;
    if (validation === undefined) return {};
    const { stepper, compiled } = this.#target;
    const batches = evaluateBatches(stepper, compiled, validation, batchSize);
    for (;;) {
      const { done, value } = batches.next();
      if (done === true) {
        return Object.fromEntries(Object.entries(value).map(([name, x]) => [`val_${name}`, x]));
      }
      this.#throwIfAborted();
      await this.#turns.pause();
    }
  }

  #tell(epoch: number, batch: number, rows: number, logs: Logs, display: Progress): void {
    const { epochs, batchSize, training, onProgress, progress } = this.#options;
    if (progress) {
      const figures = Object.entries(logs).map(([name, x]) => [name, x.toFixed(4)]);
      display.update(rows, Object.fromEntries(figures));
    }
    const batches = Math.ceil(training.rows / batchSize);
    const totalRows = training.rows;
    onProgress?.({ epoch, epochs, batch, batches, rows, totalRows, logs: { ...logs } });
  }

  #throwIfAborted(): void {
    const { signal } = this.#options;
    if (signal?.aborted !== true) return;
    throw new GlnAbortError(
      `fit: stopped by its signal after ${this.#rowsDone} rows`,
      this.#rowsDone,
      { cause: signal.reason },
    );
  }
}
