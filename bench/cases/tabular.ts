/** Networks of other shapes, with many rows a call and with one. */
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import type { Case } from './case';
import {
  firstRows,
  randomSetup,
  sampleLearning,
  samplePrediction,
  sampleSingleRows,
} from './many-rows';

interface Rows {
  full: number;
  quick: number;
  scalar: number;
}

function networkCase(
  inputSize: number,
  layerSizes: number[],
  sizes: { many: Rows; single: Rows; checked: number },
): Case {
  return {
    about: `${inputSize} inputs, ${layerSizes.join('-')}-1, binary: many rows a call, and one`,
    run(bench: Bench): string {
      const rows = bench.choose(sizes.many);
      const setup = randomSetup(bench, { inputSize, layerSizes, rows });
      const checked = firstRows(setup, sizes.checked);
      const digest = checkLearning(checked.make, checked.rows, checked.labels);
      sampleLearning(bench, { metric: 'learn many rows a call' }, setup);
      samplePrediction(bench, { metric: 'predict many rows a call' }, setup);
      sampleSingleRows(bench, firstRows(setup, bench.choose(sizes.single)));
      return digest;
    },
  };
}

/** Of the size of a click-through model. */
export const clickThrough = networkCase(40, [32, 16], {
  many: { full: 8192, quick: 4096, scalar: 512 },
  single: { full: 1024, quick: 1024, scalar: 128 },
  checked: 200,
});

export const wide = networkCase(1024, [256, 256], {
  many: { full: 1024, quick: 512, scalar: 32 },
  single: { full: 64, quick: 64, scalar: 4 },
  checked: 32,
});
