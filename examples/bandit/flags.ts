/** The command line of the bandit example. */

import { Command, InvalidArgumentError } from 'commander';
import { type Output, readFlags } from '../support/program';

/** What the flags say. */
export interface Flags {
  only?: string[];
  rounds: number;
  seeds: number;
  quick: boolean;
  out?: string;
  json: boolean;
}

const ROUNDS = 20_000;
const SEEDS = 3;
const MOST_ROUNDS = 1_000_000;
const MOST_SEEDS = 100;

/**
 * Reads the flags.
 *
 * @param problems names that `--only` takes
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function parseFlags(
  args: readonly string[],
  problems: readonly string[],
  output: Output,
): Flags | number {
  const command = new Command('npm run example:bandit --')
    .description('Plays bandit problems and adds up what each learner misses.')
    .option('--only <problems>', `of ${problems.join(', ')}, separated by commas`, (text) =>
      named(text, problems),
    )
    .option('--rounds <number>', 'rounds of each problem at most', count(MOST_ROUNDS), ROUNDS)
    .option('--seeds <number>', 'how many orders of rounds', count(MOST_SEEDS), SEEDS)
    .option('--quick', '2,000 rounds, one seed: seconds, and figures that mean little', false)
    .option('--out <folder>', 'where to write a picture of each problem, as SVG and PNG')
    .option('--json', 'print one object a line instead of a table', false);
  return readFlags<Flags>(command, args, output);
}

function named(text: string, problems: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!problems.includes(name)) throw new InvalidArgumentError(`${name} is no problem.`);
  }
  return names;
}

function count(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Expected an integer from 1 to ${most}.`);
    }
    return value;
  };
}
