/**
 * The part of the compiled addon's contract (addon.d.ts) that preprocesses rows outside
 * a network.
 */

/**
 * Stages with statistics of their own, for models whose networks share what they
 * know of the rows.
 */
export interface NativePreprocessor {
  /** All running statistics; final ones after every call. */
  statistics: Float64Array;
  /** One row as the stages give it; `learning` then adds it to the statistics. */
  run(row: Float32Array, out: Float32Array, learning: boolean): void;
}
