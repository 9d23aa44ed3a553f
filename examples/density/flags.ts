/** The command line of the density example: its flags, their ranges and their defaults. */

import { Command, Option } from 'commander';
import { integer, type Output, readFlags, sizes } from '../support/program';
import type { Binarisation } from './images';

/** What the flags say. */
export interface Flags {
  rows: number;
  testRows: number;
  shrink: number;
  binarise: Binarisation;
  layers: number[];
  halfspaces: number;
  inputBits: number;
  gateBits: number;
  seed: number;
  threads?: number;
  out: string;
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
  const command = new Command('npm run example:density --')
    .description('Learns the density of binarised MNIST in one pass, and draws digits.')
    .option('--rows <number>', 'training images', integer(1), 60_000)
    .option('--test-rows <number>', 'test images', integer(1), 10_000)
    .option('--shrink <factor>', 'pixels that become one, a side: 1, 2, 4, 7 or 14', integer(1), 1)
    .addOption(
      new Option(
        '--binarise <how>',
        'pixels are 1 by their grey level as a probability, or above one half',
      )
        .choices(['sample', 'threshold'])
        .default('sample'),
    )
    .option('--layers <sizes>', 'neurons of each hidden layer', sizes, [16, 8])
    .option('--halfspaces <number>', 'halfspaces a neuron', integer(0), 6)
    .option('--input-bits <number>', 'nearest pixels that a network mixes', integer(1), 80)
    .option('--gate-bits <number>', 'nearest pixels that gates look at', integer(1), 12)
    .option('--seed <number>', 'seed of the gates, the binarisation and the drawing', integer(0), 1)
    .option(
      '--threads <number>',
      'networks worked on at once (default: the processors)',
      integer(1),
    )
    .option('--out <file>', 'the picture, .svg or .png', 'density.png')
    .option('--json', 'print one line of JSON and nothing else', false)
    .option('--data <folder>', 'folder with four IDX files, such as Fashion-MNIST');
  return readFlags<Flags>(command, args, output);
}
