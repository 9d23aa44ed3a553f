/**
 * Checks of single option values, with one form of message for all.
 */
import { checkKeys } from './calls';
import { describe, GlnError } from './errors';

/** Says that an option is wrong. */
export function fail(name: string, expected: string, got: unknown): never {
  throw new GlnError('ERR_GLN_OPTION', `${name}: expected ${expected}, got ${describe(got)}`);
}

/** The options of a model, of which all are known; their values are still to be checked. */
export function checkedOptions<Options extends object>(
  options: unknown,
  known: ReadonlySet<string>,
): { [Key in keyof Options]: unknown } {
  if (typeof options !== 'object' || options === null) fail('options', 'an object', options);
  checkKeys(options, known);
  return options as { [Key in keyof Options]: unknown };
}

/** An integer in [least, most]. */
export function checkedInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    fail(name, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

/** A number in [least, most]; the largest doubles stand for no bound but finiteness. */
export function checkedNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least) || !(value <= most)) {
    const bounds =
      most === Number.MAX_VALUE ? 'a finite number' : `a number from ${least} to ${most}`;
    fail(name, bounds, value);
  }
  return value;
}

/** True or false. */
export function checkedFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') fail(name, 'true or false', value);
  return value;
}

/** A number in the given range; `expected` says it in words. */
export function checkedRange(
  name: string,
  value: unknown,
  expected: string,
  inside: (x: number) => boolean,
): number {
  if (typeof value !== 'number' || !inside(value)) fail(name, expected, value);
  return value;
}

/** One of the given names. */
export function checkedChoice<Name extends string>(
  name: string,
  value: unknown,
  names: readonly Name[],
): Name {
  const known: readonly unknown[] = names;
  if (!known.includes(value)) fail(name, names.map((known) => `'${known}'`).join(' or '), value);
  return value as Name;
}
