/** The command line of the benchmark: its flags, their ranges and their defaults. */
import { availableParallelism } from 'node:os';
import { Command, CommanderError } from 'commander';
import { integer, listOf, someOf } from './flag-values';

const number = integer(1, 1000);

/** What the flags say. */
export interface Flags {
  json: boolean;
  /** Cases, in the order of {@link caseNames}. */
  only: string[];
  /** Instruction sets, fastest first. */
  isa: string[];
  threads: number[];
  repeats: number;
  quick: boolean;
}

/**
 * Reads the flags.
 *
 * @param args the arguments, without the interpreter and the script
 * @param caseNames all cases
 * @param available instruction sets of this machine, slowest first
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function parseFlags(
  args: readonly string[],
  caseNames: readonly string[],
  available: readonly string[],
): Flags | number {
  const fastestFirst = [...available].reverse();
  const threads = availableParallelism() > 1 ? [1, 2] : [1];
  const command = new Command('npm run bench --')
    .description('Measures the kernels against the limits of this machine.')
    .option('--json', 'print one line of JSON for each figure and nothing else', false)
    .option('--only <cases>', 'some cases, separated by commas', someOf(caseNames), [...caseNames])
    .option('--isa <names>', 'some instruction sets', someOf(fastestFirst), fastestFirst)
    .option('--threads <numbers>', 'numbers of threads', integers, threads)
    .option('--repeats <number>', 'samples of each figure (default: 5, or 3 with --quick)', number)
    .option('--quick', 'fewer rows and shorter samples', false)
    .allowExcessArguments(false)
    .exitOverride();
  try {
    const flags = command.parse(args, { from: 'user' }).opts<Flags>();
    return { ...flags, repeats: flags.repeats ?? (flags.quick ? 3 : 5) };
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function integers(text: string): number[] {
  const values = listOf(text).map(number);
  return [...new Set(values)].sort((a, b) => a - b);
}
