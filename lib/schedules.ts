/**
 * Learning rates: constants, and schedules that depend on how many rows were seen.
 */
import { describe, GlnError } from './errors';

/**
 * η(t) = min(maximum, numerator / t), and with `decayRows` times
 * max(0, 1 - t / decayRows). t is 1 for the first row a model learns.
 */
export interface InverseSchedule {
  /** Which schedule it is. */
  type: 'inverse';
  /** Positive. */
  numerator: number;
  /** Positive. */
  maximum: number;
  /** Rows after which the rate has fallen to nothing; a positive integer. */
  decayRows?: number;
}

/** η(t) = max(minimum, min(maximum, numerator / √t)). */
export interface InverseSquareRootSchedule {
  /** Which schedule it is. */
  type: 'inverseSquareRoot';
  /** Positive. */
  numerator: number;
  /** Positive. */
  maximum: number;
  /** Positive, at most `maximum`; the rate never falls below it. Default: no bound. */
  minimum?: number;
}

/** η(t) falls in a straight line from `initial` to `final` over `rows` rows, and stays there. */
export interface LinearSchedule {
  /** Which schedule it is. */
  type: 'linear';
  /** Positive. */
  initial: number;
  /** At least 0, at most `initial`. */
  final: number;
  /** A positive integer. */
  rows: number;
}

/** Schedules that are plain data, and so can be saved. */
export type Schedule = InverseSchedule | InverseSquareRootSchedule | LinearSchedule;

/**
 * A learning rate: a number above 0, a schedule, or a function of t, the number
 * of the row that is learned (1 for the first), that returns a number of at
 * least 0.
 */
export type LearningRate = number | Schedule | ((t: number) => number);

/** The GLN paper's schedule for MNIST: min(100 / t, 0.01) (arXiv 1910.01526, section 5). */
export const PAPER_LEARNING_RATE: Readonly<InverseSchedule> = Object.freeze({
  type: 'inverse',
  numerator: 100,
  maximum: 0.01,
});

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
  return compileChanging(rate, 'learningRate');
}

/**
 * A schedule or a function as a function of t.
 *
 * @param name what it is the value of, in messages.
 */
export function compileChanging(rate: unknown, name: string): (t: number) => number {
  if (typeof rate === 'function') return checkedFunction(rate as (t: number) => unknown, name);
  if (typeof rate === 'object' && rate !== null) {
    const type: unknown = (rate as { type?: unknown }).type;
    if (typeof type === 'string' && Object.hasOwn(SCHEDULES, type)) {
      return compileSchedule(type as Schedule['type'], { ...rate, [NAME]: name });
    }
  }
  throw new GlnError(
    'ERR_GLN_OPTION',
    `${name}: expected a number, a function of the row number, or a schedule of type ` +
      `${Object.keys(SCHEDULES).join(', ')}, got ${describe(rate)}`,
  );
}

/** Key of the name that messages call a schedule by. */
const NAME = Symbol('name');

/** A schedule as it was given: checked key by key. */
type Given = { [key: string]: unknown; [NAME]: string };

interface ScheduleKind {
  keys: readonly string[];
  compile: (given: Given) => (t: number) => number;
}

const SCHEDULES: { [Type in Schedule['type']]: ScheduleKind } = {
  inverse: { keys: ['numerator', 'maximum', 'decayRows'], compile: compileInverse },
  inverseSquareRoot: { keys: ['numerator', 'maximum', 'minimum'], compile: compileSquareRoot },
  linear: { keys: ['initial', 'final', 'rows'], compile: compileLinear },
};

function compileSchedule(type: Schedule['type'], given: Given): (t: number) => number {
  const { keys, compile } = SCHEDULES[type];
  for (const key of Object.keys(given)) {
    if (key !== 'type' && !keys.includes(key)) {
      throw new GlnError('ERR_GLN_OPTION', `${given[NAME]}: unknown key ${describe(key)}`);
    }
  }
  return compile(given);
}

function fail(given: Given, key: string, expected: string): never {
  throw new GlnError(
    'ERR_GLN_OPTION',
    `${given[NAME]}.${key}: expected ${expected}, got ${describe(given[key])}`,
  );
}

function positive(given: Given, key: string): number {
  const value = given[key];
  if (!isPositive(value)) fail(given, key, 'a finite number above 0');
  return value;
}

function positiveInteger(given: Given, key: string): number {
  const value = given[key];
  if (!isPositive(value) || !Number.isInteger(value)) fail(given, key, 'a positive integer');
  return value;
}

function compileInverse(given: Given): (t: number) => number {
  const numerator = positive(given, 'numerator');
  const maximum = positive(given, 'maximum');
  if (given.decayRows === undefined) return (t) => Math.min(maximum, numerator / t);
  const decayRows = positiveInteger(given, 'decayRows');
  return (t) => Math.min(maximum, numerator / t) * Math.max(0, 1 - t / decayRows);
}

function compileSquareRoot(given: Given): (t: number) => number {
  const numerator = positive(given, 'numerator');
  const maximum = positive(given, 'maximum');
  const minimum = given.minimum === undefined ? 0 : positive(given, 'minimum');
  if (minimum > maximum) fail(given, 'minimum', `at most the maximum, ${maximum}`);
  return (t) => Math.max(minimum, Math.min(maximum, numerator / Math.sqrt(t)));
}

function compileLinear(given: Given): (t: number) => number {
  const initial = positive(given, 'initial');
  const final = given.final;
  if (typeof final !== 'number' || !(final >= 0) || final > initial) {
    fail(given, 'final', `a number from 0 to the initial one, ${initial}`);
  }
  const rows = positiveInteger(given, 'rows');
  return (t) => final + (initial - final) * Math.max(0, 1 - t / rows);
}

function checkedFunction(schedule: (t: number) => unknown, name: string): (t: number) => number {
  return (t) => {
    const rate = schedule(t);
    // Rates become float32: the check is on what arrives there.
    if (typeof rate !== 'number' || !(rate >= 0) || !Number.isFinite(Math.fround(rate))) {
      throw new GlnError(
        'ERR_GLN_OPTION',
        `${name}(${t}): expected a finite number of at least 0, got ${describe(rate)}`,
      );
    }
    return rate;
  };
}
