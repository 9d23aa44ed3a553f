/** The command line of the load test. */
import { Command, InvalidArgumentError } from 'commander';
import { type Output, readFlags } from '../../support/program';
import { LEARN_ROWS } from './traffic';

/** What the flags say. */
export interface LoadFlags {
  seconds: number;
  rounds: number;
  connections: number;
  rate: number;
  learnRows: number;
  json: boolean;
}

/** @returns the flags, or the exit code: 0 after `--help`, 2 after a mistake */
export function parseLoadFlags(args: readonly string[], output: Output): LoadFlags | number {
  const command = new Command('npm run example:service:load --')
    .description('Measures predictions over HTTP while the service learns and while it does not.')
    .option('--seconds <number>', 'length of each phase', atLeast(1), 5)
    .option('--rounds <number>', 'times that all phases are gone through', atLeast(1), 3)
    .option('--connections <number>', 'connections that predict', atLeast(1), 16)
    .option('--rate <number>', 'predictions a second, where they are paced', atLeast(1), 500)
    .option(
      '--learn-rows <number>',
      'rows learned a second, where they are paced',
      atLeast(LEARN_ROWS),
      5000,
    )
    .option('--json', 'print one object and nothing else', false);
  return readFlags<LoadFlags>(command, args, output);
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > 1e6) {
      throw new InvalidArgumentError(`Expected an integer from ${least} to 1000000.`);
    }
    return value;
  };
}
