/**
 * The gated linear unit in TensorFlow.js, to be compared with: the same numbers,
 * the same formulas, Adam as it comes with it.
 */
import type { GluShape } from './operations';
import { openTensorflow, type TensorflowBackend, type Variable } from './tensorflow-runtime';

/** What a gated linear unit is made of; kernels [inputs][units], biases [units]. */
export interface GluParameters {
  kernel: Float32Array;
  bias: Float32Array;
  gateKernel: Float32Array;
  gateBias: Float32Array;
}

export interface TensorflowGlu {
  /** Computes the outputs and waits for them. */
  forward(): Float32Array;
  /** Forward, backward from the output gradient, Adam; waits for the parameters. */
  step(): void;
}

/** On one thread, with WASM's vector instructions. */
export async function tensorflowGlu(
  backend: TensorflowBackend,
  { rows, inputs, units }: GluShape,
  values: GluParameters,
  input: Float32Array,
  outputGradient: Float32Array,
): Promise<TensorflowGlu> {
  const tf = await openTensorflow(backend);
  const x = tf.tensor2d(input, [rows, inputs]);
  const gradient = tf.tensor2d(outputGradient, [rows, units]);
  const kernelOf = (of: Float32Array) => tf.variable(tf.tensor2d(of, [inputs, units]));
  const biasOf = (of: Float32Array) => tf.variable(tf.tensor1d(of));
  const kernel = kernelOf(values.kernel);
  const bias = biasOf(values.bias);
  const gateKernel = kernelOf(values.gateKernel);
  const gateBias = biasOf(values.gateBias);
  const adam = tf.train.adam(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);

  const affine = (weights: Variable, offset: Variable) => tf.add(tf.matMul(x, weights), offset);
  const factors = () => ({
    linear: affine(kernel, bias),
    gate: tf.sigmoid(affine(gateKernel, gateBias)),
  });
  const forward = () => {
    const { linear, gate } = factors();
    return tf.mul(linear, gate);
  };
  /** Gradients of all parameters; that of the input is what a layer below would get. */
  const gradients = () => {
    const { linear, gate } = factors();
    tf.mul(linear, gate);
    const byLinear = tf.mul(gradient, gate);
    const byGate = tf.mul(tf.mul(gradient, linear), tf.mul(gate, tf.sub(1, gate)));
    tf.add(tf.matMul(byLinear, kernel, false, true), tf.matMul(byGate, gateKernel, false, true));
    return {
      [kernel.name]: tf.matMul(x, byLinear, true),
      [bias.name]: tf.sum(byLinear, 0),
      [gateKernel.name]: tf.matMul(x, byGate, true),
      [gateBias.name]: tf.sum(byGate, 0),
    };
  };
  return {
    forward: () => tf.tidy(forward).dataSync(),
    step: () => {
      tf.tidy(() => adam.applyGradients(gradients()));
      gateKernel.dataSync();
    },
  };
}

/** Both sides take the same steps. */
export const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
