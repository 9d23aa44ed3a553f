/**
 * A native network and the checked calls into it.
 *
 * Everything a caller passes is checked here before native code is asked for
 * anything, so that an error never leaves a half-learned call behind.
 */
import { types } from 'node:util';
import type { NativeNetwork } from '../types/addon';
import { asGlnError, checkFlag, checkKeys, native, outputArray } from './calls';
import type { Labels, LearnOptions, Rows } from './classifier';
import { type ClassifierArrays, checkClassifierCall, resultsOf } from './classifier-calls';
import { loadAddon } from './native';
import { checkMemory, type ResolvedOptions } from './options';
import { type PreparedRows, RowPreparation } from './row-preparation';
import { checkWeight, RowRates } from './row-rates';
import { badLabel, toClass, type ValueRule } from './rows';
import type { NetworkShapes } from './shapes';

/** What a call of a model may say, beside rows and targets. */
export type CallOptions = LearnOptions & { returnProbs?: boolean };

/** A whole call that is ready for native code, but for its learning rates. */
export type CheckedCall = PreparedRows & ClassifierArrays;

/** A whole call that is ready for native code. */
export interface PreparedCall extends CheckedCall {
  rates: number | Float32Array;
}

const CALL_KEYS = new Set(['sideInfo', 'returnProbs', 'out', 'outClasses', 'weights']);

/** One network, or one a class, in native code. */
export class Network {
  readonly native: NativeNetwork;
  readonly options: Readonly<ResolvedOptions>;
  /** Values a row that layer 0 mixes. */
  readonly baseSize: number;
  /** Values a row that the gates look at. */
  readonly sideInfoSize: number;
  readonly shapes: NetworkShapes;
  readonly #rates: RowRates;
  readonly #rows: RowPreparation;
  /** The row and result of single-row calls, which native code knows the addresses of. */
  readonly #boundRow: Float32Array;
  readonly #boundProbabilities: Float32Array;

