/**
 * Arrays of any alignment between floats that nobody may touch, which show writes
 * past an end.
 */

const guardLength = 20;
export const guard = 12345.5;

/** `values` at `offset` floats from the start of an allocation, between guards. */
export function place(values: ArrayLike<number>, offset: number): Float32Array {
  const whole = new Float32Array(offset + values.length + guardLength).fill(guard);
  whole.set(values, offset);
  return whole.subarray(offset, offset + values.length);
}

/** The whole allocation that an array lies in, guards included. */
export function allocationOf(values: Float32Array): Float32Array {
  return new Float32Array(values.buffer);
}
