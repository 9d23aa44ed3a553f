/**
 * The part of the addon's contract (`addon.d.ts`) that Gaussian networks are.
 */
import type { NativePlanes, NativeStage, RunOutcome } from './addon';

/** Everything that shapes a Gaussian network; as `NativeNetworkOptions` where names are the same. */
export interface NativeGaussianOptions {
  inputSize: number;
  sideInputSize: number;
  /** Preprocessing of rows for layer 0; null: none. */
  baseStages: NativeStage[] | null;
  sideStages: NativeStage[] | null;
  sideFromBase: boolean;
  layerSizes: number[];
  layerRates: number[] | null;
  contextMapSize: number;
  contextBias: boolean;
  contextBiasScale: number;
  gateFeatures: number;
  /** Constant inputs that every layer gains, means evenly over ± `biasMaxMean`. */
  biasLength: number;
  biasMaxMean: number;
  biasVariance: number;
  /** Variance of layer 0's inputs. */
  inputVariance: number;
  /** Bounds of every neuron's predicted variance. */
  minVariance: number;
  maxVariance: number;
  /** Magnitude beyond which predicted means are cut; at most 10^60. */
  largestMean: number;
  /** Bounds of the weights that neurons mix with. */
  leastWeight: number;
  largestWeight: number;
  /** Whether targets are learned as differences from their running mean, over their deviation. */
  standardizeTargets: boolean;
  /** Whether steps are kept from overshooting, and negative precisions count as too wide. */
  robust: boolean;
  /** Whether a mixture of all neurons answers, not the last one. */
  switching: boolean;
  seed: number;
  threads: number;
  randomize: boolean;
}

/** One layer's parameters, dense and row-major. */
export interface NativeGaussianLayer {
  /** [neurons][2^contextMapSize][inputs, then bias inputs] */
  weights: Float64Array;
  /** [neurons][contextMapSize][sideInfoSize] */
  hyperplanes: Float32Array;
  /** [neurons][contextMapSize] */
  hyperplaneBias: Float32Array;
}

/** A Gaussian network; calls are as `NativeNetwork`'s of the same names. */
export interface NativeGaussianNetwork {
  rowsSeen: number;
  /** Running statistics of the stages, then of the targets: count, mean, squared differences. */
  statistics: Float64Array;
  /** What each neuron counts in the mixture, layer by layer; empty without one. */
  mixture: Float64Array;
  readonly memory: number;
  /**
   * Predicts every row and, with `targets`, learns it. Returns -1, or the index of the
   * first target that is no finite float32 magnitude; nothing has been learned then.
   */
  run(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    rows: number,
    targets: Float64Array | null,
    rates: number | Float32Array,
    means: Float64Array,
    variances: Float64Array,
  ): number;
  runAsync(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    rows: number,
    targets: Float64Array | null,
    rates: number | Float32Array,
    means: Float64Array,
    variances: Float64Array,
    done: (outcome: RunOutcome, rows: number) => void,
  ): () => void;
  still<Result>(body: () => Result): Result;
  /** Each neuron's prediction for one row, in the targets' units, layer by layer. */
  layerPredictions(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    means: Float64Array,
    variances: Float64Array,
  ): void;
  contexts(base: Float32Array | Float64Array, sideInfo: Float32Array, out: Uint32Array): void;
  /**
   * The mean that is predicted for one row, as a function of the base values that layer
   * 0 mixes: mean = constant + Σ weights · baseMeans. Both arrays take baseSize values.
   */
  explain(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    weights: Float64Array,
    baseMeans: Float64Array,
  ): { mean: number; constant: number };
  getLayer(layer: number): NativeGaussianLayer;
  setLayer(layer: number, parameters: NativeGaussianLayer): void;
  /** The weight rows that were ever learned in; `which`: neuron · 2^contextMapSize + context. */
  getRows(layer: number): { which: BigInt64Array; weights: Float64Array };
  setRows(layer: number, rows: { which: BigInt64Array; weights: Float64Array }): void;
  getPlanes(layer: number): NativePlanes;
  setPlanes(layer: number, planes: NativePlanes): void;
  dispose(): void;
}
