/** Small conveniences around networks that several tests share. */

import { createHash } from 'node:crypto';

/** One layer's parameters as the engine returns them. */
export interface FlatLayer {
  weights: Float32Array;
  hyperplanes: Float32Array;
  hyperplaneBias: Float32Array;
}

/** A digest of all bytes of all parameters: equal only when every bit is. */
export function digest(layers: readonly FlatLayer[]): string {
  const hash = createHash('sha256');
  for (const { weights, hyperplanes, hyperplaneBias } of layers) {
    for (const array of [weights, hyperplanes, hyperplaneBias]) {
      hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
  return hash.digest('hex');
}

/** Rows as the facade takes them: one flat row-major array. */
export function flat(rows: readonly ArrayLike<number>[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => Array.from(row)));
}
