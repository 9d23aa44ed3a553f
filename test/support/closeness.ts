/**
 * Compares arrays of numbers and says where and by how much they differ most,
 * which a failed matcher over thousands of elements does not.
 */

export interface Tolerance {
  absolute?: number;
  relative?: number;
  /**
   * The size below which `relative` no longer shrinks: a number that came about by
   * adding and subtracting terms of this size cannot be better than their rounding.
   */
  scale?: number;
}

/**
 * Throws unless, for every element, |actual - expected| is at most
 * absolute + relative · max(|expected|, scale).
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 0, relative = 0, scale = 0 }: Tolerance,
  what = 'values',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} values, expected ${expected.length}`);
  }
  let worst = -1;
  let excess = 1;
  for (let index = 0; index < expected.length; index++) {
    const allowed = absolute + relative * Math.max(Math.abs(expected[index]), scale);
    const difference = Math.abs(actual[index] - expected[index]);
    const share = difference === 0 ? 0 : difference / allowed;
    // Written so that NaN, which compares as false, counts as different.
    if (!(share <= excess)) {
      worst = index;
      excess = Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
    }
  }
  if (worst >= 0) {
    throw new Error(
      `${what}: element ${worst} of ${expected.length} is ${actual[worst]}, expected ` +
        `${expected[worst]}: ${excess} times the tolerance`,
    );
  }
}
