/**
 * What the command line knows of a table: which columns a row's values are made of,
 * and what is predicted. It is found once, when a model is made, and kept in the
 * model's file, so that whatever comes later is read in the same way.
 */
import { GlnError } from '../../errors';

/** How a column becomes values of a row. */
export type InputColumn =
  | { name: string; kind: 'number' | 'boolean' | 'date' | 'hash' }
  | { name: string; kind: 'oneHot'; categories: readonly string[] };

/** What is predicted, and from what kind of value. */
export interface Target {
  name: string;
  task: Task;
  /** Whether class names are numbers, so that 1, 1.0 and "1" are the same class. */
  numeric: boolean;
  /** In order of class number; empty where a number is predicted. */
  classes: readonly string[];
}

/** Kinds of prediction. */
export const TASKS = ['binary', 'classes', 'number'] as const;
export type Task = (typeof TASKS)[number];

/** A table as a model sees it: plain JSON. */
export interface Schema {
  version: 1;
  inputs: readonly InputColumn[];
  target: Target;
  /** A column that says how much each row counts. */
  weight?: string;
  /** For sparse texts, where a feature that is not named is 0; else it is missing. */
  sparse: boolean;
}

const KINDS = ['number', 'boolean', 'date', 'hash', 'oneHot'];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isInput(value: unknown): value is InputColumn {
  if (!isObject(value) || typeof value.name !== 'string') return false;
  if (!KINDS.includes(value.kind as string)) return false;
  return value.kind !== 'oneHot' || (isTexts(value.categories) && value.categories.length > 0);
}

function isTarget(value: unknown): value is Target {
  if (!isObject(value) || typeof value.name !== 'string') return false;
  if (!TASKS.includes(value.task as Task) || typeof value.numeric !== 'boolean') return false;
  return isTexts(value.classes);
}

function isSchema(value: unknown): value is Schema {
  if (!isObject(value) || value.version !== 1 || typeof value.sparse !== 'boolean') return false;
  const { inputs, target, weight } = value;
  if (weight !== undefined && typeof weight !== 'string') return false;
  return Array.isArray(inputs) && inputs.length > 0 && inputs.every(isInput) && isTarget(target);
}

/**
 * The schema of a model that was loaded.
 *
 * @throws GlnError `ERR_GLN_FORMAT` where the file has none, or one that is not whole
 */
export function schemaOf(extra: unknown, path: string): Schema {
  const schema = isObject(extra) && isObject(extra.cli) ? extra.cli.schema : undefined;
  if (schema === undefined) {
    const message = 'expected a model that gln has trained: the file names no columns';
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
  }
  if (!isSchema(schema)) {
    throw new GlnError('ERR_GLN_FORMAT', `${path}: its description of columns is damaged`);
  }
  return schema;
}
