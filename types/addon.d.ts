/**
 * The contract of the compiled addon.
 *
 * What stands here is all that the TypeScript facade may ask of native code.
 * Native code rechecks only what memory safety needs: types, lengths, and that
 * indices stay inside; defaults, ranges and messages are the facade's.
 */

import type { NativeDendriticNetwork, NativeDendriticOptions } from './dendritic';
import type { NativeGaussianNetwork, NativeGaussianOptions } from './gaussian';
import type { NativePreprocessor } from './preprocessor';
import type { NativeTensors } from './tensors';

/** Names of the instruction sets for which kernels exist. */
export type InstructionSet = 'scalar' | 'avx2' | 'avx512' | 'neon';

/** What the loaded binary is and which kernels run. */
export interface BuildInfo {
  /** Version of the package that the binary was built from. */
  version: string;
  /** Node-API level that the binary asks for. */
  napiVersion: number;
  /** Compiler and its version. */
  compiler: string;
  /** `true` when threads come from OpenMP instead of the addon's own pool. */
  openmp: boolean;
  /** Instruction sets compiled in and supported by this processor. */
  available: InstructionSet[];
  /** The instruction set that runs: the best available one, or the one `GLN_ISA` names. */
  isa: InstructionSet;
  /** The list of C++ files, as built, relative to `native/`. */
  sources: string[];
}

/** How layer 0's logits come from a row. `External`: the caller passes probabilities. */
export enum BasePredictorKind {
  MinMax = 0,
  Probabilities = 1,
  Logits = 2,
}

/** The kinds of {@link NativeStage}. */
export enum StageKind {
  Impute = 0,
  Standardize = 1,
  NormalizeRow = 2,
  Clip = 3,
  Scale = 4,
  OneHot = 5,
  Hash = 6,
  Linear = 7,
  Center = 8,
  NormalScore = 9,
  Bins = 10,
  Square = 11,
  Whiten = 12,
  Branches = 13,
  Select = 14,
}

/** One step of preprocessing; what a kind does not use is empty or 0. */
export interface NativeStage {
  type: StageKind;
  columns: number[];
  size: number;
  factor: number;
  offset: number;
  minimum: number;
  maximum: number;
  regularization: number;
  standardized: boolean;
  seed: number;
  branches: NativeStage[][] | null;
  /** [values a row] */
  offsets: Float32Array | null;
  /** [size][values a row] */
  matrix: Float32Array | null;
}

/** Everything that shapes a network; every field is required and already checked. */
export interface NativeNetworkOptions {
  /** Values a row that calls give for layer 0's input, before its stages. */
  inputSize: number;
  /** Values a row that calls give for the gates, before their stages. */
  sideInputSize: number;
  /** Preprocessing of rows for layer 0, whose values are `basePredictor`'s then; null: none. */
  baseStages: NativeStage[] | null;
  /** Preprocessing of rows for the gates; null: none. */
  sideStages: NativeStage[] | null;
  /** Whether the gates look at what `baseStages` give. */
  sideFromBase: boolean;
  /** Neurons of each layer, the last entry (1) included. */
  layerSizes: number[];
  /** Factors of the learning rate, one a layer; null: 1 for all. */
  layerRates: number[] | null;
  /** Hidden layers, counted from the last, whose mean logits the output averages. */
  averagedLayers: number;
  /** Whether the output is a mixture of all neurons' predictions. */
  switching: boolean;
  /** Independent binary networks: 1, or one a class. */
  networks: number;
  /** Halfspaces a neuron, 0 to 16. */
  contextMapSize: number;
  /** Whether a constant logit of 1 is appended to every layer's inputs. */
  bias: boolean;
  /** Whether halfspaces have offsets. */
  contextBias: boolean;
  /** Standard deviation of those offsets. */
  contextBiasScale: number;
  /** Whether all networks have the same hyperplanes. */
  shareContexts: boolean;
  /** Whether rows are chained also where steps overshoot. */
  alwaysChained: boolean;
  /** Features that a dense hyperplane looks at; 0: all. */
  gateFeatures: number;
  /** Structured hyperplanes instead of dense ones. */
  hadamard: boolean;
  basePredictor: BasePredictorKind;
  predClipping: number;
  weightClipping: number;
  /** `true`: all updates of a call are computed with the weights from before it. */
  batch: boolean;
  /** Seed of the hyperplanes, an integer below 2^53. */
  seed: number;
  /** Threads that a call may use, 1 or more. */
  threads: number;
  /** `false` leaves all hyperplanes zero; `setLayer` must follow. */
  randomize: boolean;
}

/** How an asynchronous call ended. */
export enum RunOutcome {
  Done = 0,
  Aborted = 1,
  Disposed = 2,
  NoMemory = 3,
}

/** One layer's parameters, dense and row-major. */
export interface NativeLayer {
  /** [networks][neurons][2^contextMapSize][inputs] */
  weights: Float32Array;
  /** [networks, or 1 where they share][neurons][contextMapSize][sideInfoSize] */
  hyperplanes: Float32Array;
  /** [networks, or 1 where they share][neurons][contextMapSize] */
  hyperplaneBias: Float32Array;
}

