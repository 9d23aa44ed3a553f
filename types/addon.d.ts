/**
 * The contract of the compiled addon.
 *
 * What stands here is all that the TypeScript facade may ask of native code.
 * Native code rechecks only what memory safety needs: types, lengths, and that
 * indices stay inside; defaults, ranges and messages are the facade's.
 */

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

/** Everything that shapes a network; every field is required and already checked. */
export interface NativeNetworkOptions {
  /** Values a row in layer 0's input, before the bias. */
  baseSize: number;
  /** Values a row that the gates look at. */
  sideInfoSize: number;
  /** Neurons of each layer, the last entry (1) included. */
  layerSizes: number[];
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

/** One layer's parameters, dense and row-major. */
export interface NativeLayer {
  /** [networks][neurons][2^contextMapSize][inputs] */
  weights: Float32Array;
  /** [networks, or 1 where they share][neurons][contextMapSize][sideInfoSize] */
  hyperplanes: Float32Array;
  /** [networks, or 1 where they share][neurons][contextMapSize] */
  hyperplaneBias: Float32Array;
}

/**
 * A network. Rows are row-major. Where a call returns `number`, a value other
 * than -1 is the index of the first target that is no class; nothing has been
 * learned then.
 */
export interface NativeNetwork {
  /** Rows learned so far. */
  rowsSeen: number;
  /** Bytes that the network holds outside V8's heap. */
  readonly memory: number;
  /**
   * Predicts every row and, with `targets`, learns it. `base` in double precision
   * gives base predictions that do not suffer from the rounding of the values.
   * `rates` is one learning rate for all rows, or one a row.
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
  contexts(sideInfo: Float32Array, out: Uint32Array): void;
  getLayer(layer: number): NativeLayer;
  setLayer(layer: number, parameters: NativeLayer): void;
  /** Frees the native memory; every later call throws. */
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

/** The module that `require` of the `.node` file returns. */
export interface Addon {
  buildInfo(): BuildInfo;
  Network: new (options: NativeNetworkOptions) => NativeNetwork;
  kernels: NativeKernels;
  measure: NativeMeasure;
}
