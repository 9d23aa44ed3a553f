/** The command line of the MNIST example: its flags, their ranges and their defaults. */

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

/** What the flags say. */
export interface Flags {
  layers: number[];
  seed: number;
  isa: 'auto' | 'scalar' | 'avx2' | 'avx512' | 'neon';
  threads?: number;
  learningRate: number;
  halfspaces: number;
  epochs: number;
  deskew: boolean;
  json: boolean;
  data?: string;
}

/** Where text goes; replaced in tests. */
export interface Output {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/**
 * Reads the flags.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function parseFlags(args: readonly string[], output: Output): Flags | number {
  const command = new Command('npm start --')
    .description('Trains a Gated Linear Network on MNIST in one pass, then tests it.')
    .option('--layers <sizes>', 'neurons of each hidden layer', sizes, [16, 16])
    .option('--seed <number>', 'seed of the weights and of the order of rows', integer(0), 1)
    .addOption(
      new Option('--isa <name>', 'instruction set of the kernels')
        .choices(['auto', 'scalar', 'avx2', 'avx512', 'neon'])
        .default('auto'),
    )
    .option(
      '--threads <number>',
      'threads of the kernels (default: chosen by the model)',
      integer(1),
    )
    .option('--learning-rate <number>', 'step size', positive, 1e-3)
    .option('--halfspaces <number>', 'halfspaces a neuron', integer(0), 4)
    .option('--epochs <number>', 'passes over the training rows', integer(1), 1)
    .option('--no-deskew', 'leave the images as they are')
    .option('--json', 'print one line of JSON and nothing else', false)
    .option('--data <folder>', 'folder with four IDX files, such as Fashion-MNIST')
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

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected an integer of at least ${least}.`);
    }
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}

function sizes(text: string): number[] {
  const parse = integer(1);
  return text.split(',').map((part) => parse(part.trim()));
}