/** The weight rows of a layer that were ever learned in; all others are as at the beginning. */
export interface NativeRowsOfLayer {
  /** (network · neurons + neuron) · 2^contextMapSize + context of each row, ascending. */
  which: BigInt64Array;
  /** [rows][inputs] */
  weights: Float32Array;
  /** [networks][neurons]: no weight of the neuron is larger. */
  bounds: Float32Array;
}

/** Dense hyperplanes of one layer; shapes as in {@link NativeLayer}. */
export interface NativePlanes {
  hyperplanes: Float32Array;
  hyperplaneBias: Float32Array;
}

/** The random parts of structured hyperplanes, of all layers together. */
export interface NativeStructuredPlanes {
  /** [transforms][3][width], 1 or -1 */
  signs: Int8Array;
  /** [planes] */
  bias: Float32Array;
  /** [planes] */
  thresholds: Float32Array;
}

/**
 * A network. Rows are row-major. Where a call returns `number`, a value other
 * than -1 is the index of the first target that is no class; nothing has been
 * learned then.
 */
export interface NativeNetwork {
  /** Rows learned so far. */
  rowsSeen: number;
  /** Running statistics of the preprocessing stages: the base's, then the gates'. */
  statistics: Float64Array;
  /** What each neuron of a network counts in the mixture of them all; empty without one. */
  mixture: Float64Array;
  /** Bytes that the network holds outside V8's heap. */
  readonly memory: number;
  /**
   * Predicts every row and, with `targets`, learns it. `base` in double precision
   * gives base predictions that do not suffer from the rounding of the values.
   * `rates` is one learning rate for all rows, or one a row; a row with a rate below
   * 0 is only predicted.
   * `probabilities` and `logits` take [rows][networks] values, `classes` one a row.
   */
  run(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    rows: number,
    targets: Uint32Array | Uint8Array | Int32Array | null,
    rates: number | Float32Array,
    classes: Uint32Array | null,
    probabilities: Float32Array | null,
    logits: Float32Array | null,
  ): number;
  /**
   * The same on a thread of the addon, in slices between which the other calls of
   * this interface take their turn; those that change the network throw
   * `ERR_GLN_BUSY` meanwhile. Targets must be classes. Nobody else may have the
   * arrays: their memory must stay where it is. `done` is called at the end, with
   * the rows that were finished; the function that comes back aborts the call.
   */
  runAsync(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    rows: number,
    targets: Uint32Array | Uint8Array | Int32Array | null,
    rates: number | Float32Array,
    classes: Uint32Array | null,
    probabilities: Float32Array | null,
    logits: Float32Array | null,
    done: (outcome: RunOutcome, rows: number) => void,
  ): () => void;
  /** Calls `body` between two slices: all calls in it see the same state. */
  still<Result>(body: () => Result): Result;
  /** Binds the buffers of the single-row calls below. */
  bind(base: Float32Array, sideInfo: Float32Array, probabilities: Float32Array): void;
  /**
   * `run` on the bound row; returns its predicted class. A `target` below 0 only
   * predicts. A function of its own: `this` does not matter.
   */
  readonly runBound: (target: number, rate: number) => number;
  /** Each layer's predictions for one row, as logits: [networks][neurons] of all layers in turn. */
  layerLogits(base: Float32Array | Float64Array, sideInfo: Float32Array, out: Float32Array): void;
  /** The contexts that one row falls in: [networks][neurons] of all layers in turn. */
  contexts(base: Float32Array | Float64Array, sideInfo: Float32Array, out: Uint32Array): void;
  /**
   * The output logit of one network as a function of the base logits of one row:
   * logit = constant + Σ weights · baseLogits. Both arrays take baseSize values.
   */
  explain(
    base: Float32Array | Float64Array,
    sideInfo: Float32Array,
    network: number,
    weights: Float64Array,
    baseLogits: Float32Array,
  ): { logit: number; constant: number };
  getLayer(layer: number): NativeLayer;
  setLayer(layer: number, parameters: NativeLayer): void;
  /** What is saved of a layer. */
  getRows(layer: number): NativeRowsOfLayer;
  /** Restores it, in a network that has learned nothing. */
  setRows(layer: number, rows: NativeRowsOfLayer): void;
  /** The hyperplanes of a layer, or of all layers where they are structured. */
  getPlanes(layer: number): NativePlanes | NativeStructuredPlanes;
  setPlanes(layer: number, planes: NativePlanes | NativeStructuredPlanes): void;
  /** Frees the native memory, of a running call's after its slice; every later call throws. */
  dispose(): void;
}

/**
 * Single kernels of the chosen instruction set, mostly for tests. Arguments are
 * not checked beyond types and lengths.
 */
