/**
 * The options that models of several kinds have, each checked in one place.
 */
import { availableParallelism, totalmem } from 'node:os';
import { checkedInteger, checkedRange, fail } from './checks';
import { GlnError } from './errors';
import { compileLearningRate, type LearningRate } from './schedules';

export const LARGEST_SIZE = 2 ** 31 - 1;
/** More than any machine has. */
export const LARGEST_THREADS = 1024;
const LARGEST_CONTEXT_MAP_SIZE = 16;
/** Smallest ε: below it 1 - ε is 1 in float32. */
const SMALLEST_PRED_CLIPPING = 1e-7;
/** Far above what features measure, far below what ruins sums in float32. */
const DEFAULT_INPUT_LIMIT = 1e15;

/** The default, only where nothing was given: null is a mistake like any other. */
export function or(value: unknown, fallback: unknown): unknown {
  return value === undefined ? fallback : value;
}

/** A frozen copy. */
export function layerSizes(value: unknown): readonly number[] {
  if (!Array.isArray(value)) fail('layerSizes', 'an array of positive integers', value);
  return Object.freeze(
    Array.from(value, (size, i) => checkedInteger(`layerSizes[${i}]`, size, 1, LARGEST_SIZE)),
  );
}

/** A frozen copy, one for each of `layers`. */
export function layerRates(value: unknown, layers: number): readonly number[] {
  if (!Array.isArray(value) || value.length !== layers) {
    fail('layerRates', `an array of ${layers} numbers, one a layer, the last included`, value);
  }
  const positive = (x: number) => x > 0 && Number.isFinite(Math.fround(x));
  return Object.freeze(
    Array.from(value, (rate, i) =>
      checkedRange(`layerRates[${i}]`, rate, 'a finite number above 0', positive),
    ),
  );
}

/** A copy of a schedule: what the caller changes later must not change the model. */
export function learningRate(value: unknown): LearningRate {
  compileLearningRate(value);
  const rate = value as LearningRate;
  return typeof rate === 'object' ? Object.freeze({ ...rate }) : rate;
}

export function contextMapSize(value: unknown): number {
  return checkedInteger('contextMapSize', or(value, 4), 0, LARGEST_CONTEXT_MAP_SIZE);
}

export function contextBiasScale(value: unknown): number {
  const expected = 'a finite number above 0';
  return checkedRange(
    'contextBiasScale',
    or(value, 1),
    expected,
    (x) => x > 0 && Number.isFinite(x),
  );
}

export function predClipping(value: unknown, fallback: number): number {
  return checkedRange(
    'predClipping',
    or(value, fallback),
    `a number from ${SMALLEST_PRED_CLIPPING} to below 0.5`,
    (x) => x >= SMALLEST_PRED_CLIPPING && x < 0.5,
  );
}

export function seed(value: unknown): number {
  return checkedInteger('seed', or(value, 0), 0, Number.MAX_SAFE_INTEGER);
}

export function inputLimit(value: unknown): number {
  return checkedRange(
    'inputLimit',
    or(value, DEFAULT_INPUT_LIMIT),
    'a number above 0, finite in float32',
    (x) => Math.fround(x) > 0 && Number.isFinite(Math.fround(x)),
  );
}

/** Threads where nothing else is said: as many as the processor has. */
export function availableThreads(): number {
  return Math.max(1, Math.min(LARGEST_THREADS, availableParallelism()));
}

export function threads(value: unknown): number {
  return checkedInteger('threads', or(value, availableThreads()), 1, LARGEST_THREADS);
}

/**
 * Refuses what needs more memory than this machine has: the kernel would kill the
 * process instead of failing an allocation.
 *
 * @param what needs them, with its verb.
 * @throws GlnError `ERR_GLN_MEMORY`
 */
export function refuseBeyondMemory(bytes: number, what = 'a network of this size needs'): void {
  const available = totalmem();
  if (bytes <= available) return;
  throw new GlnError(
    'ERR_GLN_MEMORY',
    `options: ${what} at least ${Math.ceil(bytes / 2 ** 20)} MiB, ` +
      `this machine has ${Math.floor(available / 2 ** 20)}`,
  );
}
