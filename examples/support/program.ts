/**
 * What all examples that take flags have in common: where their text goes, how flags
 * are read, and how an example runs as a program. It loads no model.
 */
import { type Command, CommanderError, InvalidArgumentError } from 'commander';

/** Where text goes; replaced in tests. */
export interface Output {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

export const CONSOLE: Output = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
};

/**
 * Reads the flags of a command.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function readFlags<Flags extends object>(
  command: Command,
  args: readonly string[],
  output: Output,
): Flags | number {
  command
    .allowExcessArguments(false)
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .exitOverride();
  try {
    return command.parse(args, { from: 'user' }).opts<Flags>();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

/** A flag's whole number. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected an integer of at least ${least}.`);
    }
    return value;
  };
}

/** A flag's whole numbers above 0, separated by commas. */
export function sizes(text: string): number[] {
  const parse = integer(1);
  return text.split(',').map((part) => parse(part.trim()));
}

/** Runs an example whose exit code is the process's; where it breaks, that is 1. */
export function runAsProgram(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
