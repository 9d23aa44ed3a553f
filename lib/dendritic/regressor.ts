/**
 * The dendritic gated network that predicts real numbers, as users see it.
 */
import type { AsyncOptions, OwnCall } from '../async';
import { checkKeys } from '../calls';
import type { Rows, Weights } from '../classifier';
import { OnlineModel } from '../online-model';
import { ownOptions, ownRows, writeResults } from '../own-arrays';
import type { LayerParameters, LayerParametersInput } from '../parameters';
import { realArray, requireTargets, toRealTargets } from '../real-targets';
import type { RealTargets } from '../regressor';
import { toWeights } from '../row-rates';
import { unfit } from '../rows';
import { fitModel } from '../streams/fit';
import { LearnStream, type LearnStreamOptions } from '../streams/learn-stream';
import type { FitOptions } from '../streams/options';
import type { FitReport } from '../streams/report';
import type { FitSource } from '../streams/sources';
import { meanStream, type StreamModel } from '../streams/stream-model';
import type { DendriticCall } from './engine';
import { DendriticInside } from './inside';
import {
  type DendriticRegressorOptions,
  type ResolvedDendriticRegressorOptions,
  resolveRegressorOptions,
} from './options';
import {
  type DendriticKind,
  type DendriticLoadOptions,
  dendritesOfBytes,
  type LoadedDendrites,
  loadDendrites,
} from './saving';

const KIND: DendriticKind<ResolvedDendriticRegressorOptions> = {
  name: 'DendriticGatedRegressor',
  resolve: resolveRegressorOptions,
};
const CALL_KEYS = new Set(['out', 'weights']);
/** Largest magnitude of a target: what is computed from it stays finite. */
const LARGEST_TARGET = 1e15;

/** Options of a regressor's call that predicts. */
export interface DendriticRegressorPredictOptions {
  /** Where the result is written, instead of into a new array. */
  out?: Float64Array;
}

/** Options of a regressor's call that learns. */
export interface DendriticRegressorLearnOptions extends DendriticRegressorPredictOptions {
  /** How much each row counts; default 1. A row of weight 0 is only predicted. */
  weights?: Weights;
}

/**
 * A dendritic gated network (Sezener et al., 2021) that predicts real numbers: the same
 * neurons as {@link DendriticGatedNetwork}'s, on the values themselves instead of
 * logits, each learning from its own squared error.
 *
 * ```ts
 * const model = new DendriticGatedRegressor({
 *   inputSize: 8,
 *   learningRate: 1e-3,
 *   preprocessing: [{ type: 'standardize' }],
 *   standardizeTargets: true,
 * });
 * model.learn(rows, prices);
 * const predicted = model.predict(rows);
 * ```
 */
export class DendriticGatedRegressor extends OnlineModel {
  readonly #inside: DendriticInside<ResolvedDendriticRegressorOptions, Float64Array>;

  /**
   * Makes a network with random halfspaces and weights of 0.
   *
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: DendriticRegressorOptions) {
    const inside = new DendriticInside<ResolvedDendriticRegressorOptions, Float64Array>(
      KIND,
      options,
    );
    super(inside.parts, inside.extra);
    this.#inside = inside;
  }

  /** A network with given weights and halfspaces: {@link DendriticGatedNetwork.fromParameters}. */
  static fromParameters(
    options: DendriticRegressorOptions,
    layers: readonly LayerParametersInput[],
  ): DendriticGatedRegressor {
    const model = new DendriticGatedRegressor(options);
    model.#inside.engine.setParameters(layers);
    return model;
  }

