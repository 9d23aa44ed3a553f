/**
 * Where the randomness of layers comes from: one sequence of seeds for the
 * process, from which layers and models take theirs when they are made.
 *
 * A program that makes the same layers in the same order gets the same weights in
 * every run. Each layer has streams of its own from then on, so that what one
 * model does never moves another's numbers.
 */
import { RandomIntegers } from '../../data/random';
import { describe, GlnError } from '../../errors';

/** Odd, so that multiples of it visit every seed: 2^53 divided by the golden ratio. */
const STRIDE = 0x13c6ef372fe94fn;
const SEED_BITS = 53;
const TWO_TO_24 = 2 ** 24;

let sequence = new RandomIntegers(0);

/** The next of a stream's integers with 53 bits. */
function draw53(random: RandomIntegers): number {
  return random.next() * 2 ** 21 + (random.next() >>> 11);
}

/**
 * Starts the sequence of seeds anew: layers and models that are made after this
 * call, in the same order, begin with the same numbers. Without it, a process
 * begins as after `setRandomSeed(0)`.
 *
 * @param seed an integer from 0 to 2^53 - 1
 * @throws GlnError `ERR_GLN_OPTION` for any other value
 */
export function setRandomSeed(seed: number): void {
  sequence = new RandomIntegers(seed);
}

/** A seed for a layer or model that was given none. */
export function nextSeed(): number {
  return draw53(sequence);
}

/** The seed of the part number `index` of something that has a seed. */
export function deriveSeed(seed: number, index: number): number {
  const start = BigInt(draw53(new RandomIntegers(seed)));
  return Number(BigInt.asUintN(SEED_BITS, start + BigInt(index + 1) * STRIDE));
}

/** @throws GlnError `ERR_GLN_OPTION` for anything but an integer from 0 to 2^53 - 1. */
export function checkedSeed(name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    const message = `expected an integer from 0 to 2^53 - 1, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
  }
  return value;
}

/** The next number in [0, 1) that float32 holds exactly. */
export function uniform(random: RandomIntegers): number {
  return (random.next() >>> 8) / TWO_TO_24;
}
