/** What a call from JavaScript costs: a network so small that little else is left. */
import { GLN } from 'gated-linear-networks';
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import { randomFloats, randomLabels } from '../random';
import type { Case } from './case';

const INPUT_SIZE = 8;
const ROWS = 64;
const CALLS = 100 * ROWS;

export const call: Case = {
  about: '8 inputs, 4-4-1: one row a call',
  run(bench: Bench): string {
    const make = () =>
      new GLN({ inputSize: INPUT_SIZE, layerSizes: [4, 4], threads: bench.threads, seed: 1 });
    const all = randomFloats(ROWS * INPUT_SIZE, 1);
    const labels = randomLabels(ROWS, 2, 2);
    const digest = checkLearning(make, all, labels);

    const model = make();
    const rows = Array.from(labels, (_, i) => all.slice(i * INPUT_SIZE, (i + 1) * INPUT_SIZE));
    const targets = Array.from(labels);
    const out = new Uint32Array(1);
    const options = { out };
    const calls: Record<string, (i: number) => unknown> = {
      learn: (i) => model.learn(rows[i], targets[i]),
      predict: (i) => model.predict(rows[i]),
      'learn into out': (i) => model.learn(rows[i], targets[i], options),
      'predict into out': (i) => model.predict(rows[i], undefined, options),
    };
    for (const [metric, once] of Object.entries(calls)) {
      const work = (times: number) => {
        for (let i = 0; i < times * CALLS; i++) once(i % ROWS);
        return undefined;
      };
      // Enough rounds for the compiler of JavaScript to have done its work.
      const rounds = bench.rounds(work);
      bench.time(work, rounds);
      for (let repeat = 0; repeat < bench.repeats; repeat++) {
        bench.record({ metric }, 'ns/call', (1e9 * bench.time(work, rounds)) / CALLS);
      }
    }
    return digest;
  },
};
