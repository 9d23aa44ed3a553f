/**
 * What a look at a table tells, and how a schema is made of that and of what the
 * command line says.
 */
import { describe } from '../../errors';
import { usageError } from '../errors';
import { type InputColumn, type Schema, TASKS, type Target, type Task } from './schema';
import { className } from './values';

/** What values a column holds. */
export type ColumnType = 'number' | 'integer' | 'boolean' | 'date' | 'text' | 'unsupported';

/** One column, as it was found. */
export interface ColumnProfile {
  name: string;
  type: ColumnType;
  /** The source's own name of the type, for messages. */
  typeName: string;
  /** Its different values where they were asked for and are not too many. */
  values?: readonly string[];
  /** Of texts in the target: whether nearly all of them are numbers. */
  mostlyNumbers?: boolean;
}

/** A table, as it was found. */
export interface TableProfile {
  columns: readonly ColumnProfile[];
  /** Rows, where all of them were looked at. */
  rows: number | undefined;
  sparse: boolean;
}

/** A column of texts of which so many are numbers is one of numbers, with faults in it. */
export const MOSTLY_NUMBERS = 0.9;

/** What a source is asked to find out. */
export interface ProfileRequest {
  target: string | undefined;
  /** Classes that are told beforehand need not be looked for. */
  targetKnown: boolean;
  categories: readonly string[];
  ignored: readonly string[];
  /** A column with more categories than these is hashed. */
  mostOneHot: number;
}

/** More classes are a mistake, or a number that is to be predicted. */
export const MOST_CLASSES = 1000;
/** Whole numbers with more different values than these are quantities. */
const MOST_NUMBERED_CLASSES = 100;

/** What the command line says of columns. */
export interface SchemaFlags {
  target: string;
  /** The column that says how much each row counts. */
  weight?: string | undefined;
  ignore: readonly string[];
  categories: readonly string[];
  numbers: readonly string[];
  classes: readonly string[] | undefined;
  task: Task | undefined;
}

/**
 * Decides what becomes of each column.
 *
 * @param name of the source, for messages
 * @throws GlnError `ERR_GLN_OPTION` for columns that are not there, a target that
 *   cannot be predicted, and a table without anything to predict from
 */
export function makeSchema(name: string, profile: TableProfile, flags: SchemaFlags): Schema {
  const names = new Set(profile.columns.map((column) => column.name));
  const { target, weight, ignore, categories, numbers } = flags;
  const weights = weight === undefined ? [] : [weight];
  requireColumns(name, names, { target: [target], weight: weights, ignore, categories, numbers });
  if (weight === target) throw usageError('--weight: expected another column than the target');
  const inputs = profile.columns
    .filter((column) => ![target, weight, ...ignore].includes(column.name))
    .map((column) => inputOf(name, column, flags));
  if (inputs.length === 0) {
    throw usageError(`${name}: expected columns besides the target ${JSON.stringify(target)}`);
  }
  const found = profile.columns.find((column) => column.name === target) as ColumnProfile;
  return {
    version: 1,
    inputs,
    target: targetOf(name, found, flags),
    ...(weight !== undefined && { weight }),
    sparse: profile.sparse,
  };
}

/** @throws GlnError `ERR_GLN_OPTION` for the first that is not there */
export function requireColumns(
  source: string,
  names: ReadonlySet<string>,
  wanted: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [flag, columns] of Object.entries(wanted)) {
    const absent = columns.find((column) => !names.has(column));
    if (absent === undefined) continue;
    const known = [...names].slice(0, 20).join(', ') + (names.size > 20 ? ', …' : '');
    throw usageError(
      `--${flag}: expected a column of ${source} (${known}), got ${describe(absent)}`,
    );
  }
}

function inputOf(source: string, column: ColumnProfile, flags: SchemaFlags): InputColumn {
  const { name, type, typeName, values } = column;
  if (flags.numbers.includes(name)) return { name, kind: 'number' };
  if (flags.categories.includes(name) || type === 'text') {
    if (values === undefined || values.length === 0) return { name, kind: 'hash' };
    return { name, kind: 'oneHot', categories: [...values].sort(compare) };
  }
  if (type === 'integer') return { name, kind: 'number' };
  if (type !== 'unsupported') return { name, kind: type };
  throw usageError(
    `${source}, column ${JSON.stringify(name)}: expected numbers, texts, truth values or dates, ` +
      `got ${typeName}; leave it out by --ignore`,
  );
}

/** By code units: the same order everywhere. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function targetOf(source: string, column: ColumnProfile, flags: SchemaFlags): Target {
  const { name, type, values } = column;
  const numeric = type === 'number' || type === 'integer';
  const known = flags.classes ?? (numeric ? values?.filter(isFiniteNumber) : values);
  const at = `${source}, column ${JSON.stringify(name)}`;
  const task = flags.task ?? taskOf(at, column, known);
  if (task === 'number') return { name, task, numeric: true, classes: [] };
  if (known === undefined) {
    throw usageError(`${at}: expected at most ${MOST_CLASSES} classes, got more`);
  }
  const classes = [...new Set(known.map((value) => className(value, numeric)))];
  if (flags.classes === undefined) {
    classes.sort(numeric ? (a, b) => Number(a) - Number(b) : compare);
  }
  const least = flags.classes === undefined ? 'different values' : 'classes';
  if (classes.length < 2) {
    throw usageError(`${at}: expected at least 2 ${least} to tell apart, got ${classes.length}`);
  }
  if (task === 'binary' && classes.length !== 2) {
    throw usageError(`${at}: expected 2 classes for --task binary, got ${classes.length}`);
  }
  return { name, task, numeric, classes };
}

/** Infinities and NaN are no classes: rows that have them are faults. */
function isFiniteNumber(text: string): boolean {
  return Number.isFinite(Number(text));
}

function taskOf(
  at: string,
  { type, typeName, mostlyNumbers = false }: ColumnProfile,
  values: readonly string[] | undefined,
): Task {
  if (type === 'unsupported' || type === 'date') {
    throw usageError(`${at}: expected classes or numbers to predict, got ${typeName}`);
  }
  const count = values?.length ?? Number.POSITIVE_INFINITY;
  const quantity =
    (type === 'number' && count > 2) ||
    ((type === 'integer' || mostlyNumbers) && count > MOST_NUMBERED_CLASSES);
  if (quantity) return TASKS[2];
  return count === 2 ? TASKS[0] : TASKS[1];
}
