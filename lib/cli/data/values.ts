/**
 * Single values of a table as numbers: for the readers of text, for requests over
 * HTTP, and for class names from wherever they come.
 */
import { hashCategory } from '../../preprocessing/categories';
import type { InputColumn, Target } from './schema';

/** A label that is no class: an unknown name, or none. */
export const NO_CLASS = 2 ** 32 - 1;

/** Stands for a value that cannot be read as its column's kind; no row may hold it. */
export const UNREADABLE = Number.POSITIVE_INFINITY;

/** Texts that stand for a missing value in CSV and on the command line. */
export const MISSING_TEXTS: readonly string[] = [
  '',
  'NA',
  'N/A',
  'NaN',
  'nan',
  'null',
  'NULL',
  '?',
];

const MILLISECONDS_A_DAY = 86_400_000;

/** Categories that were seen lately keep their number; hashing a name is slow. */
const MOST_CACHED = 100_000;

/** Names of one column as numbers. */
export class CategoryNumbers {
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = hashCategory(name);
      if (this.#numbers.size >= MOST_CACHED) this.#numbers.clear();
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Whether a value is there at all. */
export function isMissing(value: unknown, missing: ReadonlySet<string>): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return missing.has(value.trim());
  return typeof value === 'number' && Number.isNaN(value);
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  // "NaN" is a missing value, and was dealt with; anything else is no number.
  return Number.isNaN(number) ? UNREADABLE : number;
}

const TRUTHS = new Map([
  ['true', 1],
  ['t', 1],
  ['yes', 1],
  ['1', 1],
  ['false', 0],
  ['f', 0],
  ['no', 0],
  ['0', 0],
]);

function booleanOf(value: unknown): number {
  if (typeof value === 'boolean' || typeof value === 'number') return Number(value);
  return TRUTHS.get(String(value).trim().toLowerCase()) ?? UNREADABLE;
}

/** Days since 1970: fine enough in float32 for a minute and a half. */
function dateOf(value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? UNREADABLE : time / MILLISECONDS_A_DAY;
}

/** A function that reads a column's values; NaN is a missing one, {@link UNREADABLE} none at all. */
export function valueReader(
  column: InputColumn,
  missing: ReadonlySet<string>,
): (value: unknown) => number {
  const read = readerOf(column);
  return (value) => (isMissing(value, missing) ? Number.NaN : read(value));
}

function readerOf(column: InputColumn): (value: unknown) => number {
  switch (column.kind) {
    case 'number':
      return numberOf;
    case 'boolean':
      return booleanOf;
    case 'date':
      return dateOf;
    case 'hash': {
      const numbers = new CategoryNumbers();
      return (value) => numbers.of(String(value).trim());
    }
    case 'oneHot': {
      const places = new Map(column.categories.map((name, i) => [name, i]));
      // A category that was not there before sets no indicator.
      return (value) => places.get(String(value).trim()) ?? Number.NaN;
    }
  }
}

/** The name of a class as schemas have it. */
export function className(value: unknown, numeric: boolean): string {
  const text = String(value).trim();
  if (!numeric || text === '') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : String(number);
}

/** What the target column holds, one a row: class numbers, or numbers. */
export type Targets = Uint32Array | Float64Array;

/** Room for so many targets. */
export function newTargets({ task }: Target, count: number): Targets {
  return task === 'number' ? new Float64Array(count) : new Uint32Array(count);
}

/** Largest magnitude of a value; the models' own limit by default. */
export const LARGEST_VALUE = 1e15;

/** Whether a target can be learned; {@link NO_CLASS} and NaN cannot. */
export function isTarget({ task }: Target, value: number): boolean {
  return task === 'number' ? Math.abs(value) <= LARGEST_VALUE : value !== NO_CLASS;
}

/** What a target should have been, for a message. */
export function expectedTarget({ task, classes }: Target): string {
  if (task === 'number') return 'a number within ± 10^15';
  return `one of the classes ${classes.slice(0, 10).join(', ')}${classes.length > 10 ? ', …' : ''}`;
}

/** A function from values to targets: {@link NO_CLASS}, or NaN, where there is none. */
export function targetReader(target: Target): (value: unknown) => number {
  return target.task === 'number' ? realNumberOf : classReader(target);
}

/** A value as a number; NaN where it is none. */
export function realNumberOf(value: unknown): number {
  if (typeof value === 'string' && value.trim() !== '') return Number(value);
  return typeof value === 'number' ? value : Number.NaN;
}

/** A function from values to class numbers, {@link NO_CLASS} where there is none. */
function classReader({ classes, numeric }: Target): (value: unknown) => number {
  const byName = new Map(classes.map((name, i) => [name, i]));
  // Numbers come in millions: no text is made of them.
  const byNumber = new Map(numeric ? classes.map((name, i) => [Number(name), i]) : []);
  return (value) => {
    if (typeof value === 'number' && numeric) return byNumber.get(value) ?? NO_CLASS;
    if (value === null || value === undefined) return NO_CLASS;
    return byName.get(className(value, numeric)) ?? NO_CLASS;
  };
}
