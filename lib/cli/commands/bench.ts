/** `gln bench`: how fast a network of some size learns and predicts on this machine. */
import type { Command } from 'commander';
import { RandomIntegers } from '../../data/random';
import { GLN } from '../../gln';
import { buildInfo } from '../../native';
import { formatTable } from '../../terminal/table';
import { classifierOptions } from '../class-options';
import { type CliContext, type OutputOptions, printResult } from '../context';
import type { Schema } from '../data/schema';
import { ExitCode } from '../exit-codes';
import { integer, modelFlags, type NetworkFlags, networkFlags, outputFlags } from '../flags';
import { thousands } from '../summary';
import type { CliRun } from './command';

interface BenchFlags extends OutputOptions, NetworkFlags {
  inputs: number;
  classCount: number;
  rows: number;
}

export function defineBench(program: Command, run: CliRun): void {
  const command = program
    .command('bench')
    .summary('measure the speed of a network')
    .description('Learns and predicts random rows in memory, and says how many a second.');
  outputFlags(networkFlags(command))
    .option('--inputs <count>', 'columns', integer('inputs', 1, 100_000), 40)
    .option('--class-count <count>', 'classes', integer('class-count', 2, 1000), 2)
    .option('--rows <count>', 'rows', integer('rows', 64, 10 ** 7), 50_000)
    .action((flags: BenchFlags) => {
      run.status = bench(flags, run.context);
    });
}

/** Rows with a class that the first two columns say something of. */
function randomRows(rows: number, inputs: number, classes: number, seed: number) {
  const random = new RandomIntegers(seed);
  const values = new Float32Array(rows * inputs);
  for (let i = 0; i < values.length; i++) values[i] = random.next() / 2 ** 31 - 1;
  const labels = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const place = (values[row * inputs] + 1) / 2;
    labels[row] = Math.min(classes - 1, Math.floor(place * classes));
  }
  return { values, labels };
}

function secondsOf(body: () => void): number {
  const start = performance.now();
  body();
  return (performance.now() - start) / 1000;
}

function bench(flags: BenchFlags, context: CliContext): number {
  const { inputs, classCount, rows, seed = 0 } = flags;
  const schema: Schema = {
    version: 1,
    inputs: Array.from({ length: inputs }, (_, i) => ({ name: `x${i}`, kind: 'number' })),
    target: {
      name: 'class',
      task: classCount === 2 ? 'binary' : 'classes',
      numeric: true,
      classes: Array.from({ length: classCount }, (_, i) => String(i)),
    },
    sparse: false,
  };
  const model = new GLN(classifierOptions(schema, modelFlags(flags, rows)));
  const { values, labels } = randomRows(rows, inputs, classCount, seed);
  const learnSeconds = secondsOf(() => model.learn(values, labels));
  const predictSeconds = secondsOf(() => model.predict(values));
  const one = values.subarray(0, inputs);
  const times = Array.from({ length: 1000 }, () => secondsOf(() => model.predict(one))).sort(
    (a, b) => a - b,
  );
  const { isa } = buildInfo();
  const { layerSizes, threads } = model.options;
  const result = {
    ...{ command: 'bench', rows, inputs, classes: classCount, layers: [...layerSizes, 1] },
    ...{ preset: flags.preset, isa, threads, memory: model.memory },
    learnRowsPerSecond: rows / learnSeconds,
    predictRowsPerSecond: rows / predictSeconds,
    singlePredictMicroseconds: 1e6 * times[times.length / 2],
  };
  printResult(context, flags, result, () => {
    const head = `${thousands(rows)} rows of ${inputs} columns, ${classCount} classes, layers ${result.layers.join('-')}, ${flags.preset}, ${isa}, ${threads} threads`;
    const lines = [
      ['learn', `${thousands(result.learnRowsPerSecond)} rows/s`],
      ['predict', `${thousands(result.predictRowsPerSecond)} rows/s`],
      ['predict one row, median', `${result.singlePredictMicroseconds.toFixed(1)} µs`],
      ['memory', `${thousands(model.memory)} bytes`],
    ];
    return `${head}\n${formatTable(['', 'speed'], lines)}`;
  });
  return ExitCode.ok;
}
