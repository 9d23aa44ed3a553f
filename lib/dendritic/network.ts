/**
 * The dendritic gated network that predicts classes, as users see it.
 */
import type { AsyncOptions, OwnCall } from '../async';
import { checkKeys } from '../calls';
import type { Classifier, Labels, LearnOptions, PredictOptions, Rows } from '../classifier';
import {
  type ClassifierArrays,
  type ClassifierResults,
  checkClassifierCall,
  deliverResults,
  ownResults,
  resultsOf,
} from '../classifier-calls';
import { OnlineModel } from '../online-model';
import { ownLabels, ownOptions, ownRows } from '../own-arrays';
import type { LayerParameters, LayerParametersInput } from '../parameters';
import { badLabel, requireLabels } from '../rows';
import type { DendriticRows } from './engine';
import { DendriticInside } from './inside';
import {
  type DendriticOptions,
  type ResolvedDendriticOptions,
  resolveDendriticOptions,
} from './options';
import {
  type DendriticKind,
  type DendriticLoadOptions,
  dendritesOfBytes,
  type LoadedDendrites,
  loadDendrites,
} from './saving';

const KIND: DendriticKind<ResolvedDendriticOptions> = {
  name: 'DendriticGatedNetwork',
  resolve: resolveDendriticOptions,
};
const CALL_KEYS = new Set(['returnProbs', 'out', 'outClasses', 'weights']);

/** Options of a call that predicts: those of other classifiers, but for side information. */
export type DendriticPredictOptions = Omit<PredictOptions, 'sideInfo'>;
/** Options of a call that learns. */
export type DendriticLearnOptions = Omit<LearnOptions, 'sideInfo'>;

type CallOptions = DendriticLearnOptions;

/**
 * A dendritic gated network (Sezener et al., "A rapid and efficient learning rule for
 * biological neural circuits", 2021) that predicts classes: binary, or one-vs-all over
 * `numClasses` of them.
 *
 * Every neuron has branches, each with a random halfspace and a weight row. A row
 * opens the branches whose halfspace it lies in; the neuron mixes its inputs with the
 * sum of their weight rows, and each of these learns from the neuron's own
 * logarithmic loss.
 *
 * ```ts
 * const model = new DendriticGatedNetwork({ inputSize: 30, learningRate: 1e-3, seed: 1 });
 * model.learn(rows, labels);
 * const classes = model.predict(rows);
 * ```
 */
export class DendriticGatedNetwork extends OnlineModel implements Classifier {
  readonly #inside: DendriticInside<ResolvedDendriticOptions, ClassifierResults>;

  /**
   * Makes a network with random halfspaces and weights of 0.
   *
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: DendriticOptions) {
    const inside = new DendriticInside<ResolvedDendriticOptions, ClassifierResults>(KIND, options);
    super(inside.parts, inside.extra);
    this.#inside = inside;
  }

  /**
   * A network with given weights and halfspaces.
   *
   * @param layers one entry for each of `layerSizes` and one for the last layer; arrays
   *   flat or nested, shapes as {@link parameters} gives them.
   * @throws GlnError as the constructor, and `ERR_GLN_SHAPE`, `ERR_GLN_TYPE` or
   *   `ERR_GLN_VALUE` for the parameters.
   */
  static fromParameters(
    options: DendriticOptions,
    layers: readonly LayerParametersInput[],
  ): DendriticGatedNetwork {
    const model = new DendriticGatedNetwork(options);
    model.#inside.engine.setParameters(layers);
    return model;
  }

