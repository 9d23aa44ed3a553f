/**
 * Learning rates: constants, and schedules that depend on how many rows were seen.
 */
import { describe, GlnError } from './errors';

/**
 * η(t) = min(maximum, numerator / t), and with `decayRows` times
 * max(0, 1 - t / decayRows). t is 1 for the first row a model learns.
 */
export interface InverseSchedule {
  type: 'inverse';
  /** Positive. */
  numerator: number;
  /** Positive. */
  maximum: number;
  /** Rows after which the rate has fallen to nothing; a positive integer. */
  decayRows?: number;
}

/**
 * A learning rate: a number above 0, a schedule, or a function of t, the number
 * of the row that is learned (1 for the first), that returns a number of at
 * least 0.
 */
export type LearningRate = number | InverseSchedule | ((t: number) => number);

/** The GLN paper's schedule for MNIST: min(100 / t, 0.01) (arXiv 1910.01526, section 5). */
export const PAPER_LEARNING_RATE: Readonly<InverseSchedule> = Object.freeze({
  type: 'inverse',
  numerator: 100,
  maximum: 0.01,
});

const SCHEDULE_KEYS = new Set(['type', 'numerator', 'maximum', 'decayRows']);

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

/** The rate as a function of t, or the number itself when it never changes. */
export function compileLearningRate(rate: unknown): number | ((t: number) => number) {
  if (typeof rate === 'number') {
    if (!isPositive(rate)) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `learningRate: expected a finite number above 0, got ${describe(rate)}`,
      );
    }
    return rate;
  }
  if (typeof rate === 'function') return checkedFunction(rate as (t: number) => unknown);
  if (
    typeof rate === 'object' &&
    rate !== null &&
    (rate as { type?: unknown }).type === 'inverse'
  ) {
    return compileInverse(rate as InverseSchedule);
  }
  throw new GlnError(
    'ERR_GLN_OPTION',
    'learningRate: expected a number, a function of the row number, or a schedule ' +
      `{ type: 'inverse', numerator, maximum }, got ${describe(rate)}`,
  );
}

function compileInverse(schedule: InverseSchedule): (t: number) => number {
  const { numerator, maximum, decayRows } = schedule;
  for (const key of Object.keys(schedule)) {
    if (!SCHEDULE_KEYS.has(key)) {
      throw new GlnError('ERR_GLN_OPTION', `learningRate: unknown key ${describe(key)}`);
    }
  }
  for (const [name, value] of Object.entries({ numerator, maximum })) {
    if (!isPositive(value)) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `learningRate.${name}: expected a finite number above 0, got ${describe(value)}`,
      );
    }
  }
  if (decayRows === undefined) return (t) => Math.min(maximum, numerator / t);
  if (!isPositive(decayRows) || !Number.isInteger(decayRows)) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `learningRate.decayRows: expected a positive integer, got ${describe(decayRows)}`,
    );
  }
  return (t) => Math.min(maximum, numerator / t) * Math.max(0, 1 - t / decayRows);
}

function checkedFunction(schedule: (t: number) => unknown): (t: number) => number {
  return (t) => {
    const rate = schedule(t);
    // Rates become float32: the check is on what arrives there.
    if (typeof rate !== 'number' || !(rate >= 0) || !Number.isFinite(Math.fround(rate))) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `learningRate(${t}): expected a finite number of at least 0, got ${describe(rate)}`,
      );
    }
    return rate;
  };
}
