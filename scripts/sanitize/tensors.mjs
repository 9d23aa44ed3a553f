/**
 * Calls of the layers that are trained by gradients, straight at the addon: shapes
 * with every remainder, in arrays of exactly their size.
 */
import { createRequire } from 'node:module';

const { loadAddon } = createRequire(import.meta.url)('../../dist/native.js');

const shapes = [
  [1, 1, 1],
  [3, 17, 15],
  [16, 16, 16],
  [7, 31, 66],
  [50, 130, 33],
  [120, 150, 100],
];
const ACTIVATIONS = [0, 1, 2, 3, 4];

/** @param {(length: number) => Float32Array} floats random numbers */
export function callTensors(floats) {
  const { tensors } = loadAddon();
  for (const [rows, inputs, units] of shapes) {
    const [x, w, v] = [rows * inputs, inputs * units, inputs * units].map(floats);
    const [b, c] = [floats(units), floats(units)];
    const [output, linear, gate, gradient] = [1, 2, 3, 4].map(() => floats(rows * units));
    const [dx, dw, dv] = [rows * inputs, inputs * units, inputs * units].map(floats);
    const [db, dc] = [floats(units), floats(units)];
    const shape = [rows, inputs, units];
    for (const threads of [1, 3]) {
      for (const kind of ACTIVATIONS) {
        tensors.dense(x, w, b, ...shape, kind, output, threads);
        tensors.denseBackward(x, w, output, gradient, ...shape, kind, dx, dw, db, threads);
        tensors.activate(kind, x, dx);
        tensors.activateBackward(kind, x, dx, dx);
      }
      const kernels = [x, w, v, linear, gate, gradient];
      tensors.gatedLinearUnit(x, w, b, v, c, ...shape, linear, gate, output, threads);
      tensors.gatedLinearUnitBackward(...kernels, ...shape, dx, dw, db, dv, dc, threads);
      tensors.gatedLinearUnit(x, w, null, v, null, ...shape, null, null, output, threads);
      tensors.gatedLinearUnitBackward(...kernels, ...shape, null, dw, null, dv, null, threads);
    }
    const [mean, velocity] = [floats(w.length), floats(w.length)];
    const variance = floats(w.length).map(Math.abs);
    tensors.adam(w, dw, mean, variance, 0.01, 0.9, 0.999, 1e-7);
    tensors.sgd(w, dw, velocity, 0.01, 0.9);
    tensors.sgd(w, dw, null, 0.01, 0);
  }
}
