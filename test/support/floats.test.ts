/**
 * Checks the exact single-precision arithmetic that the kernels are held to,
 * against big integers: a wrong emulation would prove nothing, or the wrong thing.
 */

import { fma, ulp } from './floats';
import { Random } from './random';

/** value · 2^300 as an integer; exact for every float, product of floats and double here. */
function scaled(value: number): bigint {
  let exponent = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return BigInt(mantissa) << BigInt(300 - exponent);
}

/** The floats around a finite number, itself included. */
function neighbours(value: number): number[] {
  const step = ulp(value);
  return [-2, -1, 0, 1, 2].map((steps) => Math.fround(Math.fround(value) + steps * step));
}

const random = new Random(1);
const magnitudes = [
  () => random.normal(),
  () => random.normal() * 2 ** -30,
  () => random.normal() * 2 ** 30,
  () => random.below(16) - 8,
  () => random.normal() * 2 ** -70,
];
const draw = () => Math.fround(magnitudes[random.below(magnitudes.length)]());

it('fma rounds the exact result once, to nearest', () => {
  let roundedTwice = 0;
  for (let round = 0; round < 5000; round++) {
    const a = draw();
    const b = draw();
    // Often a sum close to a midpoint between floats, where double rounding shows.
    const c = random.below(2) ? draw() : Math.fround(-a * b * (1 + random.below(3) * 2 ** -24));
    const result = fma(a, b, c);
    const exact = scaled(a) * scaled(b) + (scaled(c) << 300n);
    const distance = (candidate: number) => {
      const difference = (scaled(candidate) << 300n) - exact;
      return difference < 0n ? -difference : difference;
    };
    const least = neighbours(result).map(distance);
    expect(least.every((other) => distance(result) <= other)).toBe(true);
    if (!Object.is(result, Math.fround(Math.fround(a * b) + c))) roundedTwice++;
  }
  // The cases must be hard enough to tell a fused from an unfused operation.
  expect(roundedTwice).toBeGreaterThan(100);
});

it('fma breaks the tie that doubles alone get wrong', () => {
  // 1 + 2^-24 is a midpoint between floats; the third term decides, and a double drops it.
  const a = Math.fround(1 + 2 ** -12);
  const exactProduct = a * a; // 1 + 2^-11 + 2^-24: a midpoint
  expect(Math.fround(exactProduct + 2 ** -60)).toBe(Math.fround(exactProduct));
  expect(fma(a, a, 2 ** -60)).toBe(1 + 2 ** -11 + 2 ** -23);
  expect(fma(a, a, -(2 ** -60))).toBe(1 + 2 ** -11);
});

it('fma keeps the signs of zeros', () => {
  expect(fma(-0, 1, 0)).toBe(0);
  expect(fma(-0, 1, -0)).toBe(-0);
  expect(fma(2, 3, -6)).toBe(0);
});

it('ulp is the gap between floats', () => {
  expect(ulp(1)).toBe(2 ** -23);
  expect(ulp(-1.5)).toBe(2 ** -23);
  expect(ulp(0.99999999999)).toBe(2 ** -24);
  expect(ulp(4)).toBe(2 ** -21);
  expect(ulp(1e-45)).toBe(2 ** -149);
});
