/** The command line of the accuracy report: its flags, their ranges and their defaults. */
import { Command, CommanderError } from 'commander';
import { integer, listOf, someOf } from '../flag-values';

/** What the flags say. */
export interface Flags {
  quick: boolean;
  json: boolean;
  /** Data sets, in the order of the names known; absent when not given. */
  only?: string[];
  seeds: number;
  firstSeed: number;
  threads?: number;
  out: string;
  csv?: string;
  label?: string;
  drop?: string[];
  fashion?: string;
  python?: string;
  record: boolean;
}

/** Where text goes; replaced in tests. */
export interface Output {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

const SEEDS = 5;
const QUICK_SEEDS = 2;
const MOST_SEEDS = 1000;
const LARGEST_SEED = 2 ** 32;

/**
 * Reads the flags.
 *
 * @param args the arguments, without the interpreter and the script
 * @param known names of all data sets
 * @param defaultOut the folder of the pictures
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 1 after a mistake that has been explained on stderr
 */
export function parseFlags(
  args: readonly string[],
  known: readonly string[],
  defaultOut: string,
  output: Output,
): Flags | number {
  const command = new Command('npm run bench:accuracy --')
    .description('Measures how well the presets learn, beside linear models and boosted trees.')
    .option('--quick', 'fewer rows of images, the smaller tables, two seeds', false)
    .option('--json', 'print one line of JSON for each figure and nothing else', false)
    .option('--only <names>', `some data sets: ${known.join(', ')}`, someOf(known))
    .option('--seeds <number>', 'seeds (default: 5, or 2 with --quick)', integer(1, MOST_SEEDS))
    .option('--first-seed <number>', 'the first of them', integer(0, LARGEST_SEED), 1)
    .option('--threads <number>', 'threads (default: chosen by the models)', integer(1, 1024))
    .option('--out <folder>', 'where pictures go', defaultOut)
    .option('--csv <file>', 'a table of your own, with a header')
    .option('--label <column>', 'its label: a name, or a number from 1 (default: the last column)')
    .option('--drop <columns>', 'columns of it to leave out, separated by commas', listOf)
    .option('--fashion <folder>', 'IDX files of Fashion-MNIST (or GLN_FASHION_MNIST)')
    .option('--python <path>', 'Python with scikit-learn (or GLN_PYTHON; default: python3)')
    .option('--record', 'only run scikit-learn on the tables, and keep its figures', false)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .exitOverride();
  try {
    const flags = command.parse(args, { from: 'user' }).opts<Flags>();
    for (const name of ['label', 'drop'] as const) {
      if (flags[name] !== undefined && flags.csv === undefined) {
        command.error(`error: option '--${name}' needs --csv`);
      }
    }
    return { ...flags, seeds: flags.seeds ?? (flags.quick ? QUICK_SEEDS : SEEDS) };
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}
