/**
 * Single-precision arithmetic that JavaScript lacks, exact to the bit, and the
 * definitions of the engine's kernels written with it.
 */

// Looked up once: in jest's sandbox, globals cost more than the arithmetic.
const { fround, min, max, abs, ceil } = Math;

/** Half the distance from 1 to the next float: the largest relative rounding error. */
export const unitRoundoff = 2 ** -24;

const double = new Float64Array(1);
// BigInt64Array would read better and take ten times as long. Big-endian machines
// are not among those that the package is built for.
const words = new Uint32Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/**
 * Fused multiply-add of floats, rounded once.
 *
 * The product of two floats is exact in a double. The sum is rounded to odd in
 * double precision (Boldo and Melquiond 2008): a double has more than 2 · 24 + 2
 * bits, so rounding that to single gives what rounding the exact sum would.
 */
export function fma(a: number, b: number, c: number): number {
  return fround(addToOdd(a * b, c));
}

function addToOdd(a: number, b: number): number {
  const sum = a + b;
  if (sum === 0) return sum;
  // Knuth's two-sum: `error` is exactly what the addition rounded away.
  const shadow = sum - a;
  const error = a - (sum - shadow) + (b - shadow);
  // An infinite or undefined sum has an error that is neither above nor below zero.
  if (!(error > 0 || error < 0)) return sum;
  double[0] = sum;
  if ((words[0] & 1) === 1) return sum;
  // The even neighbour was chosen; the odd one lies on the error's side.
  if (error > 0 === sum > 0) {
    words[0] += 1;
  } else {
    if (words[0] === 0) words[1] -= 1;
    words[0] -= 1;
  }
  return double[0];
}

/** The distance between a float and its neighbours at `value`'s magnitude. */
export function ulp(value: number): number {
  const magnitude = abs(value);
  if (magnitude < 2 ** -126) return 2 ** -149;
  single[0] = magnitude;
  // Rounding to single may have carried into the next power of two; step back there.
  const exponent = (singleBits[0] >> 23) - (single[0] > magnitude && isPowerOfTwo() ? 1 : 0);
  return 2 ** (exponent - 127 - 23);
}

function isPowerOfTwo(): boolean {
  return (singleBits[0] & 0x7fffff) === 0;
}

const lanes = 16;

/**
 * The dot product as defined: lane i adds elements i, i + 16, … in turn, lanes
 * past the end add +0 · +0, and a tree adds the lanes.
 */
export function dotByDefinition(a: Float32Array, b: Float32Array): number {
  const sums = new Array<number>(lanes).fill(0);
  const padded = ceil(a.length / lanes) * lanes;
  for (let index = 0; index < padded; index++) {
    const lane = index % lanes;
    sums[lane] = fma(a[index] ?? 0, b[index] ?? 0, sums[lane]);
  }
  for (let half = lanes / 2; half >= 1; half /= 2) {
    for (let lane = 0; lane < half; lane++) {
      sums[lane] = fround(sums[lane] + sums[lane + half]);
    }
  }
  return sums[0];
}

/** A halfspace's bit as defined: one sum over the features in order. */
export function gateByDefinition(
  hyperplane: Float32Array,
  sideInfo: Float32Array,
  bias: number,
): number {
  let sum = 0;
  for (let index = 0; index < sideInfo.length; index++) {
    sum = fma(hyperplane[index], sideInfo[index], sum);
  }
  return Number(sum > bias);
}

/** A weight row's update as defined, with `step` and `bound` rounded to single first. */
export function updateByDefinition(
  weights: Float32Array,
  input: Float32Array,
  step: number,
  bound: number,
): Float32Array {
  const negated = -fround(step);
  const limit = fround(bound);
  return weights.map((weight, index) =>
    min(max(fma(negated, input[index], weight), -limit), limit),
  );
}
