/** Rows and labels to measure with: the same in every process. */

/** Uniform numbers in [0, 1) by the mulberry32 generator. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers from -1 to 1: centred, so that random hyperplanes part them evenly. */
export function randomFloats(length: number, seed: number): Float32Array {
  const next = uniforms(seed);
  const floats = new Float32Array(length);
  for (let i = 0; i < length; i++) floats[i] = 2 * next() - 1;
  return floats;
}

/** Classes from 0 to `classes` - 1. */
export function randomLabels(length: number, classes: number, seed: number): Uint8Array {
  const next = uniforms(seed);
  return Uint8Array.from({ length }, () => Math.floor(next() * classes));
}
