/**
 * The standard normal distribution, which predicted variances are taken to mean:
 * how wide an interval must be to hold a number with some probability.
 */

/** Beyond it a double cannot tell the distribution's function from 1. */
const FARTHEST = 8.3;

/** The probability of a value below `z`. */
export function normalProbability(z: number): number {
  if (z < 0) return 1 - normalProbability(-z);
  if (z > FARTHEST) return 1;
  // Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/15 + …), all terms of one sign (Marsaglia 2004).
  let term = z;
  let sum = z;
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/**
 * How many standard deviations to each side of the mean the interval reaches that
 * holds a normally distributed number with probability `level`.
 *
 * @param level above 0, below 1
 */
export function intervalReach(level: number): number {
  let low = 0;
  let high = FARTHEST;
  // Halving to the last bit: it is asked for once a command, or once a program.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (2 * normalProbability(middle) - 1 < level) low = middle;
    else high = middle;
  }
}