  /**
   * The model of a file that {@link save} wrote. It continues exactly where that one
   * stopped: the same calls give the same bits.
   *
   * @throws GlnError `ERR_GLN_FORMAT` for a file that is no whole, undamaged model of
   *   this kind, `ERR_GLN_IO` where it cannot be read, `ERR_GLN_OPTION` where a learning
   *   rate that was a function must be given again, `ERR_GLN_MEMORY`.
   */
  static async load(
    path: string,
    options: DendriticLoadOptions = {},
  ): Promise<DendriticGatedNetwork> {
    return restored(await loadDendrites(KIND, path, options));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: DendriticLoadOptions = {}): DendriticGatedNetwork {
    return restored(dendritesOfBytes(KIND, bytes, options));
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedDendriticOptions> {
    return this.#inside.engine.options;
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
    return this.#inside.engine.networks;
  }

  /**
   * Predicts rows and, given targets, learns them as {@link learn} does.
   *
   * @param input one row or many: `inputSize` values each. A Float32Array is not copied.
   * @param target class numbers, one a row.
   * @returns classes (Uint32Array, one a row), or with `returnProbs` probabilities: a
   *   Float32Array of [rows] for a binary network (of class 1), else of
   *   [rows][numClasses], each class's own network's (they need not sum to 1). The
   *   class is the argmax of the unclamped logits, not of these.
   * @throws GlnError, before anything has changed: `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`,
   *   `ERR_GLN_VALUE`, `ERR_GLN_LABEL`, `ERR_GLN_OPTION`.
   */
  predict(
    input: Rows,
    target?: Labels,
    options?: DendriticPredictOptions & { returnProbs?: false },
  ): Uint32Array;
  predict(
    input: Rows,
    target: Labels | undefined,
    options: DendriticPredictOptions & { returnProbs: true },
  ): Float32Array;
  predict(input: Rows, target?: Labels, options?: CallOptions): ClassifierResults {
    return this.#run(input, target, options);
  }

  /**
   * Learns rows, one after the other in order: w ← clamp(w - η (p - y) h) for the
   * weight rows w of all open branches of every neuron, with h the neuron's inputs as
   * logits and p its prediction, unless p is within ε of y before it is clipped. A
   * row's weight is a factor of its η; a row of weight 0 changes nothing.
   *
   * @returns the predictions from before each row's update, as {@link predict}.
   * @throws GlnError as {@link predict}.
   */
  learn(
    input: Rows,
    target: Labels,
    options?: DendriticLearnOptions & { returnProbs?: false },
  ): Uint32Array;
  learn(
    input: Rows,
    target: Labels,
    options: DendriticLearnOptions & { returnProbs: true },
  ): Float32Array;
  learn(input: Rows, target: Labels, options?: CallOptions): ClassifierResults {
    return this.#run(input, requireLabels(target), options);
  }

  /**
   * {@link learn} on a thread of the addon, so that the event loop goes on; what it
   * promises, and how it is stopped, is in docs/async.md.
   *
   * @returns a promise of what {@link learn} returns: the same bits.
   * @throws GlnError as {@link learn}, by rejecting; GlnAbortError.
   */
  learnAsync(
    input: Rows,
    target: Labels,
    options?: DendriticLearnOptions & AsyncOptions & { returnProbs?: false },
  ): Promise<Uint32Array>;
  learnAsync(
    input: Rows,
    target: Labels,
    options: DendriticLearnOptions & AsyncOptions & { returnProbs: true },
  ): Promise<Float32Array>;
  async learnAsync(
    input: Rows,
    target: Labels,
    options?: CallOptions & AsyncOptions,
  ): Promise<ClassifierResults> {
    return this.#inside.calls.make('learnAsync', options, (given) =>
      this.#ownCall(input, requireLabels(target), given),
    );
  }

  /**
   * {@link predict} on a thread of the addon: all rows from one state of the model.
   *
   * @throws GlnError as {@link predict}, by rejecting; GlnAbortError.
   */
  predictAsync(
    input: Rows,
    options?: DendriticPredictOptions & AsyncOptions & { returnProbs?: false },
  ): Promise<Uint32Array>;
  predictAsync(
    input: Rows,
    options: DendriticPredictOptions & AsyncOptions & { returnProbs: true },
  ): Promise<Float32Array>;
  async predictAsync(
    input: Rows,
    options?: CallOptions & AsyncOptions,
  ): Promise<ClassifierResults> {
    return this.#inside.calls.make('predictAsync', options, (given) =>
      this.#ownCall(input, undefined, given),
    );
  }

  /**
   * Copies of all weights and halfspaces, layer by layer, the last one included:
   * `weights` [networks][neurons][branches][inputs], the bias last; `hyperplanes` v
   * [networks][neurons][branches][values a row] and `hyperplaneBias` b
   * [networks][neurons][branches]: a branch is open where v · x > b.
   */
  parameters(): LayerParameters[] {
    return this.#inside.engine.parameters();
  }

  #run(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): ClassifierResults {
    const call = this.#check(input, target, options);
    const bad = this.#inside.engine.run({ ...call, predictions: call.probabilities });
    if (bad >= 0) throw badLabel('target', bad, this.numClasses, call.targets?.[bad]);
    return resultsOf(call);
  }

  #check(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): DendriticRows & ClassifierArrays {
    if (options !== undefined) checkKeys(options, CALL_KEYS);
    const sizes = { numClasses: this.numClasses, networks: this.numNetworks };
    return checkClassifierCall(sizes, () => this.#inside.engine.rows(input), target, options);
  }

  #ownCall(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): OwnCall<ClassifierResults> {
    const checked = this.#check(ownRows(input), ownLabels(target), ownOptions(options));
    const call = ownResults(checked, this.numClasses);
    return this.#inside.engine.ownCall({ ...call, predictions: call.probabilities }, (rows) =>
      deliverResults(call, options, rows),
    );
  }
}

function restored(loaded: LoadedDendrites<ResolvedDendriticOptions>): DendriticGatedNetwork {
  return new DendriticGatedNetwork(loaded as unknown as DendriticOptions);
}
