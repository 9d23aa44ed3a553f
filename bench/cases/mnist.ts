/** Real MNIST, ten classes one against all: a whole pass over the training rows. */
import {
  evaluate,
  GLN,
  gatherLabels,
  gatherRows,
  loadMnist,
  shuffledIndices,
} from 'gated-linear-networks';
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import { gatingOperations, learningOperations, type Shape } from '../operations';
import type { Case } from './case';

const ALL_ROWS = 60_000;
/** Rows of the pass, and passes at most. */
interface Size {
  rows: number;
  passes: number;
}

function mnistCase(
  layerSizes: number[],
  sizes: { full: Size; quick: Size; scalar: Size; quickScalar: Size; checked: number },
): Case {
  return {
    about: `MNIST, deskewed, ten classes, ${layerSizes.join('-')}-1: one pass`,
    async run(bench: Bench): Promise<string> {
      const scalar = bench.quick ? sizes.quickScalar : sizes.scalar;
      const { rows: count, passes } = bench.choose({ ...sizes, scalar });
      const whole = count === ALL_ROWS;
      const data = await loadMnist({ deskew: true, ...(whole ? {} : { limit: count }) });
      const order = shuffledIndices(data.train.size, 1);
      const rows = gatherRows(data.train.images, data.inputSize, order);
      const labels = gatherLabels(data.train.labels, order);
      const make = () =>
        new GLN({
          inputSize: data.inputSize,
          layerSizes,
          numClasses: 10,
          basePredictor: 'probabilities',
          threads: bench.threads,
          seed: 1,
        });
      // The first of the file: the same whatever the number of rows of the pass.
      const digest = checkLearning(
        make,
        data.train.images.subarray(0, sizes.checked * data.inputSize),
        data.train.labels.subarray(0, sizes.checked),
      );

      const shape: Shape = {
        inputSize: data.inputSize,
        layerSizes,
        networks: 10,
        contextMapSize: 4,
        sideInfoSize: data.inputSize,
      };
      const operations = learningOperations(shape) + gatingOperations(shape);
      const named = { metric: `learn ${count} rows`, quantity: 'learn' };
      const repeats = Math.min(bench.repeats, passes);
      let model = make();
      for (let repeat = 0; repeat < repeats; repeat++) {
        model.dispose();
        model = make();
        const out = new Uint32Array(count);
        const learnAll = () => {
          model.learn(rows, labels, { out });
          return undefined;
        };
        const amount = { rows: count, operations: count * operations };
        const seconds = bench.sampleOnce(named, amount, () => bench.time(learnAll, 1));
        bench.record(named, 'seconds', seconds);
      }
      const { accuracy } = evaluate(model, data.test.images, data.test.labels);
      const after = { metric: `accuracy after ${count} rows`, quantity: 'accuracy' };
      bench.record(after, 'fraction', accuracy);
      model.dispose();
      return digest;
    },
  };
}

export const mnist16 = mnistCase([16, 16], {
  full: { rows: ALL_ROWS, passes: 5 },
  quick: { rows: 6000, passes: 3 },
  scalar: { rows: 2000, passes: 3 },
  quickScalar: { rows: 200, passes: 1 },
  checked: 70,
});

export const mnist128 = mnistCase([128, 128], {
  full: { rows: ALL_ROWS, passes: 3 },
  quick: { rows: 500, passes: 3 },
  scalar: { rows: 200, passes: 2 },
  quickScalar: { rows: 40, passes: 1 },
  checked: 40,
});