  /** @param randomize false: hyperplanes are zero until they are set. */
  constructor(options: Readonly<ResolvedOptions>, { randomize = true } = {}) {
    this.options = options;
    this.#rates = new RowRates(options.learningRate, options.layerRates);
    this.#rows = new RowPreparation(options);
    this.baseSize = this.#rows.baseSize;
    this.sideInfoSize = this.#rows.sideInfoSize;
    this.shapes = this.#rows.shapes;
    checkMemory(options, this.baseSize, this.sideInfoSize);
    const addon = loadAddon();
    this.native = native(
      () =>
        new addon.Network({
          ...this.#rows.native,
          layerSizes: [...options.layerSizes, 1],
          layerRates: options.layerRates === undefined ? null : [...options.layerRates],
          averagedLayers: options.aggregation === 'average' ? options.layerSizes.length : 0,
          switching: options.aggregation === 'switching',
          networks: this.shapes.networks,
          contextMapSize: options.contextMapSize,
          bias: options.bias,
          contextBias: options.contextBias,
          contextBiasScale: options.contextBiasScale,
          shareContexts: options.shareContexts,
          alwaysChained: options.chaining === 'always',
          gateFeatures: options.gateFeatures ?? 0,
          hadamard: options.gating === 'hadamard',
          predClipping: options.predClipping,
          weightClipping: options.weightClipping,
          batch: options.updateMode === 'batch',
          seed: options.seed,
          threads: options.threads,
          randomize,
        }),
    );
    this.#boundRow = new Float32Array(options.inputSize);
    this.#boundProbabilities = new Float32Array(this.shapes.networks);
    if (this.#rows.direct)
      this.native.bind(this.#boundRow, this.#boundRow, this.#boundProbabilities);
  }

  /** What values of rows and of side information may be. */
  get rules(): { input: ValueRule; sideInfo: ValueRule } {
    return { input: this.#rows.inputRule, sideInfo: this.#rows.sideRule };
  }

  /** Rows learned so far. */
  get rowsSeen(): number {
    return native(() => this.native.rowsSeen);
  }

  /** Predicts and, given targets, learns. */
  run(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): Uint32Array | Float32Array {
    const fast = this.#runSingle(input, target, options);
    if (fast !== undefined) return fast;
    const call = this.prepare(input, target, options);
    const bad = native(() =>
      this.native.run(
        call.base,
        call.sideInfo,
        call.count,
        call.targets,
        call.rates,
        call.classes,
        call.probabilities,
        null,
      ),
    );
    if (bad >= 0) throw badLabel('target', bad, this.options.numClasses, call.targets?.[bad]);
    return resultsOf(call);
  }

  /** Checks a call and makes its arguments ready for native code. */
  prepare(input: Rows, target: Labels | undefined, options: CallOptions | undefined): PreparedCall {
    const call = this.check(input, target, options);
    return { ...call, rates: this.rates(call) };
  }

  /** The same for a call that will be made later, when other rows have been seen. */
  check(input: Rows, target: Labels | undefined, options: CallOptions | undefined): CheckedCall {
    if (options !== undefined) checkKeys(options, CALL_KEYS);
    const sizes = { numClasses: this.options.numClasses, networks: this.shapes.networks };
    const prepare = () => this.#rows.prepare(input, options?.sideInfo, 'input');
    return checkClassifierCall(sizes, prepare, target, options);
  }

  /** The learning rates of a call that is made now. */
  rates(call: CheckedCall): number | Float32Array {
    if (call.targets === null) return 0;
    return this.#rates.forRows(() => this.rowsSeen, call.count, call.weights);
  }

  /** Several looks at one state of the network, whatever is being learned meanwhile. */
  still<Result>(looks: () => Result): Result {
    return native(() => this.native.still(looks));
  }

  /** One row that is only looked at. */
  prepareRow(row: Rows, sideInfo: Rows | undefined): PreparedRows {
    return this.#rows.prepareOne(row, sideInfo);
  }

  /**
   * One row in a Float32Array, the call of a service: through bound buffers, with
   * no allocation but the result's. Undefined where the general way is needed.
   */
  #runSingle(
    input: Rows,
    target: Labels | undefined,
    options: CallOptions | undefined,
  ): Uint32Array | Float32Array | undefined {
    const row = this.#boundRow;
    const single =
      this.#rows.direct &&
      (target === undefined || typeof target === 'number' || typeof target === 'boolean') &&
      types.isFloat32Array(input) &&
      input.length === row.length;
    if (!single) return undefined;
    const probabilities = options?.returnProbs === true;
    let result = options?.out;
    let weight = 1;
    if (options !== undefined) {
      checkKeys(options, CALL_KEYS);
      checkFlag('returnProbs', options.returnProbs);
      if (options.sideInfo !== undefined || options.outClasses !== undefined) return undefined;
      if (options.weights !== undefined) {
        if (typeof options.weights !== 'number' || target === undefined) return undefined;
        weight = checkWeight(options.weights, undefined);
      }
    }
    result = outputArray(result, probabilities, probabilities ? this.shapes.networks : 1);
    // Without a label the row is only predicted, and so it is with a weight of 0.
    let label = target === undefined ? -1 : toClass(target, 0, this.options.numClasses);
    if (weight === 0) label = -1;
    const rate = label < 0 ? 0 : this.#rates.forRow(() => this.rowsSeen, weight);
    const { limit, allowsMissing } = this.#rows.inputRule;
    // Checked as it is copied; below, nothing can fail but for memory.
    for (let i = 0; i < row.length; i++) {
      const value = input[i];
      if (!(Math.abs(value) <= limit || (allowsMissing && Number.isNaN(value)))) return undefined;
      row[i] = value;
    }
    let chosen: number;
    try {
      chosen = this.native.runBound(label, rate);
    } catch (error) {
      throw asGlnError(error);
    }
    if (probabilities) result.set(this.#boundProbabilities);
    else result[0] = chosen;
    return result;
  }
}
