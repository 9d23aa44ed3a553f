/**
 * Does cheaper gating cost accuracy? One online pass with dense, shared and
 * structured hyperplanes over real data, several seeds each.
 *
 *     npm run bench:gating -- --seeds 5 --only mnist,letter,satellite
 */
import { Command, InvalidArgumentError } from 'commander';
import { evaluate, GLN, type GLNOptions } from 'gated-linear-networks';
import { formatTable } from '../../lib/terminal/table';
import { DATASETS, type Split } from './datasets';

const VARIANTS: Readonly<Record<string, Partial<GLNOptions>>> = {
  dense: {},
  'dense, shared': { shareContexts: true },
  hadamard: { gating: 'hadamard' },
  'hadamard, shared': { gating: 'hadamard', shareContexts: true },
};

/** Settings a data set is learned with; the same for every variant. */
const SETTINGS: Readonly<Record<string, Partial<GLNOptions>>> = {
  mnist: { layerSizes: [16, 16], basePredictor: 'probabilities', learningRate: 1e-3 },
  letter: { layerSizes: [32, 16], basePredictor: 'logits', learningRate: 0.01, contextBias: true },
  satellite: {
    layerSizes: [32, 16],
    basePredictor: 'logits',
    learningRate: 0.01,
    contextBias: true,
  },
};

interface Outcome {
  accuracy: number;
  seconds: number;
}

function run(split: Split, settings: Partial<GLNOptions>, seed: number): Outcome {
  const model = new GLN({
    inputSize: split.inputSize,
    numClasses: split.numClasses,
    layerSizes: [16, 16],
    seed,
    ...settings,
  });
  const start = performance.now();
  model.learn(split.train.rows, split.train.labels);
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = evaluate(model, split.test.rows, split.test.labels);
  model.dispose();
  return { accuracy, seconds };
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a positive integer');
  return value;
}

async function main(): Promise<void> {
  const { seeds, only, json } = new Command()
    .option('--seeds <n>', 'seeds a variant', positiveInteger, 5)
    .option('--only <names>', 'data sets, separated by commas', Object.keys(DATASETS).join(','))
    .option('--json', 'one JSON object a line')
    .parse()
    .opts<{ seeds: number; only: string; json?: boolean }>();
  const rows: string[][] = [];
  for (const name of only.split(',')) {
    const open = DATASETS[name];
    if (open === undefined) throw new Error(`--only: no data set ${JSON.stringify(name)}`);
    const dataset = await open();
    for (const [variant, options] of Object.entries(VARIANTS)) {
      const outcomes: Outcome[] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const outcome = run(dataset(seed), { ...SETTINGS[name], ...options }, seed);
        outcomes.push(outcome);
        if (json) console.log(JSON.stringify({ dataset: name, gating: variant, seed, ...outcome }));
      }
      const accuracies = outcomes.map(({ accuracy }) => accuracy * 100);
      rows.push([
        name,
        variant,
        mean(accuracies).toFixed(2),
        deviation(accuracies).toFixed(2),
        mean(outcomes.map(({ seconds }) => seconds)).toFixed(2),
      ]);
    }
  }
  if (!json) {
    console.log(
      formatTable(['data', 'gating', 'accuracy %', '± %', 'learning s'], rows, { leftColumns: 2 }),
    );
  }
}

void main();
