/**
 * What single options are worth on tables of bench/data: a plain network, and the
 * same with one thing changed, each learned once (or as often as a line says) on
 * 70 % of the rows and tested on the rest. docs/tuning.md has what came out.
 *
 *     npx ts-node --transpile-only bench/tuning/main.ts letter satellite pima --seeds 3
 */
import { parseArgs } from 'node:util';
import { evaluate, GLN, type GLNOptions, type Preprocessing } from 'gated-linear-networks';
import { formatTable } from '../../lib/terminal/table';
import { openTable, splitTable } from '../data/catalogue';

const STANDARDIZED: Preprocessing = [{ type: 'impute' }, { type: 'standardize' }];
const RATE = 0.02;

/** What a change needs to know of its task. */
interface Task {
  inputSize: number;
  numClasses: number;
  /** Rows that will be learned. */
  rows: number;
}

interface Change {
  name: string;
  /** Options that differ from the plain network's. */
  options?: (task: Task) => Partial<GLNOptions>;
  /** Passes over the rows; default 1. */
  passes?: number;
  /** In place of the plain network. */
  make?: (task: Task & { seed: number }) => GLN;
}

const set = (name: string, options: Partial<GLNOptions>): Change => ({
  name,
  options: () => options,
});

/** Several changes that help, at once; put together after a look at each alone. */
const TOGETHER: Partial<GLNOptions> = {
  aggregation: 'average',
  layerRates: [1, 0.3, 0.3],
  contextMapSize: 6,
};

const CHANGES: readonly Change[] = [
  { name: 'plain network' },
  {
    name: 'defaults: no preprocessing, rate 0.001',
    make: ({ inputSize, numClasses, seed }) =>
      new GLN({ inputSize, numClasses, seed, layerSizes: [32, 16], basePredictor: 'minMax' }),
  },
  set('base: normalizeRow', { basePredictor: [{ type: 'impute' }, { type: 'normalizeRow' }] }),
  set('gates: rows as they come', { sideInfo: [{ type: 'impute' }] }),
  set('base: whitened', { basePredictor: [{ type: 'whiten' }] }),
  set('learningRate 0.001', { learningRate: 0.001 }),
  set('learningRate 0.005', { learningRate: 0.005 }),
  set('learningRate 0.05', { learningRate: 0.05 }),
  set('learningRate 0.1', { learningRate: 0.1 }),
  set('learningRate 0.2', { learningRate: 0.2 }),
  {
    name: 'learningRate from 0.1 to 0.001',
    options: ({ rows }) => ({
      learningRate: { type: 'linear', initial: 0.1, final: 0.001, rows },
    }),
  },
  set('learningRate 2 / √t within 0.02 and 0.1', {
    learningRate: { type: 'inverseSquareRoot', numerator: 2, maximum: 0.1, minimum: RATE },
  }),
  set('contextBias false', { contextBias: false }),
  set('contextMapSize 0', { contextMapSize: 0 }),
  set('contextMapSize 2', { contextMapSize: 2 }),
  set('contextMapSize 6', { contextMapSize: 6 }),
  set('contextMapSize 8', { contextMapSize: 8 }),
  set('gateFeatures 1', { gateFeatures: 1 }),
  set('shareContexts', { shareContexts: true }),
  set('layerSizes []', { layerSizes: [] }),
  set('layerSizes [16]', { layerSizes: [16] }),
  set('layerSizes [64, 32]', { layerSizes: [64, 32] }),
  set('layerSizes [128, 32]', { layerSizes: [128, 32] }),
  set('layerSizes [32, 32, 16]', { layerSizes: [32, 32, 16] }),
  set('layerRates [1, 0.3, 0.3]', { layerRates: [1, 0.3, 0.3] }),
  set("aggregation 'average'", { aggregation: 'average' }),
  set("aggregation 'switching'", { aggregation: 'switching' }),
  set('predClipping 0.01', { predClipping: 0.01 }),
  set('predClipping 0.0001', { predClipping: 0.0001 }),
  set('weightClipping 20', { weightClipping: 20 }),
  set('together', TOGETHER),
  {
    name: 'together, learningRate from 0.1 to 0.001',
    options: ({ rows }) => ({
      ...TOGETHER,
      learningRate: { type: 'linear', initial: 0.1, final: 0.001, rows },
    }),
  },
  { name: '2 passes', passes: 2 },
  { name: '5 passes', passes: 5 },
  {
    name: 'preset tabular',
    make: ({ inputSize, numClasses, seed }) =>
      GLN.preset('tabular', { inputSize, numClasses, seed }),
  },
  {
    name: 'preset tabular, rows given',
    make: ({ inputSize, numClasses, seed, rows }) =>
      GLN.preset('tabular', { inputSize, numClasses, seed, rows }),
  },
];

function makeModel({ options, make }: Change, task: Task, seed: number): GLN {
  if (make !== undefined) return make({ ...task, seed });
  const { inputSize, numClasses } = task;
  return new GLN({
    inputSize,
    numClasses,
    seed,
    layerSizes: [32, 16],
    contextBias: true,
    basePredictor: STANDARDIZED,
    sideInfo: STANDARDIZED,
    learningRate: RATE,
    ...options?.(task),
  });
}

/** Means over seeds of accuracy and log loss on the rows that were not learned. */
function measure(dataset: string, change: Change, seeds: number): [string, string] {
  const table = openTable(dataset);
  let accuracy = 0;
  let logLoss = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { train, test } = splitTable(table, seed);
    const { length: rows } = train.labels;
    const task = { inputSize: table.inputSize, numClasses: table.classes.length, rows };
    const model = makeModel(change, task, seed);
    for (let pass = 0; pass < (change.passes ?? 1); pass++) model.learn(train.rows, train.labels);
    const report = evaluate(model, test.rows, test.labels);
    accuracy += (100 * report.accuracy) / seeds;
    logLoss += report.logLoss / seeds;
    model.dispose();
  }
  return [accuracy.toFixed(1), logLoss.toFixed(3)];
}

/** @param print takes the lines; replaced in the test */
export function main(args: readonly string[], print: (line: string) => void = console.log): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
  });
  const datasets = positionals.length > 0 ? positionals : ['letter', 'satellite', 'pima'];
  const rows = CHANGES.filter(({ name }) => name.includes(values.only)).map((change) => {
    const figures = datasets.map((dataset) => measure(dataset, change, Number(values.seeds)));
    return [change.name, ...figures.flat()];
  });
  const columns = ['', ...datasets.flatMap((dataset) => [`${dataset} %`, 'log loss'])];
  print(formatTable(columns, rows));
}

if (require.main === module) main(process.argv.slice(2));
