/** The command line of the comparison: its flags, their ranges and their defaults. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { integer, someOf } from '../flag-values';

/** What the flags say. */
export interface Flags {
  json: boolean;
  quick: boolean;
  /** Models, in the order of those known. */
  only: string[];
  /** Data sets, likewise. */
  data: string[];
  samples: number;
  /** Rows to learn at most; as many as there are if absent. */
  rows?: number;
  seed: number;
  /** An interpreter that must be there. */
  python?: string;
  /** A picture, `.svg` or `.png`. */
  report?: string;
}

/** Where text goes; replaced in tests. */
export interface Output {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** What the flags choose from. */
export interface Choices {
  peers: readonly string[];
  datasets: readonly string[];
  defaultDatasets: readonly string[];
}

const SAMPLES = 3;
const QUICK_SAMPLES = 1;
const QUICK_ROWS = 1000;
const MOST_ROWS = 1e7;
const MOST_SEED = 2 ** 32 - 2;

/**
 * Reads the flags.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the flags, or the exit code when there is nothing to run: 0 after
 *   `--help`, 2 after a mistake that has been explained on stderr
 */
export function parseFlags(
  args: readonly string[],
  { peers, datasets, defaultDatasets }: Choices,
  output: Output,
): Flags | number {
  const command = new Command('npm run bench:peers --')
    .description('Compares GLNs with other models on the same rows, side by side.')
    .option('--only <models>', `some models: ${peers.join(', ')}`, someOf(peers), [...peers])
    .option('--data <names>', `data sets: ${datasets.join(', ')}`, someOf(datasets), [
      ...defaultDatasets,
    ])
    .option(
      '--samples <number>',
      'processes a model (default: 3, or 1 with --quick)',
      integer(1, 100),
    )
    .option(
      '--rows <number>',
      'rows to learn at most, and half as many to test',
      integer(1, MOST_ROWS),
    )
    .option('--seed <number>', 'of the rows and the models', integer(0, MOST_SEED), 1)
    .option('--quick', `one sample, ${QUICK_ROWS} rows to learn at most`, false)
    .option('--python <path>', 'Python with NumPy and others (or GLN_PYTHON; default: python3)')
    .option('--report <file>', 'also draw a picture, .svg or .png', picture)
    .option('--json', 'print one line of JSON for each model and nothing else', false)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .exitOverride();
  try {
    const flags = command.parse(args, { from: 'user' }).opts<Flags>();
    return {
      ...flags,
      samples: flags.samples ?? (flags.quick ? QUICK_SAMPLES : SAMPLES),
      rows: flags.rows ?? (flags.quick ? QUICK_ROWS : undefined),
    };
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function picture(text: string): string {
  if (!/\.(svg|png)$/i.test(text)) {
    throw new InvalidArgumentError('Expected a name that ends with .svg or .png.');
  }
  return text;
}
