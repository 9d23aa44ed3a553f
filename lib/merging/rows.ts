/**
 * Weighted means of the weight rows of several networks with the same gates.
 *
 * A network holds the rows that it ever learned in; all others are as they began,
 * 1 / inputs throughout, and count as that.
 */

/** A layer's rows as they are saved. */
export interface LearnedRows {
  /** Which rows, ascending. */
  which: BigInt64Array;
  /** [rows][inputs] */
  weights: Float32Array;
  /** [neurons]: no weight of the neuron is larger. */
  bounds: Float32Array;
}

/** What shapes a layer's rows. */
export interface RowShape {
  /** Values a row, the bias included. */
  inputs: number;
  /** Rows of each neuron. */
  contexts: number;
}

/**
 * The means of one layer, in double precision.
 *
 * A mean of bounds is a bound of the means, but where rows begin beyond the clipping:
 * then the largest weight is.
 *
 * @param shares one a network, none negative, together 1.
 */
export function mergeRows(
  layers: readonly LearnedRows[],
  shares: readonly number[],
  { inputs, contexts }: RowShape,
): LearnedRows {
  const places = placesOf(layers, shares);
  const which = BigInt64Array.from(places.keys()).sort();
  const weights = new Float32Array(which.length * inputs);
  const bounds = meanBounds(layers, shares);
  const initial = Math.fround(1 / inputs);
  const sums = new Float64Array(inputs);
  which.forEach((row, i) => {
    sums.fill(0);
    const place = places.get(row) as readonly number[];
    for (let k = 0; k < layers.length; k++) {
      if (shares[k] > 0) addShare(sums, layers[k].weights, place[k] * inputs, initial, shares[k]);
    }
    weights.set(sums, i * inputs);
    const neuron = Math.floor(Number(row) / contexts);
    for (let j = i * inputs; j < (i + 1) * inputs; j++) {
      bounds[neuron] = Math.max(bounds[neuron], Math.abs(weights[j]));
    }
  });
  return { which, weights, bounds };
}

/** Where each network has each row, -1 where it never learned in it. */
function placesOf(
  layers: readonly LearnedRows[],
  shares: readonly number[],
): Map<bigint, number[]> {
  const places = new Map<bigint, number[]>();
  layers.forEach(({ which }, k) => {
    if (shares[k] === 0) return;
    which.forEach((row, place) => {
      const known = places.get(row) ?? new Array<number>(layers.length).fill(-1);
      known[k] = place;
      places.set(row, known);
    });
  });
  return places;
}

/** @param from below 0 for a row that was never learned in */
function addShare(
  sums: Float64Array,
  weights: Float32Array,
  from: number,
  initial: number,
  share: number,
): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] += share * (from < 0 ? initial : weights[from + i]);
  }
}

function meanBounds(layers: readonly LearnedRows[], shares: readonly number[]): Float32Array {
  return layers[0].bounds.map((_, neuron) => {
    let sum = 0;
    for (let k = 0; k < layers.length; k++) {
      if (shares[k] > 0) sum += shares[k] * layers[k].bounds[neuron];
    }
    return sum;
  });
}
