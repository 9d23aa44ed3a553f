/**
 * The part of the addon's contract that dendritic gated networks need: as in addon.d.ts,
 * native code rechecks only what memory safety needs.
 */
import type { NativeLayer, NativeStage, RunOutcome } from './addon';

/** Everything that shapes a dendritic gated network; every field is required and checked. */
export interface NativeDendriticOptions {
  /** Values a row, before its stages. */
  inputSize: number;
  /** Preprocessing of rows; null: none. */
  stages: NativeStage[] | null;
  /** Neurons of each layer, the last entry (1) included. */
  layerSizes: number[];
  /** Independent networks: 1, or one a class. */
  networks: number;
  /** Of a neuron, 1 to 64. */
  branches: number;
  /** Whether neurons mix with the sums of their layer's weight rows instead of their own. */
  sharedWeights: boolean;
  /** Real targets and squared error; else classes and logarithmic loss. */
  regression: boolean;
  /** Of a regression: whether targets are learned by their running mean and deviation. */
  standardizeTargets: boolean;
  /** Whether a constant 1 is appended to every layer's inputs. */
  bias: boolean;
  /** The constant that halfspaces see beside the values of a row. */
  gateBias: number;
  /** In (0, 0.5); regression does not use it. */
  predClipping: number;
  weightClipping: number;
  /** Seed of the halfspaces, an integer below 2^53. */
  seed: number;
  /** Threads that a call may use, 1 or more. */
  threads: number;
  /** `false` leaves all halfspaces zero; `setLayer` must follow. */
  randomize: boolean;
}

/** A dendritic gated network; what it shares with {@link NativeNetwork} is said there. */
export interface NativeDendriticNetwork {
  rowsSeen: number;
  /** Running statistics of the stages, then of the targets. */
  statistics: Float64Array;
  readonly memory: number;
  /**
   * Predicts every row and, with `targets`, learns it. A regression takes real targets
   * and `predictions` [rows]; else targets are classes, and `predictions` takes
   * probabilities [rows][networks], or is null. Returns -1, or the first target that
   * cannot be learned.
   */
  run(
    input: Float32Array,
    rows: number,
    targets: Uint32Array | Uint8Array | Int32Array | Float64Array | null,
    rates: number | Float32Array,
    classes: Uint32Array | null,
    predictions: Float32Array | Float64Array | null,
  ): number;
  runAsync(
    input: Float32Array,
    rows: number,
    targets: Uint32Array | Uint8Array | Int32Array | Float64Array | null,
    rates: number | Float32Array,
    classes: Uint32Array | null,
    predictions: Float32Array | Float64Array | null,
    done: (outcome: RunOutcome, rows: number) => void,
  ): () => void;
  still<Result>(body: () => Result): Result;
  /**
   * `weights` is [networks][neurons][branches][inputs], `hyperplanes`
   * [networks][neurons][branches][values of a row], `hyperplaneBias`
   * [networks][neurons][branches].
   */
  getLayer(layer: number): NativeLayer;
  setLayer(layer: number, parameters: NativeLayer): void;
  dispose(): void;
}
