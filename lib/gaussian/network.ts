/**
 * A native Gaussian network and the checked calls into it.
 *
 * As in `../network.ts`, everything is checked before native code is asked for
 * anything, so that an error never leaves a half-learned call behind.
 */
import type { NativeGaussianNetwork } from '../../types/gaussian';
import type { OwnCall } from '../async';
import { checkKeys, native } from '../calls';
import type { Rows } from '../classifier';
import { loadAddon } from '../native';
import { ownOptions, ownRows } from '../own-arrays';
import { realOutput, toRealTargets } from '../real-targets';
import type { RealTargets, RegressorLearnOptions } from '../regressor';
import { InputRows, type PreparedRows, type RowOptions } from '../row-preparation';
import { RowRates, toWeights, type Weights } from '../row-rates';
import { unfit } from '../rows';
import { checkGaussianMemory, type ResolvedGaussianOptions } from './options';

/** What a Gaussian network predicts, one number a row in each array. */
export interface GaussianPredictions {
  /** Expected values of the target, in its units. */
  means: Float64Array;
  /** Variances of the target around them, always above 0 and finite, in its units squared. */
  variances: Float64Array;
}

/** A whole call that is ready for native code, but for its learning rates. */
interface CheckedCall extends PreparedRows, GaussianPredictions {
  targets: Float64Array | null;
  weights: Weights;
}

/** Shapes of one layer's arrays. */
export interface GaussianLayerShapes {
  /** Values of a weight row, the bias inputs included. */
  inputs: number;
  neurons: number;
  /** [neurons, contextMapSize, sideInfoSize] */
  planes: readonly [number, number, number];
}

const CALL_KEYS = new Set(['sideInfo', 'out', 'weights']);

/** How rows are prepared, in the words of networks of all kinds. */
export function rowOptions(options: Readonly<ResolvedGaussianOptions>): RowOptions {
  const { inputSize, sideInfoSize, preprocessing, sideInfo, contextMapSize, inputLimit } = options;
  return {
    inputSize,
    ...(sideInfoSize !== undefined && { sideInfoSize }),
    // Without stages values are taken as they are.
    basePredictor: preprocessing.length > 0 ? preprocessing : 'logits',
    ...(sideInfo.length > 0 && { sideInfo }),
    contextMapSize,
    inputLimit,
  };
}

/** Shapes of all layers, the last one included. */
export function layerShapes(
  { layerSizes, biasLength, contextMapSize }: Readonly<ResolvedGaussianOptions>,
  { baseSize, sideInfoSize }: InputRows,
): GaussianLayerShapes[] {
  const below = [baseSize, ...layerSizes];
  return [...layerSizes, 1].map((neurons, k) => ({
    inputs: below[k] + biasLength,
    neurons,
    planes: [neurons, contextMapSize, sideInfoSize],
  }));
}

/** One network in native code. */
export class GaussianNetwork {
  readonly native: NativeGaussianNetwork;
  readonly options: Readonly<ResolvedGaussianOptions>;
  readonly rows: InputRows;
  readonly shapes: readonly GaussianLayerShapes[];
  readonly #rates: RowRates;

