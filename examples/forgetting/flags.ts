/** The command line of the forgetting example. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { type Output, readFlags } from '../support/program';

/** What the flags say. */
export interface Flags {
  only?: 'permuted' | 'split' | 'split-binary';
  quick: boolean;
  seed: number;
  out?: string;
  json: boolean;
  data?: string;
}

/**
 * Reads the flags.
 *
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function parseFlags(args: readonly string[], output: Output): Flags | number {
  const command = new Command('npm run example:forgetting --')
    .description('Learns MNIST tasks one after the other and measures what is forgotten.')
    .addOption(
      new Option('--only <scenario>', 'one scenario').choices([
        'permuted',
        'split',
        'split-binary',
      ]),
    )
    .option('--quick', 'few rows a task: seconds, and figures that mean little', false)
    .option(
      '--seed <number>',
      'seed of the models, the permutations and the order of rows',
      seed,
      1,
    )
    .option('--out <folder>', 'where to write a picture of each scenario, as SVG and PNG')
    .option('--json', 'print one object a line instead of tables', false)
    .option('--data <folder>', 'folder with four IDX files, such as Fashion-MNIST');
  return readFlags<Flags>(command, args, output);
}

function seed(text: string): number {
  const value = Number(text);
  // Permutations take their own seeds from it, so it stays well inside the integers.
  if (!/^\d+$/.test(text) || value > 1e9) {
    throw new InvalidArgumentError('Expected an integer from 0 to 1000000000.');
  }
  return value;
}
