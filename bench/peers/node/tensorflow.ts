/**
 * A small network trained by gradients, in TensorFlow.js: hidden layers of the
 * GLN's sizes with ReLU, softmax, cross-entropy, Adam, mini-batches.
 */
import { randomFloats } from '../../random';
import {
  openTensorflow,
  type Tensor,
  type Tensorflow,
  type Variable,
} from '../../tensorflow-runtime';
import type { Job } from '../protocol';
import { type Learner, type Open, type Predictions, takeClassProbabilities } from './learner';

/** Rows of a mini-batch. */
const BATCH_ROWS = 32;

interface Layer {
  kernel: Variable;
  bias: Variable;
}

/** Glorot's uniform distribution, from the seeded generator of all measurements. */
function makeLayers(tf: Tensorflow, sizes: readonly number[], seed: number): Layer[] {
  return sizes.slice(1).map((units, i) => {
    const inputs = sizes[i];
    const scale = Math.sqrt(6 / (inputs + units));
    const kernel = randomFloats(inputs * units, seed + i).map((value) => scale * value);
    return {
      kernel: tf.variable(tf.tensor2d(kernel, [inputs, units])),
      bias: tf.variable(tf.tensor1d(new Float32Array(units))),
    };
  });
}

/** What each layer was given, and the probabilities at the end. */
interface Forward {
  inputs: Tensor[];
  probabilities: Tensor;
}

function forward(tf: Tensorflow, layers: readonly Layer[], rows: Tensor): Forward {
  const inputs = [rows];
  for (const [i, { kernel, bias }] of layers.entries()) {
    const sums = tf.add(tf.matMul(inputs[i], kernel), bias);
    if (i === layers.length - 1) return { inputs, probabilities: tf.softmax(sums) };
    inputs.push(tf.relu(sums));
  }
  throw new Error('expected at least one layer');
}

/** Gradients of the mean cross-entropy, by the variables' names. */
function gradients(
  tf: Tensorflow,
  layers: readonly Layer[],
  { inputs, probabilities }: Forward,
  targets: Tensor,
  count: number,
): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  let slope = tf.mul(1 / count, tf.sub(probabilities, targets));
  for (let i = layers.length - 1; i >= 0; i--) {
    const { kernel, bias } = layers[i];
    found[kernel.name] = tf.matMul(inputs[i], slope, true);
    found[bias.name] = tf.sum(slope, 0);
    if (i === 0) break;
    // A ReLU's output is above 0 where its input was.
    slope = tf.mul(tf.matMul(slope, kernel, false, true), tf.step(inputs[i]));
  }
  return found;
}

function perceptron(tf: Tensorflow, job: Job, rowsACall: number): Learner {
  const { inputSize, numClasses, network, seed, rates } = job;
  const layers = makeLayers(tf, [inputSize, ...network.layerSizes, numClasses], seed);
  const adam = tf.train.adam(rates.adam);
  const asTensor = (rows: Float32Array) => tf.tensor2d(rows, [rows.length / inputSize, inputSize]);
  const take = (probabilities: Tensor, out: Predictions) => {
    const values = probabilities.dataSync();
    for (let r = 0; r < out.classes.length; r++) {
      takeClassProbabilities(values, r * numClasses, numClasses, r, out);
    }
  };
  return {
    version: `tfjs ${tf.version_core}`,
    rowsACall,
    learn(rows, labels, out) {
      const targets = new Float32Array(labels.length * numClasses);
      labels.forEach((label, r) => {
        targets[r * numClasses + label] = 1;
      });
      tf.tidy(() => {
        const passed = forward(tf, layers, asTensor(rows));
        take(passed.probabilities, out);
        const wanted = tf.tensor2d(targets, [labels.length, numClasses]);
        adam.applyGradients(gradients(tf, layers, passed, wanted, labels.length));
      });
    },
    predict(rows, out) {
      tf.tidy(() => take(forward(tf, layers, asTensor(rows)).probabilities, out));
    },
    dispose() {
      for (const { kernel, bias } of layers) {
        kernel.dispose();
        bias.dispose();
      }
    },
  };
}

export const tensorflow: Open = async (job) => {
  const tf = await openTensorflow('wasm');
  return () => perceptron(tf, job, BATCH_ROWS);
};

export const tensorflowByRow: Open = async (job) => {
  const tf = await openTensorflow('wasm');
  return () => perceptron(tf, job, 1);
};
