/**
 * One tensor, several in order, or several by name: what models take and give.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../../errors';
import { checkedName } from './names';
import { SymbolicTensor } from './symbolic';
import { Tensor } from './tensor';

/** What a model's inputs or outputs may be. */
export type Structure =
  | SymbolicTensor
  | readonly SymbolicTensor[]
  | { readonly [name: string]: SymbolicTensor };

/** The same structure, of something else. */
export type Structured<Shape extends Structure, Each> = Shape extends SymbolicTensor
  ? Each
  : Shape extends readonly SymbolicTensor[]
    ? Each[]
    : { [Name in keyof Shape]: Each };

/** A structure taken apart. */
export interface Parts {
  readonly kind: 'one' | 'list' | 'record';
  /** Names of the tensors: keys of a record, else the tensors' own. */
  readonly names: readonly string[];
  readonly tensors: readonly SymbolicTensor[];
}

/** @throws GlnError `ERR_GLN_OPTION` for what is no such structure. */
export function takeApart(name: string, structure: unknown): Parts {
  if (structure instanceof SymbolicTensor) {
    return { kind: 'one', names: [structure.name], tensors: [structure] };
  }
  const isList = Array.isArray(structure);
  const entries: [string, unknown][] = isList
    ? structure.map((each: unknown, i) => [String(i), each])
    : isRecord(structure)
      ? Object.entries(structure)
      : [];
  const tensors = entries.map(([, each]) => each).filter((each) => each instanceof SymbolicTensor);
  if (entries.length === 0 || tensors.length !== entries.length) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected what input() or a layer's apply gave, or several in an array or by name, ` +
        `got ${describe(structure)}`,
    );
  }
  const names = isList
    ? tensors.map((each) => each.name)
    : entries.map(([key]) => checkedName(name, key));
  if (new Set(names).size !== names.length) {
    throw new GlnError('ERR_GLN_OPTION', `${name}: expected names unlike each other, got ${names}`);
  }
  return { kind: isList ? 'list' : 'record', names, tensors };
}

/** Puts results together as the structure was. */
export function putTogether<Each>({ kind, names }: Parts, results: readonly Each[]): unknown {
  if (kind === 'one') return results[0];
  if (kind === 'list') return [...results];
  return Object.fromEntries(names.map((name, i) => [name, results[i]]));
}

/** Whether a value is a plain object rather than data. */
export function isRecord(value: unknown): value is { [key: string]: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !types.isTypedArray(value) &&
    !(value instanceof Tensor) &&
    !(value instanceof SymbolicTensor)
  );
}

/**
 * Something for each of several tensors: given by name, in order, or, where there
 * is one alone, by itself.
 *
 * @param isOne whether a value stands for itself rather than for a list
 * @returns undefined for names that a record leaves out
 * @throws GlnError `ERR_GLN_OPTION` for names that are not known, `ERR_GLN_SHAPE` for a
 *   list of another length.
 */
export function arrange(
  name: string,
  value: unknown,
  names: readonly string[],
  isOne: (value: unknown) => boolean,
): unknown[] {
  if (isRecord(value) && !isOne(value)) {
    for (const key of Object.keys(value)) {
      if (!names.includes(key)) {
        throw new GlnError(
          'ERR_GLN_OPTION',
          `${name}: expected ${names.map((each) => `'${each}'`).join(', ')}, got ${describe(key)}`,
        );
      }
    }
    return names.map((each) => value[each]);
  }
  if (names.length === 1) return [value];
  if (!Array.isArray(value) || value.length !== names.length) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected ${names.length}, in an array or by the names ${names.join(', ')}, ` +
        `got ${describe(value)}`,
    );
  }
  return value;
}
