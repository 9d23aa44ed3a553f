/**
 * The specification: a dendritic gated network in plain float64, as DeepMind's
 * notebook beside Sezener et al. (2021) has it. Written to be read, not to be fast.
 */

import { clamp, logitBound, sigmoid } from './arithmetic';
import { flatten, type NumberTree } from './trees';

/** Parameters of one layer; flat or nested: [neurons][branches][values]. */
export interface DendriticParameters {
  weights: NumberTree;
  hyperplanes: NumberTree;
  hyperplaneBias: NumberTree;
}

export interface DendriticReferenceOptions {
  inputSize: number;
  branches: number;
  bias: boolean;
  /** `layer`: a neuron adds up the rows of all neurons of its layer, as the notebook does. */
  weightSharing?: 'none' | 'layer';
  /** ε of a binary network; absent for a regression. */
  predClipping?: number;
}

interface Layer {
  neurons: number;
  inputs: number;
  weights: Float64Array;
  hyperplanes: Float64Array;
  hyperplaneBias: Float64Array;
}

/** One binary network or one regression. */
export class ReferenceDendrites {
  readonly layers: readonly Layer[];

  constructor(
    private readonly options: DendriticReferenceOptions,
    layers: readonly DendriticParameters[],
  ) {
    let inputs = options.inputSize;
    this.layers = layers.map((parameters) => {
      const hyperplaneBias = Float64Array.from(flatten(parameters.hyperplaneBias));
      const neurons = hyperplaneBias.length / options.branches;
      const layer = {
        neurons,
        inputs: inputs + (options.bias ? 1 : 0),
        weights: Float64Array.from(flatten(parameters.weights)),
        hyperplanes: Float64Array.from(flatten(parameters.hyperplanes)),
        hyperplaneBias,
      };
      inputs = neurons;
      return layer;
    });
  }

  /** A probability, or a regression's number. */
  predict(row: ArrayLike<number>): number {
    return this.step(row);
  }

  /** Learns one row; returns the prediction from before the update. */
  learn(row: ArrayLike<number>, target: number, rate: number): number {
    return this.step(row, { target, rate });
  }

  /** How near the row lies to any halfspace's edge: float32 may see it beyond. */
  margin(row: ArrayLike<number>): number {
    let least = Number.POSITIVE_INFINITY;
    for (const layer of this.layers) {
      layer.hyperplaneBias.forEach((offset, plane) => {
        least = Math.min(least, Math.abs(this.product(layer, plane, row) - offset));
      });
    }
    return least;
  }

  private step(row: ArrayLike<number>, learning?: { target: number; rate: number }): number {
    const { predClipping } = this.options;
    const bound = predClipping === undefined ? Number.POSITIVE_INFINITY : logitBound(predClipping);
    let values = Array.from(row, (x) => clamp(x, -bound, bound));
    for (const layer of this.layers) {
      const inputs = this.options.bias ? [...values, 1] : values;
      const before = layer.weights.slice();
      values = Array.from({ length: layer.neurons }, (_, neuron) => {
        const open = this.openRows(layer, neuron, row);
        const mixed = this.options.weightSharing === 'layer' ? this.alike(layer, open) : open;
        const sum = inputs.reduce(
          (total, x, i) => total + x * mixed.reduce((w, at) => w + before[at + i], 0),
          0,
        );
        const output = clamp(sum, -bound, bound);
        if (learning !== undefined) {
          const step = learning.rate * this.error(sum, output, learning.target);
          for (const at of open) {
            inputs.forEach((x, i) => {
              layer.weights[at + i] -= step * x;
            });
          }
        }
        return output;
      });
    }
    return predClipping === undefined ? values[0] : sigmoid(values[0]);
  }

  /** The loss's derivative by the neuron's output; 0 where it is right up to ε already. */
  private error(sum: number, output: number, target: number): number {
    const { predClipping } = this.options;
    if (predClipping === undefined) return output - target;
    if (Math.abs(target - sigmoid(sum)) <= predClipping) return 0;
    return sigmoid(output) - target;
  }

  /** Where the weight rows of the neuron's open branches begin. */
  private openRows(layer: Layer, neuron: number, row: ArrayLike<number>): number[] {
    const { branches } = this.options;
    return Array.from({ length: branches }, (_, branch) => neuron * branches + branch)
      .filter((plane) => this.product(layer, plane, row) > layer.hyperplaneBias[plane])
      .map((plane) => plane * layer.inputs);
  }

  /** Where the rows of the same branches begin, in every neuron of the layer. */
  private alike(layer: Layer, rows: readonly number[]): number[] {
    const size = this.options.branches * layer.inputs;
    return rows.flatMap((at) =>
      Array.from({ length: layer.neurons }, (_, neuron) => neuron * size + (at % size)),
    );
  }

  private product(layer: Layer, plane: number, row: ArrayLike<number>): number {
    const first = plane * this.options.inputSize;
    let sum = 0;
    for (let i = 0; i < row.length; i++) sum += layer.hyperplanes[first + i] * row[i];
    return sum;
  }
}
