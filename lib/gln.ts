/**
 * The Gated Linear Network as users see it; `network.ts` does the calls.
 */
import type { NativeLayer } from '../types/addon';
import { AsyncCalls, type AsyncOptions } from './async';
import { ownCall } from './async-network';
import { native } from './calls';
import type { Classifier, Labels, LearnOptions, PredictOptions, Rows } from './classifier';
import { describe, GlnError } from './errors';
import { type ExplainOptions, type Explanation, explain } from './explain';
import { decodeTensors, readTensorFile } from './format/tensor-file';
import { contexts, type InspectOptions, layerPredictions } from './inspect';
import { importPyGLN, type PyGLNOptions } from './interchange/pygln';
import { mergeModels } from './merging/merge';
import { Network } from './network';
import { OnlineModel } from './online-model';
import { type GLNOptions, type ResolvedOptions, resolveOptions } from './options';
import { type LayerParameters, type LayerParametersInput, toNativeLayers } from './parameters';
import { type PresetName, type PresetOptions, presetOptions } from './presets';
import { requireLabels } from './rows';
import { decodeModel, encodeModel, LoadedModel } from './saving/model';
import { checkedLoadOptions, type LoadOptions } from './saving/options';
import { fitModel } from './streams/fit';
import { LearnStream, type LearnStreamOptions } from './streams/learn-stream';
import type { FitOptions } from './streams/options';
import type { FitReport } from './streams/report';
import type { FitSource } from './streams/sources';
import { classStream } from './streams/stream-model';

/** Weight rows that were never learned keep 1 / inputs, whatever the clipping. */
const LARGEST_INITIAL_WEIGHT = 1;

/**
 * A Bernoulli Gated Linear Network (Veness et al., arXiv 1910.01526): binary, or
 * one-vs-all over `numClasses` classes.
 *
 * Every neuron predicts the target itself and learns from its own logarithmic
 * loss, the moment the label arrives; there is no backpropagation.
 *
 * ```ts
 * const model = new GLN({ inputSize: 784, layerSizes: [16, 16], numClasses: 10, seed: 1 });
 * model.learn(rows, labels);
 * const classes = model.predict(rows);
 * ```
 */
export class GLN extends OnlineModel implements Classifier {
  readonly #network: Network;
  readonly #async: AsyncCalls<Uint32Array | Float32Array>;

  /**
   * Makes a network with random hyperplanes and constant weights.
   *
   * @param options what shapes it; a model stands for its options.
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: GLNOptions | GLN) {
    const given: unknown = options instanceof GLN ? options.options : options;
    // Loading hands over what it made; callers have no such thing.
    const { network, extra } =
      given instanceof LoadedModel
        ? given
        : new LoadedModel(new Network(resolveOptions(given as GLNOptions)), undefined);
    const calls = new AsyncCalls<Uint32Array | Float32Array>();
    super(
      {
        native: network.native,
        encode: (beside) => encodeModel(network, beside),
        idle: () => calls.idle(),
      },
      extra,
    );
    this.#network = network;
    this.#async = calls;
  }

  /**
   * A model with settings that need no tuning: `tabular`, `mnist` or `mnist-online`
   * (docs/accuracy.md).
   *
   * @param options `inputSize`, `numClasses`, what the preset needs besides, and any
   *   option of a model, which overrides the preset's.
   * @throws GlnError as {@link presetOptions} and the constructor.
   */
  static preset<Name extends PresetName>(name: Name, options: PresetOptions<Name>): GLN {
    return new GLN(presetOptions(name, options));
  }

