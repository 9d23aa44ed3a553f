/**
 * Names of layers: given, or made from the class and counted, as Keras does it.
 */
import { describe, GlnError } from '../../errors';

const counts = new Map<string, number>();
const LONGEST = 200;

/** `GatedLinearUnit` as `gated_linear_unit`. */
function inWords(className: string): string {
  return className.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

/** A name that no other layer was given by this function: `dense`, `dense_1`, … */
export function freshName(className: string): string {
  const base = inWords(className);
  const count = counts.get(base) ?? 0;
  counts.set(base, count + 1);
  return count === 0 ? base : `${base}_${count}`;
}

/**
 * A name that somebody chose.
 *
 * @throws GlnError `ERR_GLN_OPTION` for what cannot be part of a weight's path: an
 *   empty text, one with `/` or control characters, or of more than 200 characters.
 */
export function checkedName(name: string, value: unknown): string {
  if (
    typeof value !== 'string' ||
    value.length === 0 ||
    value.length > LONGEST ||
    /[/\p{Cc}\p{Surrogate}]/u.test(value)
  ) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected a text of 1 to ${LONGEST} characters without '/', got ${describe(value)}`,
    );
  }
  return value;
}
