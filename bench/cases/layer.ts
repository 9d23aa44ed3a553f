/**
 * `learn` and `predict`: the first layer of an MNIST-sized network, 160 neurons
 * over 784 inputs. The one neuron that follows is a thousandth of the work.
 */
import type { Bench } from '../bench';
import { checkLearning } from '../check';
import type { Case } from './case';
import {
  firstRows,
  type RandomOptions,
  randomSetup,
  type Setup,
  sampleLearning,
  samplePrediction,
} from './many-rows';

const CHECKED_ROWS = 80;
/** Side information so small that gating costs nothing beside learning. */
const TINY_SIDE_INFO = 8;

function layerSetup(bench: Bench, options: Partial<RandomOptions>): Setup {
  const rows = bench.choose({ full: 1024, quick: 512, scalar: CHECKED_ROWS });
  return randomSetup(bench, { inputSize: 784, layerSizes: [160], rows, ...options });
}

function check(setup: Setup): string {
  const few = firstRows(setup, CHECKED_ROWS);
  return checkLearning(few.make, few.rows, few.labels, few.sideInfo);
}

// With `logits` the rows are the layer's inputs as they are. The default, minMax,
// takes a logarithm of each value, which is work but none of the layer's: its
// operations are not counted, its time is.
export const learn: Case = {
  about: '784 inputs, 160 neurons, 4 halfspaces: many rows a call',
  run(bench) {
    const bare = layerSetup(bench, { basePredictor: 'logits', sideInfoSize: TINY_SIDE_INFO });
    const gated = layerSetup(bench, { basePredictor: 'logits' });
    const whole = layerSetup(bench, {});
    const digest = [bare, gated, whole].map(check).join('-');
    sampleLearning(bench, { metric: 'learn without gating' }, bare, false);
    sampleLearning(bench, { metric: 'learn with gating' }, gated);
    sampleLearning(bench, { metric: 'learn with gating and minMax' }, whole);
    return digest;
  },
};

export const predict: Case = {
  about: '784 inputs, 160 neurons, 4 halfspaces: many rows a call, gating included',
  run(bench) {
    const gated = layerSetup(bench, { basePredictor: 'logits' });
    const whole = layerSetup(bench, {});
    const digest = [gated, whole].map(check).join('-');
    samplePrediction(bench, { metric: 'predict with gating' }, gated);
    samplePrediction(bench, { metric: 'predict with gating and minMax' }, whole);
    return digest;
  },
};
