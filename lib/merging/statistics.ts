/**
 * Running statistics of several models as one model that had seen all their rows
 * would have them: sums are added, and everything else follows from sums. Only
 * what a sample or a map made of them holds is close rather than equal.
 */
import { numbersOf, SAMPLES, type StageStatistics } from '../saving/statistics';

/** Rows before which a whitening map is not made anew (native/core/preprocessing). */
const FIRST_REFRESH = 10;

/** The statistics of one model, or of one of its stages. */
type Numbers = Float64Array;

/**
 * The statistics of rows that several models have seen, each row by one of them.
 *
 * @param layout what the numbers are, stage by stage.
 * @param all of each model, all of the same length.
 */
export function mergeStatistics(
  layout: readonly StageStatistics[],
  all: readonly Numbers[],
): Float64Array {
  const merged = new Float64Array(all[0].length);
  let at = 0;
  for (const stage of layout) {
    const end = at + numbersOf(stage);
    const parts = all.map((numbers) => numbers.subarray(at, end));
    MERGERS[stage.kind](parts, stage.width, merged.subarray(at, end));
    at = end;
  }
  return merged;
}

type Merger = (parts: readonly Numbers[], width: number, out: Numbers) => void;

const MERGERS: { [Kind in StageStatistics['kind']]: Merger } = {
  means: mergeMeans,
  deviations: mergeDeviations,
  ranks: mergeRanks,
  covariances: mergeCovariances,
};

/**
 * The mean of groups that have `counts` values and `means`. Taken from the smallest
 * of them, so that equal means give that mean to the bit, in any order.
 */
function commonMean(counts: readonly number[], means: readonly number[]): number {
  const known = means.filter((_, k) => counts[k] > 0);
  if (known.length === 0) return 0;
  const least = Math.min(...known);
  let away = 0;
  let count = 0;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] > 0) away += counts[k] * (means[k] - least);
    count += counts[k];
  }
  return least + away / count;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** counts, means */
function mergeMeans(parts: readonly Numbers[], width: number, out: Numbers): void {
  for (let i = 0; i < width; i++) {
    const counts = parts.map((part) => part[i]);
    out[i] = sum(counts);
    out[width + i] = commonMean(
      counts,
      parts.map((part) => part[width + i]),
    );
  }
}

/** counts, means, sums of squared differences (Chan, Golub and LeVeque 1979) */
function mergeDeviations(parts: readonly Numbers[], width: number, out: Numbers): void {
  mergeMeans(parts, width, out);
  for (let i = 0; i < width; i++) {
    const mean = out[width + i];
    out[2 * width + i] = sum(
      parts.map((part) => part[2 * width + i] + part[i] * (part[width + i] - mean) ** 2),
    );
  }
}

/**
 * counts, sorted samples. Few values are all kept. Of more, each sample stands for
 * an equal share of its model's values, and the merged samples lie at equal
 * distances in the order of all of them.
 */
function mergeRanks(parts: readonly Numbers[], width: number, out: Numbers): void {
  for (let i = 0; i < width; i++) {
    const counts = parts.map((part) => part[i]);
    const total = sum(counts);
    const pool = parts.flatMap((part, k) => {
      const kept = Math.min(counts[k], SAMPLES);
      const first = width + i * SAMPLES;
      return Array.from(part.subarray(first, first + kept), (value) => ({
        value,
        share: counts[k] / kept,
      }));
    });
    // By the share, too: the order of the models must not matter.
    pool.sort((a, b) => a.value - b.value || a.share - b.share);
    const kept = Math.min(total, SAMPLES);
    out[i] = total;
    let passed = 0;
    let next = -1;
    for (let sample = 0; sample < kept; sample++) {
      const place = ((sample + 0.5) / kept) * total;
      while (passed <= place && next + 1 < pool.length) passed += pool[++next].share;
      out[width + i * SAMPLES + sample] = pool[next].value;
    }
  }
}

/** A count, when the map is made anew, means, sums of products of differences, the map. */
function mergeCovariances(parts: readonly Numbers[], width: number, out: Numbers): void {
  const counts = parts.map((part) => part[0]);
  const seen = parts.filter((part) => part[0] > 0);
  if (seen.length <= 1) {
    out.set(seen[0] ?? parts[0]);
    return;
  }
  const total = sum(counts);
  out[0] = total;
  // The map is made of the sums with the next row that is learned; till then it is
  // the mean of the maps that the weights were learned with.
  out[1] = Math.max(FIRST_REFRESH, total + 1);
  const means = out.subarray(2, 2 + width);
  for (let i = 0; i < width; i++) {
    means[i] = commonMean(
      counts,
      parts.map((part) => part[2 + i]),
    );
  }
  const products = 2 + width;
  const map = products + width ** 2;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      out[products + at] = sum(
        parts.map(
          (part) =>
            part[products + at] + part[0] * (part[2 + i] - means[i]) * (part[2 + j] - means[j]),
        ),
      );
      out[map + at] = commonMean(
        counts,
        parts.map((part) => part[map + at]),
      );
    }
  }
}