  /**
   * A network with given weights and hyperplanes instead of random ones.
   *
   * @param layers one entry for each of `layerSizes` and one for the last layer;
   *   arrays flat or nested, shapes as in {@link LayerParameters}.
   * @throws GlnError as the constructor, and `ERR_GLN_SHAPE`, `ERR_GLN_TYPE` or
   *   `ERR_GLN_VALUE` for the parameters.
   */
  static fromParameters(options: GLNOptions, layers: readonly LayerParametersInput[]): GLN {
    const model = new GLN(options);
    if (model.options.gating !== 'dense') {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `gating: expected 'dense' where hyperplanes are given, got ${describe(model.options.gating)}`,
      );
    }
    const checked = toNativeLayers(
      layers,
      model.#network.shapes.layerLengths(),
      Math.max(Math.fround(model.options.weightClipping), LARGEST_INITIAL_WEIGHT),
    );
    checked.forEach((layer, i) => {
      native(() => model.#network.native.setLayer(i, layer));
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
  static async load(path: string, options: LoadOptions = {}): Promise<GLN> {
    const given = checkedLoadOptions(options);
    return GLN.#restored(decodeModel(await readTensorFile(path), given));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: LoadOptions = {}): GLN {
    const given = checkedLoadOptions(options);
    return GLN.#restored(decodeModel(decodeTensors(bytes), given));
  }

  /**
   * A model from the arrays of a model of PyGLN's NumPy backend (docs/format.md says
   * under which names they are expected).
   *
   * @param source the path of an `.npz` file, or its bytes
   * @throws GlnError `ERR_GLN_IO`, `ERR_GLN_FORMAT`, `ERR_GLN_OPTION`, `ERR_GLN_TYPE`,
   *   `ERR_GLN_MEMORY`
   */
  static fromPyGLN(source: string | Uint8Array, options: PyGLNOptions = {}): Promise<GLN> {
    return importPyGLN(source, options, GLN.fromParameters);
  }

  /**
   * One model out of several that share their gates: the mean of their weights, the
   * base of training on several machines (docs/merging.md).
   *
   * @param models alike in `seed` and in all options but those of learning.
   * @param weights how much each model counts; default as many as the rows it learned.
   * @returns a new model, which has seen the rows of all.
   * @throws GlnError `ERR_GLN_OPTION` for models that differ, `ERR_GLN_TYPE`,
   *   `ERR_GLN_SHAPE`, `ERR_GLN_VALUE`, `ERR_GLN_DISPOSED`, `ERR_GLN_MEMORY`.
   */
  static merge(models: readonly GLN[], weights?: readonly number[]): GLN {
    const networkOf = (model: unknown) =>
      model instanceof GLN && #network in model ? model.#network : undefined;
    return GLN.#restored(mergeModels(models, networkOf, weights));
  }

  static #restored(loaded: LoadedModel): GLN {
    return new GLN(loaded as unknown as GLNOptions);
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedOptions> {
    return this.#network.options;
  }

  /** Values a row. */
  get inputSize(): number {
    return this.options.inputSize;
  }

  /** Classes; 2 for a binary network. */
  get numClasses(): number {
    return this.options.numClasses;
  }

  /** Binary networks inside: 1, or one for each of more than two classes. */
  get numNetworks(): number {
    return this.#network.shapes.networks;
  }

  /**
   * Predicts rows and, given targets, learns them as {@link learn} does
   * (PyGLN's form). Returns the predictions from before the update.
   *
   * @param input one row or many: `inputSize` values each. A Float32Array is not copied.
   * @param target class numbers, one a row.
   * @returns classes (Uint32Array, one a row), or with `returnProbs` probabilities:
   *   a Float32Array of [rows] for a binary network (of class 1), else of
   *   [rows][numClasses], each class's own network's probability (they need not
   *   sum to 1). The class is the argmax of the unclamped logits, not of these.
   * @throws GlnError, before anything has changed: `ERR_GLN_SHAPE`,
   *   `ERR_GLN_TYPE`, `ERR_GLN_VALUE` (NaN or infinite input), `ERR_GLN_LABEL`.
   */
  predict(
    input: Rows,
    target?: Labels,
    options?: PredictOptions & { returnProbs?: false },
  ): Uint32Array;
  predict(
    input: Rows,
    target: Labels | undefined,
    options: PredictOptions & { returnProbs: true },
  ): Float32Array;
  predict(
    input: Rows,
    target?: Labels,
    options?: PredictOptions & { returnProbs?: boolean },
  ): Uint32Array | Float32Array {
    return this.#network.run(input, target, options);
  }

  /**
   * Learns rows, one after the other in order (or together, with `updateMode:
   * 'batch'`): w ← clamp(w - η (σ(w·l) - y) l) for the active weight row of every
   * neuron (arXiv 1910.01526, algorithm 1). A row's weight is a factor of its η; a
   * row with weight 0 changes nothing, and is not counted as seen.
   *
   * @param input one row or many, as for {@link predict}.
   * @param target one class number a row: 0 to numClasses - 1.
   * @returns the predictions from before each row's update, as {@link predict}.
   * @throws GlnError as {@link predict}; `ERR_GLN_MEMORY` when memory for weight
   *   rows is refused: `rowsSeen` tells how many rows were learned.
   */
  learn(input: Rows, target: Labels, options?: LearnOptions & { returnProbs?: false }): Uint32Array;
  learn(input: Rows, target: Labels, options: LearnOptions & { returnProbs: true }): Float32Array;
  learn(
    input: Rows,
    target: Labels,
    options?: LearnOptions & { returnProbs?: boolean },
  ): Uint32Array | Float32Array {
    return this.#network.run(input, requireLabels(target), options);
  }

  /**
   * {@link learn} on a thread of the addon, so that the event loop goes on. Learning
   * calls follow each other in the order of the calls. Meanwhile everything that
   * only looks at the model is answered from the last finished block of rows, and
   * what would change it throws `ERR_GLN_BUSY`.
   *
   * The arrays are copied when the call is made. `out` and `outClasses` are written
   * at the end.
   *
   * @returns a promise of what {@link learn} returns: the same bits.
   * @throws GlnError as {@link learn}, by rejecting; GlnAbortError once `signal`
   *   stops the call: `rowsDone` tells how many of its rows were learned, none in
   *   batch mode, and `out` has their predictions.
   */
  learnAsync(
    input: Rows,
    target: Labels,
    options?: LearnOptions & AsyncOptions & { returnProbs?: false },
  ): Promise<Uint32Array>;
  learnAsync(
    input: Rows,
    target: Labels,
    options: LearnOptions & AsyncOptions & { returnProbs: true },
  ): Promise<Float32Array>;
  async learnAsync(
    input: Rows,
    target: Labels,
    options?: LearnOptions & AsyncOptions & { returnProbs?: boolean },
  ): Promise<Uint32Array | Float32Array> {
    return this.#async.make('learnAsync', options, (given) =>
      ownCall(this.#network, input, requireLabels(target), given),
    );
  }

  /**
   * {@link predict} on a thread of the addon. All rows are answered from one state of
   * the model: where it learns, that after a block of rows. What calls before this
   * one have learned is in it only if they were waited for; what calls after it
   * learn never is.
   *
   * @throws GlnError as {@link predict}, by rejecting; GlnAbortError.
   */
  predictAsync(
    input: Rows,
    options?: PredictOptions & AsyncOptions & { returnProbs?: false },
  ): Promise<Uint32Array>;
  predictAsync(
    input: Rows,
    options: PredictOptions & AsyncOptions & { returnProbs: true },
  ): Promise<Float32Array>;
  async predictAsync(
    input: Rows,
    options?: PredictOptions & AsyncOptions & { returnProbs?: boolean },
  ): Promise<Uint32Array | Float32Array> {
    return this.#async.make('predictAsync', options, (given) =>
      ownCall(this.#network, input, undefined, given),
    );
  }

  /** Learns from a stream, with checkpoints: {@link FitOptions}. @throws GlnFitError, by rejecting */
  async fit(source: FitSource, options: FitOptions = {}): Promise<FitReport> {
    return fitModel(classStream(this, this.#network), source, options);
  }

  /** A Transform for pipelines: {@link LabelledRecord}s in, {@link LearnedRecord}s out. */
  learnStream(options?: LearnStreamOptions): LearnStream {
    return new LearnStream(classStream(this, this.#network), options);
  }

  /**
   * Every neuron's prediction for one row: layer by layer, the last of one
   * neuron included (its own, with averaging too), [networks][neurons] in each.
   *
   * @returns probabilities, or logits (clamped to ± ln((1 - ε) / ε)) with `logits`.
   */
  layerPredictions(row: Rows, options: InspectOptions = {}): Float32Array[] {
    return layerPredictions(this.#network, row, options);
  }

  /**
   * The context that one row falls in, for every neuron: layer by layer,
   * [networks][neurons] in each. Bit i is worth 2^i and says v_i · z > b_i.
   */
  contexts(row: Rows, options: InspectOptions = {}): Uint32Array[] {
    return contexts(this.#network, row, options);
  }

  /**
   * What one row's prediction is made of: with its gates fixed, a GLN is linear in
   * its base logits, so its weights collapse into one vector, exactly.
   *
   * @param row one row, as for {@link predict}.
   * @returns the class's logit as `bias` + Σ `contributions`.
   * @throws GlnError as {@link predict}; `ERR_GLN_LABEL` where `target` is no class.
   */
  explain(row: Rows, options: ExplainOptions = {}): Explanation {
    return this.#network.still(() => explain(this.#network, row, options));
  }

  /** Copies of all weights and hyperplanes, layer by layer, the last one included. */
  parameters(): LayerParameters[] {
    const { native } = this.#network;
    return this.#network.still(() =>
      this.#network.shapes.neuronCounts().map((_, i): NativeLayer => native.getLayer(i)),
    );
  }
}
