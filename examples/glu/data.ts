/**
 * Rows that the examples of this folder learn from.
 *
 * One feature decides which of two others counts, which is what a gate is for, and
 * what no linear model can tell.
 */
import { randomNormal, type Tensor } from 'gated-linear-networks/layers';

/** Rows with a number each, and what is made of it. */
export interface GatedRows {
  /** [rows, features], standard normal. */
  x: Tensor;
  /** Feature 1 where feature 0 is positive, else minus feature 2. */
  value: number[];
  /** Whether that is positive: 0 or 1. */
  sign: number[];
}

/** @param features at least 3 */
export function gatedRows(rows: number, features: number, seed: number): GatedRows {
  const x = randomNormal([rows, features], { seed });
  const value = Array.from({ length: rows }, (_, row) => {
    const [switched, first, second] = x.data.subarray(row * features, row * features + 3);
    return switched > 0 ? first : -second;
  });
  return { x, value, sign: value.map((number) => Number(number > 0)) };
}
