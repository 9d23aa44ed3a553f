/** How the cost of a call grows when one size after another is doubled. */
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import type { Case } from './case';
import { firstRows, randomSetup, type Setup } from './many-rows';

interface Sizes {
  rows: number;
  neurons: number;
  halfspaces: number;
  features: number;
}

const BASE: Sizes = { rows: 128, neurons: 64, halfspaces: 4, features: 256 };
const DOUBLED: { [Key in keyof Sizes]: readonly number[] } = {
  rows: [64, 128, 256, 512],
  neurons: [32, 64, 128, 256],
  halfspaces: [1, 2, 4, 8],
  features: [128, 256, 512, 1024],
};

function setupOf(bench: Bench, { rows, neurons, halfspaces, features }: Sizes): Setup {
  return randomSetup(bench, {
    inputSize: features,
    layerSizes: [neurons],
    contextMapSize: halfspaces,
    rows,
  });
}

/** A call that learns all rows of a setup, warmed up. */
function learningCall(bench: Bench, setup: Setup) {
  const model = setup.make();
  const options = { out: new Uint32Array(setup.labels.length) };
  const work = (times: number) => {
    for (let i = 0; i < times; i++) model.learn(setup.rows, setup.labels, options);
    return undefined;
  };
  return { model, work, rounds: bench.rounds(work) };
}

export const growth: Case = {
  about: 'learning, gating included; from 128 rows, 64 neurons, 4 halfspaces, 256 features',
  run(bench: Bench): string {
    const base = firstRows(setupOf(bench, BASE), 70);
    const digest = checkLearning(base.make, base.rows, base.labels);
    const steps = bench.isa === 'scalar' ? 2 : 4;
    for (const key of ['rows', 'neurons', 'halfspaces', 'features'] as const) {
      const sizes = DOUBLED[key].slice(0, steps);
      const calls = sizes.map((size) =>
        learningCall(bench, setupOf(bench, { ...BASE, [key]: size })),
      );
      for (let repeat = 0; repeat < bench.repeats; repeat++) {
        let before: number | undefined;
        calls.forEach(({ work, rounds }, i) => {
          const seconds = bench.time(work, rounds);
          bench.record({ metric: `${sizes[i]} ${key}` }, 'us/call', 1e6 * seconds);
          if (before !== undefined) {
            const metric = `${sizes[i - 1]} to ${sizes[i]} ${key}`;
            bench.record({ metric }, 'times', seconds / before);
          }
          before = seconds;
        });
      }
      for (const { model } of calls) model.dispose();
    }
    return digest;
  },
};
