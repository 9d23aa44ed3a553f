/**
 * The Gated Linear Network: a thin, checked skin over the native one.
 *
 * Everything a caller passes is checked here before native code is asked for
 * anything, so that an error never leaves a half-learned call behind.
 */
import { types } from 'node:util';
import type { NativeLayer, NativeNetwork } from '../types/addon';
import { CustomBase } from './base-predictor';
import { asGlnError, checkFlag, checkKeys, native, outputArray } from './calls';
import type { Classifier, Labels, PredictOptions, Rows } from './classifier';
import { describe, GlnError } from './errors';
import { loadAddon } from './native';
import {
  BASE_PREDICTOR_KINDS,
  checkMemory,
  type GLNOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options';
import {
  type LayerLengths,
  type LayerParameters,
  type LayerParametersInput,
  toNativeLayers,
} from './parameters';
import { badLabel, type NativeRows, toClass, toRows, toSideInfo, toTargets } from './rows';
import { compileLearningRate } from './schedules';

/** Options of {@link GLN.layerPredictions} and {@link GLN.contexts}. */
export interface InspectOptions {
  /** What the gates look at; needed when `sideInfoSize` was given. */
  sideInfo?: Rows;
  /** Logits instead of probabilities. */
  logits?: boolean;
}

const PREDICT_KEYS = new Set(['sideInfo', 'returnProbs', 'out']);
const INSPECT_KEYS = new Set(['sideInfo', 'logits']);

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
export class GLN implements Classifier {
  readonly #native: NativeNetwork;
  readonly #options: Readonly<ResolvedOptions>;
  readonly #rate: number | ((t: number) => number);
  readonly #customBase: CustomBase | undefined;
  readonly #baseSize: number;
  readonly #sideInfoSize: number;
  /** The row and result of single-row calls, which native code knows the addresses of. */
  readonly #boundRow: Float32Array;
  readonly #boundProbabilities: Float32Array;
  /** Whether a single row can go through them: nothing but the row is needed. */
  readonly #bindable: boolean;

  /**
   * Makes a network with random hyperplanes and constant weights.
   *
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where
   *   there is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: GLNOptions) {
    const resolved = resolveOptions(options);
    this.#options = resolved;
    this.#rate = compileLearningRate(resolved.learningRate);
    this.#sideInfoSize = resolved.sideInfoSize ?? resolved.inputSize;
    const base = resolved.basePredictor;
    this.#customBase =
      typeof base === 'function' ? new CustomBase(base, resolved.inputSize) : undefined;
    this.#baseSize = this.#customBase?.size ?? resolved.inputSize;
    checkMemory(resolved, this.#baseSize);
    const addon = loadAddon();
    this.#native = native(
      () =>
        new addon.Network({
          baseSize: this.#baseSize,
          sideInfoSize: this.#sideInfoSize,
          layerSizes: [...resolved.layerSizes, 1],
          networks: this.numNetworks,
          contextMapSize: resolved.contextMapSize,
          bias: resolved.bias,
          contextBias: resolved.contextBias,
          contextBiasScale: resolved.contextBiasScale,
          shareContexts: resolved.shareContexts,
          alwaysChained: resolved.chaining === 'always',
          hadamard: resolved.gating === 'hadamard',
          basePredictor: BASE_PREDICTOR_KINDS[typeof base === 'function' ? 'probabilities' : base],
          predClipping: resolved.predClipping,
          weightClipping: resolved.weightClipping,
          batch: resolved.updateMode === 'batch',
          seed: resolved.seed,
          threads: resolved.threads,
          randomize: true,
        }),
    );
    this.#bindable = this.#customBase === undefined && resolved.sideInfoSize === undefined;
    this.#boundRow = new Float32Array(resolved.inputSize);
    this.#boundProbabilities = new Float32Array(this.numNetworks);
    if (this.#bindable) {
      this.#native.bind(this.#boundRow, this.#boundRow, this.#boundProbabilities);
    }
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
    if (model.#options.gating !== 'dense') {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `gating: expected 'dense' where hyperplanes are given, got ${describe(model.#options.gating)}`,
      );
    }
    const checked = toNativeLayers(layers, model.#layerLengths(), model.#options.weightClipping);
    checked.forEach((layer, i) => {
      native(() => model.#native.setLayer(i, layer));
    });
    return model;
  }

  /** The options, defaults filled in. */
  get options(): Readonly<ResolvedOptions> {
    return this.#options;
  }

  /** Values a row. */
  get inputSize(): number {
    return this.#options.inputSize;
  }

  /** Classes; 2 for a binary network. */
  get numClasses(): number {
    return this.#options.numClasses;
  }

  /** Binary networks inside: 1, or one for each of more than two classes. */
  get numNetworks(): number {
    return this.#options.numClasses > 2 ? this.#options.numClasses : 1;
  }

  /** Rows learned so far: the t of learning-rate schedules. */
  get rowsSeen(): number {
    return native(() => this.#native.rowsSeen);
  }

  /** Bytes of native memory that the network holds; 0 once disposed. */
  get memory(): number {
    return this.#native.memory;
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
    return this.#run(input, target, options);
  }

  /**
   * Learns rows, one after the other in order (or together, with `updateMode:
   * 'batch'`): w ← clamp(w - η (σ(w·l) - y) l) for the active weight row of every
   * neuron (arXiv 1910.01526, algorithm 1).
   *
   * @param input one row or many, as for {@link predict}.
   * @param target one class number a row: 0 to numClasses - 1.
   * @returns the predictions from before each row's update, as {@link predict}.
   * @throws GlnError as {@link predict}; `ERR_GLN_MEMORY` when memory for weight
   *   rows is refused: `rowsSeen` tells how many rows were learned.
   */
  learn(
    input: Rows,
    target: Labels,
    options?: PredictOptions & { returnProbs?: false },
  ): Uint32Array;
  learn(input: Rows, target: Labels, options: PredictOptions & { returnProbs: true }): Float32Array;
  learn(
    input: Rows,
    target: Labels,
    options?: PredictOptions & { returnProbs?: boolean },
  ): Uint32Array | Float32Array {
    if (target === undefined || target === null) {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `target: expected a class number or an array of them, got ${describe(target)}`,
      );
    }
    return this.#run(input, target, options);
  }

  /**
   * Every neuron's prediction for one row: layer by layer, the last of one
   * neuron included, [networks][neurons] in each.
   *
   * @returns probabilities, or logits (clamped to ± ln((1 - ε) / ε)) with `logits`.
   */
  layerPredictions(row: Rows, options: InspectOptions = {}): Float32Array[] {
    const { base, sideInfo } = this.#oneRow(row, options);
    const all = new Float32Array(this.#neuronCounts().reduce((a, b) => a + b, 0));
    native(() => this.#native.layerLogits(base, sideInfo, all));
    if (!checkFlag('logits', options.logits)) loadAddon().kernels.sigmoid(all, all);
    return this.#splitByLayer(all);
  }

  /**
   * The context that one row falls in, for every neuron: layer by layer,
   * [networks][neurons] in each. Bit i is worth 2^i and says v_i · z > b_i.
   */
  contexts(row: Rows, options: InspectOptions = {}): Uint32Array[] {
    const { sideInfo } = this.#oneRow(row, options);
    const all = new Uint32Array(this.#neuronCounts().reduce((a, b) => a + b, 0));
    native(() => this.#native.contexts(sideInfo, all));
    return this.#splitByLayer(all);
  }

  /** Copies of all weights and hyperplanes, layer by layer, the last one included. */
  parameters(): LayerParameters[] {
    return this.#neuronCounts().map((_, i): NativeLayer => native(() => this.#native.getLayer(i)));
  }

  /** Frees the native memory now. Every later use throws `ERR_GLN_DISPOSED`. */
  dispose(): void {
    this.#native.dispose();
  }

  #run(
    input: Rows,
    target: Labels | undefined,
    options: (PredictOptions & { returnProbs?: boolean }) | undefined,
  ): Uint32Array | Float32Array {
    const fast = this.#runSingle(input, target, options);
    if (fast !== undefined) return fast;

    const { sideInfo, returnProbs, out } = options ?? {};
    if (options !== undefined) checkKeys(options, PREDICT_KEYS);
    const probabilities = checkFlag('returnProbs', returnProbs);
    const rows = toRows(input, this.inputSize, 'input');
    const side = toSideInfo(sideInfo, rows, this.#options.sideInfoSize);
    const targets =
      target === undefined ? null : toTargets(target, rows.count, this.#options.numClasses);
    const result = outputArray(
      out,
      probabilities,
      rows.count * (probabilities ? this.numNetworks : 1),
    );
    const rates = targets === null ? 0 : this.#rates(rows.count);
    const base = this.#base(rows);
    const bad = native(() =>
      this.#native.run(
        base,
        side,
        rows.count,
        targets,
        rates,
        probabilities ? null : (result as Uint32Array),
        probabilities ? (result as Float32Array) : null,
        null,
      ),
    );
    if (bad >= 0) throw badLabel('target', bad, this.#options.numClasses, targets?.[bad]);
    return result;
  }

  /**
   * One row in a Float32Array, the call of a service: through bound buffers, with
   * no allocation but the result's. Undefined where the general way is needed.
   */
  #runSingle(
    input: Rows,
    target: Labels | undefined,
    options: (PredictOptions & { returnProbs?: boolean }) | undefined,
  ): Uint32Array | Float32Array | undefined {
    const row = this.#boundRow;
    const single =
      this.#bindable &&
      (target === undefined || typeof target === 'number' || typeof target === 'boolean') &&
      types.isFloat32Array(input) &&
      input.length === row.length;
    if (!single) return undefined;
    const probabilities = options?.returnProbs === true;
    let result = options?.out;
    if (options !== undefined) {
      checkKeys(options, PREDICT_KEYS);
      checkFlag('returnProbs', options.returnProbs);
      if (options.sideInfo !== undefined) return undefined;
    }
    result = outputArray(result, probabilities, probabilities ? this.numNetworks : 1);
    const label = target === undefined ? -1 : toClass(target, 0, this.#options.numClasses);
    const rate = label < 0 ? 0 : this.#singleRate();
    // Checked as it is copied; below, nothing can fail but for memory.
    for (let i = 0; i < row.length; i++) {
      const value = input[i];
      if (!Number.isFinite(value)) return undefined;
      row[i] = value;
    }
    let chosen: number;
    try {
      chosen = this.#native.runBound(label, rate);
    } catch (error) {
      throw asGlnError(error);
    }
    if (probabilities) result.set(this.#boundProbabilities);
    else result[0] = chosen;
    return result;
  }

  #singleRate(): number {
    const rate = this.#rate;
    return typeof rate === 'number' ? rate : rate(this.rowsSeen + 1);
  }

  #rates(count: number): number | Float32Array {
    const rate = this.#rate;
    if (typeof rate === 'number') return rate;
    const seen = this.rowsSeen;
    return Float32Array.from({ length: count }, (_, i) => rate(seen + i + 1));
  }

  #base(rows: NativeRows): Float32Array | Float64Array {
    return this.#customBase?.predict(rows) ?? rows.precise ?? rows.data;
  }

  #oneRow(row: Rows, options: InspectOptions) {
    checkKeys(options, INSPECT_KEYS);
    const rows = toRows(row, this.inputSize, 'row');
    if (rows.count !== 1) {
      throw new GlnError('ERR_GLN_SHAPE', `row: expected one row, got ${rows.count}`);
    }
    const sideInfo = toSideInfo(options.sideInfo, rows, this.#options.sideInfoSize);
    return { base: this.#base(rows), sideInfo };
  }

  /** Neurons of each layer over all networks. */
  #neuronCounts(): number[] {
    return [...this.#options.layerSizes, 1].map((neurons) => neurons * this.numNetworks);
  }

  #layerLengths(): LayerLengths[] {
    const { contextMapSize, bias, shareContexts } = this.#options;
    const gated = shareContexts ? 1 / this.numNetworks : 1;
    const inputs = [this.#baseSize, ...this.#options.layerSizes];
    return this.#neuronCounts().map((neurons, i) => ({
      weights: neurons * 2 ** contextMapSize * (inputs[i] + (bias ? 1 : 0)),
      hyperplanes: Math.round(neurons * gated) * contextMapSize * this.#sideInfoSize,
      hyperplaneBias: Math.round(neurons * gated) * contextMapSize,
    }));
  }

  #splitByLayer<Values extends Float32Array | Uint32Array>(all: Values): Values[] {
    let end = 0;
    return this.#neuronCounts().map((count) => {
      end += count;
      return all.slice(end - count, end) as Values;
    });
  }
}
