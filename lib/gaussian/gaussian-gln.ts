/**
 * The Gaussian Gated Linear Network as users see it; `network.ts` does the calls.
 */
import { AsyncCalls, type AsyncOptions } from '../async';
import { checkKeys, native } from '../calls';
import type { Rows } from '../classifier';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { OnlineModel } from '../online-model';
import { requireTargets } from '../real-targets';
import type {
  RealTargets,
  Regressor,
  RegressorLearnOptions,
  RegressorPredictOptions,
} from '../regressor';
import { checkedRateLoadOptions } from '../saving/options';
import { fitModel } from '../streams/fit';
import { LearnStream, type LearnStreamOptions } from '../streams/learn-stream';
import type { FitOptions } from '../streams/options';
import type { FitReport } from '../streams/report';
import type { FitSource } from '../streams/sources';
import { numberStream, type StreamModel } from '../streams/stream-model';
import { GaussianNetwork, type GaussianPredictions } from './network';
import {
  type GaussianGLNOptions,
  type ResolvedGaussianOptions,
  resolveGaussianOptions,
} from './options';
import {
  type GaussianLayerParameters,
  type GaussianLayerParametersInput,
  toGaussianLayers,
} from './parameters';
import { decodeGaussian, encodeGaussian, type GaussianLoadOptions, LoadedGaussian } from './saving';

const LOOK_KEYS = new Set(['sideInfo']);

/** Options of looks at one row. */
export interface GaussianLookOptions {
  /** What the gates look at; needed when `sideInfoSize` was given. */
  sideInfo?: Rows;
}

/**
 * One row's predicted mean as a linear function of the values that layer 0 mixes, with
 * the row's contexts, the mixture's weights and cut means held fixed: `mean` = `bias` +
 * Σ `contributions`, to rounding.
 */
export interface GaussianExplanation {
  /** What `predict` says, in the target's units. */
  mean: number;
  /**
   * What does not depend on the row's values: bias inputs, cut means and, with
   * `standardize`, the targets' mean.
   */
  bias: number;
  /** One number for each value that layer 0 mixes, [baseSize]. */
  weights: Float64Array;
  /** These values: the row after `preprocessing`, [baseSize]. */
  base: Float64Array;
  /** `weights` times `base`, [baseSize], in the target's units. */
  contributions: Float64Array;
}

/**
 * A Gaussian Gated Linear Network (Budden et al., arXiv 2006.05964): regression, with
 * a variance for every prediction.
 *
 * Every neuron predicts the target's distribution itself, as a weighted product of
 * the normal densities below it, and learns from its own negative log-likelihood the
 * moment the target arrives.
 *
 * ```ts
 * const model = new GaussianGLN({ inputSize: 13, layerSizes: [50, 50], seed: 1 });
 * const before = model.learn(rows, targets); // { means, variances }
 * const { means, variances } = model.predict(rows);
 * ```
 */
export class GaussianGLN extends OnlineModel implements Regressor {
  readonly #network: GaussianNetwork;
  readonly #async: AsyncCalls<GaussianPredictions>;

  /**
   * Makes a network with random hyperplanes and constant weights.
   *
   * @param options what shapes it; a model stands for its options.
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: GaussianGLNOptions | GaussianGLN) {
    const given: unknown = options instanceof GaussianGLN ? options.options : options;
    // Loading hands over what it made; callers have no such thing.
    const { network, extra } =
      given instanceof LoadedGaussian
        ? given
        : new LoadedGaussian(
            new GaussianNetwork(resolveGaussianOptions(given as GaussianGLNOptions)),
            undefined,
          );
    const calls = new AsyncCalls<GaussianPredictions>();
    super(
      {
        native: network.native,
        encode: (beside) => encodeGaussian(network, beside),
        idle: () => calls.idle(),
      },
      extra,
    );
    this.#network = network;
    this.#async = calls;
  }

  /**
   * A network with given weights and hyperplanes instead of random ones.
   *
   * @param layers one entry for each of `layerSizes` and one for the last layer;
   *   arrays flat or nested, shapes as in {@link GaussianLayerParameters}.
   * @throws GlnError as the constructor, and `ERR_GLN_SHAPE`, `ERR_GLN_TYPE` or
   *   `ERR_GLN_VALUE` for the parameters.
   */
  static fromParameters(
    options: GaussianGLNOptions,
    layers: readonly GaussianLayerParametersInput[],
  ): GaussianGLN {
    const model = new GaussianGLN(options);
    const { shapes, options: resolved } = model.#network;
    toGaussianLayers(layers, shapes, 2 ** resolved.contextMapSize).forEach((layer, k) => {
      native(() => model.#network.native.setLayer(k, layer));
    });
    return model;
  }

  /**
   * The model of a file that {@link save} wrote. It continues exactly where that one
   * stopped: the same calls give the same bits.
   *
   * @param path a regular file.
   * @param options what a file cannot hold, or may be given anew.
   * @throws GlnError `ERR_GLN_FORMAT` for a file that is no whole, undamaged model,
   *   `ERR_GLN_IO` where it cannot be read, `ERR_GLN_OPTION` where a function must be
   *   given again, `ERR_GLN_MEMORY`.
   */
  static async load(path: string, options: GaussianLoadOptions = {}): Promise<GaussianGLN> {
    const given = checkedRateLoadOptions(options);
    return GaussianGLN.#restored(decodeGaussian(await readTensorFile(path), given));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: GaussianLoadOptions = {}): GaussianGLN {
    const given = checkedRateLoadOptions(options);
    return GaussianGLN.#restored(decodeGaussian(decodeTensors(bytes), given));
  }

  static #restored(loaded: LoadedGaussian): GaussianGLN {
    return new GaussianGLN(loaded as unknown as GaussianGLNOptions);
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedGaussianOptions> {
    return this.#network.options;
  }

  /** Values a row. */
  get inputSize(): number {
    return this.options.inputSize;
  }

  /**
   * Predicts rows.
   *
   * @param input one row or many: `inputSize` values each. A Float32Array is not copied.
   * @returns a mean and a variance a row, in the target's units. Before the first
   *   target they are those of N(0, 1).
   * @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`, `ERR_GLN_VALUE` (NaN, infinite or
   *   beyond `inputLimit`).
   */
  predict(input: Rows, options?: RegressorPredictOptions): GaussianPredictions {
    return this.#network.run(input, undefined, options);
  }

  /**
   * Learns rows, one after the other in order: w ← w - η ∇ -ln N(y; μ, σ²) for the
   * active weight row of every neuron, through the projection of its weights
   * (arXiv 2006.05964, section 3; docs/regression.md). Any split of rows into calls
   * gives the same bits.
   *
   * @param input one row or many, as for {@link predict}.
   * @param target one finite number a row, within ± `inputLimit`.
   * @returns the predictions from before each row's update, as {@link predict}.
   * @throws GlnError as {@link predict}, before anything has changed; `ERR_GLN_MEMORY`
   *   when memory for weight rows is refused: `rowsSeen` tells how many rows were learned.
   */
  learn(input: Rows, target: RealTargets, options?: RegressorLearnOptions): GaussianPredictions {
    return this.#network.run(input, requireTargets(target), options);
  }

  /**
   * {@link learn} on a thread of the addon, so that the event loop goes on. Learning
   * calls follow each other in the order of the calls; what only looks at the model is
   * answered meanwhile from the last finished block of rows, and what would change it
   * throws `ERR_GLN_BUSY`. The arrays are copied when the call is made; `out` is written
   * at the end.
   *
   * @returns a promise of what {@link learn} returns: the same bits.
   * @throws GlnError as {@link learn}, by rejecting; GlnAbortError once `signal` stops
   *   the call: `rowsDone` tells how many of its rows were learned.
   */
  async learnAsync(
    input: Rows,
    target: RealTargets,
    options?: RegressorLearnOptions & AsyncOptions,
  ): Promise<GaussianPredictions> {
    return this.#async.make('learnAsync', options, (given) =>
      this.#network.own(input, requireTargets(target), given),
    );
  }

