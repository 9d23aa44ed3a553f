/**
 * A small network in brain.js: hidden layers of the GLN's sizes, sigmoids, plain
 * gradient descent, one row at a time, which is how it always learns.
 */
import { uniforms } from '../../random';
import type { Job } from '../protocol';
import { type Learner, type Open, type Predictions, takeClassProbabilities } from './learner';

/** What is used of brain.js, whose declarations leave the steps of training out. */
interface NeuralNetwork {
  sizes: number[];
  outputLayer: number;
  outputs: ArrayLike<number>[];
  trainOpts: { learningRate: number };
  initialize(): void;
  runInput(input: Float32Array): ArrayLike<number>;
  trainPattern(pattern: { input: Float32Array; output: Float32Array }): void;
}
interface Brain {
  NeuralNetwork: new (options: object) => NeuralNetwork;
}

function perceptron(
  { NeuralNetwork }: Brain,
  version: string,
  { inputSize, numClasses, network, seed, rates }: Job,
): Learner {
  // Its weights start from the global generator; this process has nothing else to draw.
  Math.random = uniforms(seed);
  const width = numClasses === 2 ? 1 : numClasses;
  const net = new NeuralNetwork({ activation: 'sigmoid' });
  net.sizes = [inputSize, ...network.layerSizes, width];
  net.initialize();
  net.trainOpts.learningRate = rates.brain;
  const both = new Float32Array(2);
  const take = (row: number, values: ArrayLike<number>, out: Predictions) => {
    if (numClasses > 2) return takeClassProbabilities(values, 0, numClasses, row, out);
    both[0] = 1 - values[0];
    both[1] = values[0];
    takeClassProbabilities(both, 0, 2, row, out);
  };
  const rowOf = (rows: Float32Array, r: number) =>
    rows.subarray(r * inputSize, (r + 1) * inputSize);
  return {
    version: `brain.js ${version}`,
    rowsACall: 1,
    learn(rows, labels, out) {
      const output = new Float32Array(width);
      if (width === 1) output[0] = labels[0];
      else output[labels[0]] = 1;
      net.trainPattern({ input: rowOf(rows, 0), output });
      // Outputs are those of the pass before the update.
      take(0, net.outputs[net.outputLayer], out);
    },
    predict(rows, out) {
      for (let r = 0; r < out.classes.length; r++) take(r, net.runInput(rowOf(rows, r)), out);
    },
    dispose() {},
  };
}

export const brain: Open = async (job) => {
  const library = require('brain.js') as Brain;
  const { version } = require('brain.js/package.json') as { version: string };
  return () => perceptron(library, version, job);
};
