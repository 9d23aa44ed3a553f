/** The command line of the MNIST example: its flags, their ranges and their defaults. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { integer, type Output, readFlags, sizes } from '../support/program';

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
    .option('--data <folder>', 'folder with four IDX files, such as Fashion-MNIST');
  return readFlags<Flags>(command, args, output);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}