  /** {@link predict} on a thread of the addon, from one state of the model. */
  async predictAsync(
    input: Rows,
    options?: RegressorPredictOptions & AsyncOptions,
  ): Promise<GaussianPredictions> {
    return this.#async.make('predictAsync', options, (given) =>
      this.#network.own(input, undefined, given),
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
    const { rows, options } = this.#network;
    const { inputSize, sideInfoSize } = options;
    const { inputRule, sideRule } = rows;
    return numberStream(this, { inputSize, sideInfoSize, inputRule, sideRule });
  }

  /** Every neuron's prediction for one row, in the target's units: layer by layer. */
  layerPredictions(row: Rows, options: GaussianLookOptions = {}): GaussianPredictions[] {
    checkKeys(options, LOOK_KEYS);
    const { base, sideInfo } = this.#network.prepareRow(row, options.sideInfo);
    const counts = this.#network.shapes.map(({ neurons }) => neurons);
    const all = counts.reduce((sum, count) => sum + count, 0);
    const means = new Float64Array(all);
    const variances = new Float64Array(all);
    native(() => this.#network.native.layerPredictions(base, sideInfo, means, variances));
    let end = 0;
    return counts.map((count) => {
      end += count;
      return {
        means: means.slice(end - count, end),
        variances: variances.slice(end - count, end),
      };
    });
  }

  /**
   * What one row's predicted mean is made of: with its contexts fixed all precisions
   * are, and the mean is linear in the values that layer 0 mixes, exactly.
   *
   * @param row one row, as for {@link predict}.
   * @returns the mean as `bias` + Σ `contributions`, in the target's units.
   * @throws GlnError as {@link predict}.
   */
  explain(row: Rows, options: GaussianLookOptions = {}): GaussianExplanation {
    checkKeys(options, LOOK_KEYS);
    const { base, sideInfo } = this.#network.prepareRow(row, options.sideInfo);
    const weights = new Float64Array(this.#network.rows.baseSize);
    const values = new Float64Array(weights.length);
    const found = native(() => this.#network.native.explain(base, sideInfo, weights, values));
    return {
      mean: found.mean,
      bias: found.constant,
      weights,
      base: values,
      contributions: weights.map((weight, i) => weight * values[i]),
    };
  }

  /**
   * The context that one row falls in, for every neuron, layer by layer. Bit i is
   * worth 2^i and says v_i · z > b_i.
   */
  contexts(row: Rows, options: GaussianLookOptions = {}): Uint32Array[] {
    checkKeys(options, LOOK_KEYS);
    const { base, sideInfo } = this.#network.prepareRow(row, options.sideInfo);
    const counts = this.#network.shapes.map(({ neurons }) => neurons);
    const all = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
    native(() => this.#network.native.contexts(base, sideInfo, all));
    let end = 0;
    return counts.map((count) => {
      end += count;
      return all.slice(end - count, end);
    });
  }

  /** Copies of all weights and hyperplanes, layer by layer, the last one included. */
  parameters(): GaussianLayerParameters[] {
    const network = this.#network;
    return network.still(() => network.shapes.map((_, k) => network.native.getLayer(k)));
  }
}
