/** Values of flags that several command lines take, and what is said of wrong ones. */
import { InvalidArgumentError } from 'commander';

/** Names out of `known`, in its order, each once. */
export function someOf(known: readonly string[]): (text: string) => string[] {
  return (text) => {
    const wanted = new Set(listOf(text));
    for (const name of wanted) {
      if (!known.includes(name)) {
        throw new InvalidArgumentError(`"${name}" is none of ${known.join(', ')}.`);
      }
    }
    return known.filter((name) => wanted.has(name));
  };
}

/** What stands between commas. */
export function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** An integer within a range. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected an integer from ${least} to ${most}.`);
    }
    return value;
  };
}
