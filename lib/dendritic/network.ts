/**
 * The dendritic gated network that predicts classes, as users see it.
 */
import { AsyncCalls, type AsyncOptions, type OwnCall } from '../async';
import { checkFlag, checkKeys, classesArray, outputArray } from '../calls';
import type { Classifier, Labels, LearnOptions, PredictOptions, Rows } from '../classifier';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { OnlineModel } from '../online-model';
import { ownLabels, ownRows, ownWeights, writeResults } from '../own-arrays';
import type { LayerParameters, LayerParametersInput } from '../parameters';
import { toWeights } from '../row-rates';
import { badLabel, firstBadTarget, requireLabels, toTargets } from '../rows';
import { type DendriticCall, DendriticEngine } from './engine';
import {
  type DendriticOptions,
  type ResolvedDendriticOptions,
  resolveDendriticOptions,
} from './options';
import {
  checkedDendriticLoad,
  type DendriticLoadOptions,
  decodeDendrites,
  encodeDendrites,
  LoadedDendrites,
} from './saving';

const MODEL = 'DendriticGatedNetwork';
const CALL_KEYS = new Set(['returnProbs', 'out', 'outClasses', 'weights']);

type Results = Uint32Array | Float32Array;

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
  readonly #engine: DendriticEngine<ResolvedDendriticOptions>;
  readonly #async: AsyncCalls<Results>;

  /**
   * Makes a network with random halfspaces and weights of 0.
   *
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: DendriticOptions) {
    const given: unknown = options;
    // Loading hands over what it made; callers have no such thing.
    const { engine, extra } =
      given instanceof LoadedDendrites
        ? (given as LoadedDendrites<ResolvedDendriticOptions>)
        : new LoadedDendrites(new DendriticEngine(resolveDendriticOptions(options)), undefined);
    const calls = new AsyncCalls<Results>();
    super(
      {
        native: engine.native,
        encode: (beside) => encodeDendrites(MODEL, engine, beside),
        idle: () => calls.idle(),
      },
      extra,
    );
    this.#engine = engine;
    this.#async = calls;
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
    model.#engine.setParameters(layers);
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
    const given = checkedDendriticLoad(options);
    const file = await readTensorFile(path);
    return restored(decodeDendrites(MODEL, file, given, resolveDendriticOptions));
  }

  /** The model of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: DendriticLoadOptions = {}): DendriticGatedNetwork {
    const given = checkedDendriticLoad(options);
    return restored(decodeDendrites(MODEL, decodeTensors(bytes), given, resolveDendriticOptions));
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedDendriticOptions> {
    return this.#engine.options;
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
    return this.#engine.networks;
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
  predict(input: Rows, target?: Labels, options?: CallOptions): Results {
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
  learn(input: Rows, target: Labels, options?: CallOptions): Results {
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
  ): Promise<Results> {
    return this.#async.make('learnAsync', options, (given) =>
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
  async predictAsync(input: Rows, options?: CallOptions & AsyncOptions): Promise<Results> {
    return this.#async.make('predictAsync', options, (given) =>
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
    return this.#engine.parameters();
  }

  #run(input: Rows, target: Labels | undefined, options: CallOptions | undefined): Results {
    const call = this.#check(input, target, options);
    const bad = this.#engine.run(call);
    if (bad >= 0) throw badLabel('target', bad, this.numClasses, call.targets?.[bad]);
    return (call.predictions ?? call.classes) as Results;
  }

  #check(input: Rows, target: Labels | undefined, options: CallOptions | undefined): DendriticCall {
    if (options !== undefined) checkKeys(options, CALL_KEYS);
    const { returnProbs, out, outClasses, weights } = options ?? {};
    const probabilities = checkFlag('returnProbs', returnProbs);
    const { data, count } = this.#engine.rows(input);
    const targets = target === undefined ? null : toTargets(target, count, this.numClasses);
    const rowWeights = toWeights(weights, count, targets !== null);
    const width = probabilities ? this.numNetworks : 1;
    const result = outputArray(out, probabilities, count * width);
    const chosen = classesArray(outClasses, probabilities, count);
    return {
      ...{ input: data, count, targets, weights: rowWeights },
      classes: probabilities ? chosen : (result as Uint32Array),
      predictions: probabilities ? (result as Float32Array) : null,
    };
  }

  #ownCall(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): OwnCall<Results> {
    const weights = options?.weights;
    const own = weights === undefined ? options : { ...options, weights: ownWeights(weights) };
    const checked = this.#check(ownRows(input), ownLabels(target), own);
    const { targets, count } = checked;
    const bad = targets === null ? -1 : firstBadTarget(targets, this.numClasses);
    if (bad >= 0) throw badLabel('target', bad, this.numClasses, targets?.[bad]);
    // What the caller wants them in is only written to at the end.
    const classes = checked.classes && new Uint32Array(checked.classes.length);
    const predictions = checked.predictions && new Float32Array(checked.predictions.length);
    return this.#engine.ownCall({ ...checked, classes, predictions }, (rows) => {
      const results = (predictions ?? classes) as Results;
      if (predictions !== null && classes !== null && options?.outClasses !== undefined) {
        writeResults('outClasses', classes, options.outClasses, rows);
      }
      if (options?.out === undefined) return results;
      writeResults('out', results, options.out, (rows * results.length) / count);
      return options.out;
    });
  }
}

function restored(loaded: LoadedDendrites<ResolvedDendriticOptions>): DendriticGatedNetwork {
  return new DendriticGatedNetwork(loaded as unknown as DendriticOptions);
}