export interface NativeKernels {
  /** Sum of products: sixteen lanes, then a fixed tree (docs/algorithm.md). */
  dot(a: Float32Array, b: Float32Array): number;
  /** The same for the sixteen elements of a short row, in double precision by the same tree. */
  shortDot(a: Float32Array, b: Float32Array): number;
  /** weights ← clamp(weights - step · input, -bound, bound) */
  update(weights: Float32Array, input: Float32Array, step: number, bound: number): void;
  exp(input: Float32Array, out: Float32Array): void;
  log(input: Float32Array, out: Float32Array): void;
  sigmoid(input: Float32Array, out: Float32Array): void;
  /**
   * Halfspace bits: out[row][plane] = hyperplane · sideInfo > bias.
   * `hyperplanes` is [planes][size], `sideInfo` [rows][size].
   */
  gate(
    hyperplanes: Float32Array,
    bias: Float32Array,
    sideInfo: Float32Array,
    rows: number,
    planes: number,
    out: Uint8Array,
  ): void;
  /** Base logits of [rows][size] inputs; `out` is [rows][size]. */
  baseLogits(
    kind: BasePredictorKind,
    input: Float32Array,
    rows: number,
    predClipping: number,
    out: Float32Array,
  ): void;
  /** Index of the first NaN or infinity, or -1. */
  firstNonFinite(input: Float32Array): number;
  /** Index of the first magnitude above `limit` or, unless it may be missing, NaN; or -1. */
  firstBeyond(input: Float32Array, limit: number, allowMissing: boolean): number;
}

/**
 * Yardsticks of the benchmark, with the chosen instruction set. Sizes of `read`
 * and `copy` are multiples of 64 values.
 */
export interface NativeMeasure {
  /**
   * `iterations` rounds of fused multiply-adds in registers on each thread; returns
   * the floating-point operations done by all threads together.
   */
  fusedMultiplyAdds(iterations: number, threads: number): number;
  /** Zeroed memory of the kind that networks keep their weights in. */
  buffer(length: number): Float32Array;
  /** Reads an array once, shared between the threads; returns the bytes read. */
  read(from: Float32Array, threads: number): number;
  /** Copies `from` to `to`; returns the bytes read and written, two for each copied. */
  copy(from: Float32Array, to: Float32Array, threads: number): number;
  /**
   * Halfspace bits as {@link NativeKernels.gate} gives them, computed `repeats` times
   * over; returns the seconds that those took, packing and unpacking left out.
   */
  gate(
    hyperplanes: Float32Array,
    bias: Float32Array,
    sideInfo: Float32Array,
    rows: number,
    planes: number,
    out: Uint8Array,
    repeats: number,
    threads: number,
  ): number;
}

/** What the header of a safetensors file says, already checked (docs/format.md). */
export interface NativeTensorFileHeader {
  /** In the file's order; `position` and `length` are the value's bytes in the file, quotes left out. */
  metadata: { key: string; value: string; position: number; length: number }[];
  /** By position; [begin, end) are bytes of the data section, which they cover exactly. */
  tensors: { name: string; type: NativeElementType; shape: number[]; begin: number; end: number }[];
}

/** Element types of tensors in files, as the format spells them. */
export type NativeElementType =
  | 'F64'
  | 'I64'
  | 'U64'
  | 'F32'
  | 'I32'
  | 'U32'
  | 'I16'
  | 'U16'
  | 'I8'
  | 'U8';

/** XXH64 of all bytes given so far; any split of them into calls gives the same value. */
export interface NativeChecksum {
  update(bytes: Uint8Array): void;
  /** Sixteen lower-case hexadecimal digits. */
  digest(): string;
}

/** Reading of files that are not trusted; what is wrong throws `ERR_GLN_FORMAT`, with the byte. */
export interface NativeFormat {
  /** Bytes of the header, from the first 8 bytes of a file (fewer where it has fewer). */
  headerLength(prefix: Uint8Array, fileSize: number): number;
  /** `header` is what follows the first 8 bytes, `dataSize` the bytes of the file after it. */
  parseHeader(header: Uint8Array, dataSize: number): NativeTensorFileHeader;
  checksum(): NativeChecksum;
}

/** What is found out from unlabelled rows. */
export interface NativeFit {
  /**
   * The `count` directions in which rows of `size` values vary most: their mean
   * [size], variances [count], and unit vectors [count][size]. `size` is at most 16384.
   */
  principalComponents(
    rows: Float32Array,
    size: number,
    count: number,
  ): { mean: Float64Array; variances: Float64Array; vectors: Float64Array };
  /** Rows of `size` values as `stages` (at least one) give them while they are learned. */
  preprocess(rows: Float32Array, size: number, stages: NativeStage[], out: Float32Array): void;
}

/** The module that `require` of the `.node` file returns. */
export interface Addon {
  buildInfo(): BuildInfo;
  Network: new (options: NativeNetworkOptions) => NativeNetwork;
  DendriticNetwork: new (options: NativeDendriticOptions) => NativeDendriticNetwork;
  GaussianNetwork: new (options: NativeGaussianOptions) => NativeGaussianNetwork;
  Preprocessor: new (stages: NativeStage[], size: number) => NativePreprocessor;
  kernels: NativeKernels;
  fit: NativeFit;
  measure: NativeMeasure;
  tensors: NativeTensors;
  format: NativeFormat;
}
