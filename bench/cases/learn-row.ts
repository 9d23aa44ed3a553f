/** One row a call on a network that no cache holds: a question of memory. */
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import { parameterBytes, touchedBytes } from '../operations';
import type { Case } from './case';
import { randomSetup, separateRows } from './many-rows';

const INPUT_SIZE = 1024;
/** Rows that are learned in turn, so that weight rows of all contexts are in use. */
const ROWS = 64;

export const learnRow: Case = {
  about: `${INPUT_SIZE} inputs, up to 8192 neurons: one row a call`,
  run(bench: Bench): string {
    const small = randomSetup(bench, { inputSize: INPUT_SIZE, layerSizes: [64], rows: 20 });
    const digest = checkLearning(small.make, small.rows, small.labels);

    const neurons = bench.choose({ full: 8192, quick: 4096, scalar: 1024 });
    const setup = randomSetup(bench, { inputSize: INPUT_SIZE, layerSizes: [neurons], rows: ROWS });
    const rows = separateRows(setup);
    const model = setup.make();
    const out = new Uint32Array(1);
    let next = 0;
    const learnRows = (times: number) => {
      for (let i = 0; i < times; i++) {
        model.learn(rows[next], setup.labels[next], { out });
        next = (next + 1) % ROWS;
      }
      return undefined;
    };
    // Memory of weight rows is made when they are first learned.
    learnRows(ROWS);
    const megabytes = Math.round(parameterBytes(setup.shape) / 1e6);
    const metric = `learn one row, network of ${megabytes} MB`;
    bench.sampleMemory({ metric }, touchedBytes(setup.shape), learnRows);
    return digest;
  },
};
