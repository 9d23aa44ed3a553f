/** Where an axis has its numbers, and how they are written. */

/** Decades up to which 2 and 5 have a tick beside the powers of ten. */
const FINE_DECADES = 2;

/** A number as people write it in English, without the noise of binary fractions. */
export function tickText(value: number): string {
  return Number(value.toPrecision(10)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** The same, short enough for the side of a picture: `25k`, `1.5M`. */
export function shortTick(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 });
}

/**
 * Ticks of an axis that ends at a given number above: evenly spaced below it, as the
 * library's own are not, down to the first that is not above the data.
 */
export function ticksUpTo(high: number, low: number): number[] {
  const range = Math.max(high - low, Math.abs(high) / 100, Number.MIN_VALUE);
  const rough = range / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const steps = Math.ceil(range / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => high - (steps - i) * step);
}

/**
 * Ticks of a logarithmic axis that shows the data and little else: 1, 2 and 5 times
 * powers of ten within the range, or powers of ten alone where there are many.
 *
 * @param low above 0
 * @param high above `low`
 */
export function logTicks(low: number, high: number): number[] {
  const steps = Math.log10(high / low) > FINE_DECADES ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    ticks.push(...steps.map((step) => step * 10 ** power));
  }
  // Rounding of powers below 1 must not lose the ends.
  const inside = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  return inside.length > 1 ? inside : [low, high];
}