  /** @param randomize false: hyperplanes are zero until they are set. */
  constructor(options: Readonly<ResolvedGaussianOptions>, { randomize = true } = {}) {
    this.options = options;
    this.#rates = new RowRates(options.learningRate, options.layerRates);
    this.rows = new InputRows(rowOptions(options));
    this.shapes = layerShapes(options, this.rows);
    checkGaussianMemory(options, this.rows.baseSize, this.rows.sideInfoSize);
    const addon = loadAddon();
    const { inputSize, sideInputSize, baseStages, sideStages, sideFromBase } = this.rows.native;
    const [leastWeight, largestWeight] = options.weightRange;
    this.native = native(
      () =>
        new addon.GaussianNetwork({
          ...{ inputSize, sideInputSize, baseStages, sideStages, sideFromBase },
          layerSizes: [...options.layerSizes, 1],
          layerRates: options.layerRates === undefined ? null : [...options.layerRates],
          contextMapSize: options.contextMapSize,
          contextBias: options.contextBias,
          contextBiasScale: options.contextBiasScale,
          gateFeatures: options.gateFeatures ?? 0,
          biasLength: options.biasLength,
          biasMaxMean: options.biasMaxMean,
          biasVariance: options.biasVariance,
          inputVariance: options.inputVariance,
          minVariance: options.minVariance,
          maxVariance: options.maxVariance,
          largestMean: options.meanLimit,
          leastWeight,
          largestWeight,
          standardizeTargets: options.standardize,
          robust: options.rule === 'robust',
          switching: options.aggregation === 'switching',
          seed: options.seed,
          threads: options.threads,
          randomize,
        }),
    );
  }

  /** Predicts and, given targets, learns. */
  run(
    input: Rows,
    target: RealTargets | undefined,
    options: RegressorLearnOptions | undefined,
  ): GaussianPredictions {
    const call = this.#check(input, target, options);
    const { base, sideInfo, count, targets, means, variances } = call;
    const rates = this.#ratesOf(call);
    const bad = native(() =>
      this.native.run(base, sideInfo, count, targets, rates, means, variances),
    );
    // Only another thread can have changed a target since it was checked.
    if (bad >= 0) throw unfit('target', targets?.[bad], this.options.inputLimit, `at ${bad}`);
    return { means, variances };
  }

  /** The same as a call that goes on after this returns. */
  own(
    input: Rows,
    target: RealTargets | undefined,
    options: RegressorLearnOptions | undefined,
  ): OwnCall<GaussianPredictions> {
    const checked = this.#check(ownRows(input), target, ownOptions(options));
    const call = {
      ...checked,
      targets: checked.targets && new Float64Array(checked.targets),
      // What the caller wants them in is only written to at the end.
      means: new Float64Array(checked.count),
      variances: new Float64Array(checked.count),
    };
    return {
      count: call.count,
      inTurn: call.targets !== null,
      ready: () => {
        const rates = this.#ratesOf(call);
        const { base, sideInfo: side, count, targets, means, variances } = call;
        return (done) =>
          this.native.runAsync(base, side, count, targets, rates, means, variances, done);
      },
      deliver: (rows) => {
        const { means, variances } = call;
        if (options?.out === undefined) return { means, variances };
        const to = {
          means: realOutput(options.out, 'means', call.count),
          variances: realOutput(options.out, 'variances', call.count),
        };
        to.means.set(means.subarray(0, rows));
        to.variances.set(variances.subarray(0, rows));
        return to;
      },
    };
  }

  /** Several looks at one state of the network, whatever is being learned meanwhile. */
  still<Result>(looks: () => Result): Result {
    return native(() => this.native.still(looks));
  }

  /** One row that is only looked at. */
  prepareRow(row: Rows, sideInfo: Rows | undefined): PreparedRows {
    return this.rows.prepareOne(row, sideInfo);
  }

  #check(
    input: Rows,
    target: RealTargets | undefined,
    options: RegressorLearnOptions | undefined,
  ): CheckedCall {
    if (options !== undefined) checkKeys(options, CALL_KEYS);
    const { sideInfo, out, weights } = options ?? {};
    const rows = this.rows.prepare(input, sideInfo, 'input');
    const { limit } = this.rows.inputRule;
    const targets = target === undefined ? null : toRealTargets(target, rows.count, limit);
    return {
      ...rows,
      targets,
      weights: toWeights(weights, rows.count, targets !== null),
      means: realOutput(out, 'means', rows.count),
      variances: realOutput(out, 'variances', rows.count),
    };
  }

  #ratesOf({ targets, count, weights }: CheckedCall): number | Float32Array {
    if (targets === null) return 0;
    return this.#rates.forRows(() => native(() => this.native.rowsSeen), count, weights);
  }
}
