/**
 * How much is forgotten: `npm run example:forgetting`.
 *
 * Tasks made from MNIST are learned one after the other, each row once, by a Gated
 * Linear Network and by multilayer perceptrons with as many hidden units. After
 * each task, all tasks seen so far are tested.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { GlnError, loadMnist, savePlot, withProgress } from 'gated-linear-networks';
import { CONSOLE, type Output, runAsProgram } from '../support/program';
import { makeFeatures, measurePixels, type PixelStatistics } from './features';
import { type Flags, parseFlags } from './flags';
import { GLN_NEURONS, type Learner, makeNetwork } from './learners';
import { measure, type Retention } from './measure';
import { loadTensorLibrary, makePerceptron } from './perceptron';
import { formatRetention, retentionPlots, toJsonLines } from './report';
import { makeScenarios, type Scenario } from './scenarios';

const EVERYTHING = { trainRows: 60_000, testRows: 10_000 };
const QUICK = { trainRows: 300, testRows: 100 };

/**
 * Runs the example.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the exit code: 0 for success, 2 for a bad flag, 1 for anything else
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const flags = parseFlags(args, output);
  if (typeof flags === 'number') return flags;
  try {
    await run(flags, output);
    return 0;
  } catch (error) {
    if (!(error instanceof GlnError)) throw error;
    output.stderr(`error: ${error.message}\n`);
    return 1;
  }
}

async function run(flags: Flags, output: Output): Promise<void> {
  const rows = flags.quick ? QUICK : EVERYTHING;
  const data = await loadMnist({
    deskew: true,
    ...(flags.data === undefined ? {} : { path: flags.data }),
    // Enough for the quick run's rows of every pair of digits.
    ...(flags.quick ? { limit: 3000 } : {}),
  });
  const statistics = measurePixels(data.train.images);
  const scenarios = makeScenarios(data, { seed: flags.seed, ...rows }).filter(
    ({ key }) => flags.only === undefined || flags.only === key,
  );
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  for (const [position, scenario] of scenarios.entries()) {
    const results = await compare(scenario, statistics, flags.seed);
    if (flags.json) output.stdout(`${toJsonLines(scenario, results, flags.seed)}\n`);
    else output.stdout(`${position > 0 ? '\n' : ''}${formatRetention(scenario, results)}\n`);
    if (flags.out !== undefined) await draw(flags.out, scenario, results);
  }
}

async function compare(
  scenario: Scenario,
  statistics: PixelStatistics,
  seed: number,
): Promise<Retention[]> {
  const tensors = await loadTensorLibrary();
  const networks = scenario.numClasses === 2 ? 1 : scenario.numClasses;
  const perceptron = { hidden: [networks * GLN_NEURONS], numClasses: scenario.numClasses, seed };
  // Made when their turn comes, so that one model at a time is in memory.
  const makers: (() => Learner)[] = [
    () => makeNetwork(scenario, makeFeatures(scenario, statistics), seed),
    () =>
      makePerceptron(tensors, statistics, { ...perceptron, optimizer: 'SGD', learningRate: 0.01 }),
    () =>
      makePerceptron(tensors, statistics, {
        ...perceptron,
        optimizer: 'Adam',
        learningRate: 0.001,
      }),
  ];
  const total = makers.length * scenario.tasks.length;
  return withProgress({ total, label: `${scenario.title}, tasks` }, (progress) =>
    makers.map((make, done) => {
      const learner = make();
      try {
        return measure(scenario, learner, (tasks) => {
          progress.update(done * scenario.tasks.length + tasks, { model: learner.name });
        });
      } finally {
        learner.dispose();
      }
    }),
  );
}

async function draw(
  folder: string,
  scenario: Scenario,
  results: readonly Retention[],
): Promise<void> {
  for (const [name, plot] of Object.entries(retentionPlots(scenario, results))) {
    for (const ending of ['svg', 'png']) {
      await savePlot(join(folder, `forgetting-${scenario.key}-${name}.${ending}`), plot);
    }
  }
}

if (require.main === module) runAsProgram(main);