  /**
   * The model of a file that {@link save} wrote. It continues exactly where that one
   * stopped: the same calls give the same bits.
   *
   * @throws GlnError as {@link DendriticGatedNetwork.load}.
   */
  static async load(
    path: string,
    options: DendriticLoadOptions = {},
  ): Promise<DendriticGatedRegressor> {
    return restored(await loadDendrites(KIND, path, options));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(
    bytes: Uint8Array,
    options: DendriticLoadOptions = {},
  ): DendriticGatedRegressor {
    return restored(dendritesOfBytes(KIND, bytes, options));
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedDendriticRegressorOptions> {
    return this.#inside.engine.options;
  }

  /** Values a row. */
  get inputSize(): number {
    return this.options.inputSize;
  }

  /**
   * Predicts rows.
   *
   * @param input one row or many: `inputSize` values each. A Float32Array is not copied.
   * @returns one number a row, in the units of the targets.
   * @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`, `ERR_GLN_VALUE`, `ERR_GLN_OPTION`.
   */
  predict(input: Rows, options?: DendriticRegressorPredictOptions): Float64Array {
    return this.#run(this.#check(input, undefined, options));
  }

  /**
   * Learns rows, one after the other in order: w ← clamp(w - η (r - y) x) for the
   * weight rows w of all open branches of every neuron, with x its inputs and r its
   * output. A row's weight is a factor of its η; a row of weight 0 changes nothing.
   *
   * @param target numbers within ± 10^15, one a row.
   * @returns the predictions from before each row's update, as {@link predict}.
   * @throws GlnError as {@link predict}, before anything has changed.
   */
  learn(input: Rows, target: RealTargets, options?: DendriticRegressorLearnOptions): Float64Array {
    return this.#run(this.#check(input, requireTargets(target), options));
  }

  /**
   * {@link learn} on a thread of the addon, so that the event loop goes on; what it
   * promises, and how it is stopped, is in docs/async.md.
   *
   * @throws GlnError as {@link learn}, by rejecting; GlnAbortError.
   */
  async learnAsync(
    input: Rows,
    target: RealTargets,
    options?: DendriticRegressorLearnOptions & AsyncOptions,
  ): Promise<Float64Array> {
    return this.#inside.calls.make('learnAsync', options, (given) =>
      this.#ownCall(input, requireTargets(target), given),
    );
  }

  /** {@link predict} on a thread of the addon: all rows from one state of the model. */
  async predictAsync(
    input: Rows,
    options?: DendriticRegressorPredictOptions & AsyncOptions,
  ): Promise<Float64Array> {
    return this.#inside.calls.make('predictAsync', options, (given) =>
      this.#ownCall(input, undefined, given),
    );
  }

  /**
   * Learns from a stream, with progress, metrics and checkpoints (docs/streaming.md), as
   * `GLN.fit` does.
   *
   * @throws GlnFitError, by rejecting
   */
  async fit(
    source: FitSource<'numbers'>,
    options: FitOptions<'numbers'> = {},
  ): Promise<FitReport<'numbers'>> {
    return fitModel(this.#stream(), source, options);
  }

  /** A Transform for pipelines: {@link NumberRecord}s in, {@link LearnedNumber}s out. */
  learnStream(options?: LearnStreamOptions): LearnStream<'numbers'> {
    return new LearnStream(this.#stream(), options);
  }

  #stream(): StreamModel<'numbers'> {
    return meanStream(this, this.inputSize, this.#inside.engine.rule, LARGEST_TARGET);
  }

  /** Copies of all weights and halfspaces: {@link DendriticGatedNetwork.parameters}. */
  parameters(): LayerParameters[] {
    return this.#inside.engine.parameters();
  }

  #run(call: DendriticCall): Float64Array {
    const bad = this.#inside.engine.run(call);
    if (bad >= 0) throw unfit('target', call.targets?.[bad], LARGEST_TARGET, `at ${bad}`);
    return call.predictions as Float64Array;
  }

  #check(
    input: Rows,
    target: RealTargets | undefined,
    options: DendriticRegressorLearnOptions | undefined,
  ): DendriticCall {
    if (options !== undefined) checkKeys(options, CALL_KEYS);
    const rows = this.#inside.engine.rows(input);
    const { count } = rows;
    const targets = target === undefined ? null : toRealTargets(target, count, LARGEST_TARGET);
    const weights = toWeights(options?.weights, count, targets !== null);
    const predictions = realArray(options?.out, 'out', count);
    return { ...rows, targets, weights, classes: null, predictions };
  }

  #ownCall(
    input: Rows,
    target: RealTargets | undefined,
    options: DendriticRegressorLearnOptions | undefined,
  ): OwnCall<Float64Array> {
    const checked = this.#check(ownRows(input), target, ownOptions(options));
    // What the caller wants them in is only written to at the end.
    const predictions = new Float64Array(checked.count);
    const targets = checked.targets && new Float64Array(checked.targets);
    return this.#inside.engine.ownCall({ ...checked, targets, predictions }, (rows) => {
      if (options?.out === undefined) return predictions;
      writeResults('out', predictions, options.out, rows);
      return options.out;
    });
  }
}

function restored(
  loaded: LoadedDendrites<ResolvedDendriticRegressorOptions>,
): DendriticGatedRegressor {
  return new DendriticGatedRegressor(loaded as unknown as DendriticRegressorOptions);
}
