/**
 * TensorFlow.js for Node, as far as measurements use it. Its packages leave the
 * gradients of its operations out, so that backward passes are written with its
 * operations; that is what its automatic differentiation would call.
 */
import path from 'node:path';

/**
 * What is used of TensorFlow.js; its own declarations need those of a browser.
 */
export interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}
export interface Variable extends Tensor {
  name: string;
}
/** Takes one step of all variables that gradients are given for, by their names. */
export interface Optimizer {
  applyGradients(gradients: Record<string, Tensor>): void;
}
export interface Tensorflow {
  enableProdMode(): void;
  setBackend(name: TensorflowBackend): Promise<boolean>;
  ready(): Promise<void>;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  tensor1d(values: Float32Array): Tensor;
  variable(value: Tensor): Variable;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: number | Tensor, b: Tensor): Tensor;
  mul(a: number | Tensor, b: Tensor): Tensor;
  sum(a: Tensor, axis: number): Tensor;
  relu(a: Tensor): Tensor;
  sigmoid(a: Tensor): Tensor;
  softmax(a: Tensor): Tensor;
  step(a: Tensor): Tensor;
  tidy<Result>(body: () => Result): Result;
  version_core: string;
  train: { adam(rate: number, beta1?: number, beta2?: number, epsilon?: number): Optimizer };
}
interface WasmBackend {
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
}

export type TensorflowBackend = 'cpu' | 'wasm';

/** On one thread, with WASM's vector instructions. */
export async function openTensorflow(backend: TensorflowBackend): Promise<Tensorflow> {
  const tf = require('@tensorflow/tfjs-core') as Tensorflow;
  // Checks and advice are for development.
  tf.enableProdMode();
  if (backend === 'cpu') require('@tensorflow/tfjs-backend-cpu');
  else {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as WasmBackend;
    wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    wasm.setThreadsCount(1);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend}`);
  await tf.ready();
  return tf;
}
