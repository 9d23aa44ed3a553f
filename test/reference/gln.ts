/**
 * The specification: a Bernoulli Gated Linear Network in plain float64.
 *
 * Written to be read beside Veness et al., arXiv 1910.01526, and to be obviously
 * right rather than fast. The engine is measured against it; where they differ,
 * one of them has a bug.
 */

import { type BasePredictor, baseLogits, clamp, logitBound, sigmoid } from './arithmetic';
import { ReferenceMixture } from './mixture';
import { flatten, type NumberTree } from './trees';

/** What shapes a reference network; names as in the package's own options. */
export interface ReferenceOptions {
  inputSize: number;
  sideInfoSize?: number;
  numClasses: number;
  contextMapSize: number;
  bias: boolean;
  basePredictor: BasePredictor;
  predClipping: number;
  weightClipping: number;
  updateMode: 'online' | 'batch';
  /** Factors of the learning rate, one a layer, the last included; all 1 if absent. */
  layerRates?: readonly number[];
  aggregation?: 'last' | 'average' | 'switching';
}

/** One layer's parameters, flat or nested: [networks][neurons][contexts or halfspaces][values]. */
export interface LayerParameters {
  weights: NumberTree;
  hyperplanes: NumberTree;
  hyperplaneBias: NumberTree;
}

export interface LearnOptions {
  sideInfo?: ArrayLike<number>;
  rate: number;
  /** A factor of the rate; a row with weight 0 is not learned. Default 1. */
  weight?: number;
}

export interface LearnBatchOptions {
  sideInfo?: readonly ArrayLike<number>[];
  /** One learning rate for all rows, or one a row. */
  rate: number | readonly number[];
  /** One weight a row; all 1 if absent. */
  weights?: readonly number[];
}

export interface Prediction {
  /** σ of the clamped outputs, one a network; with switching, the mixture's. */
  probabilities: number[];
  /** The outputs before clamping, one a network: the last neurons' sums, or averages. */
  sums: number[];
  class: number;
  /** Contexts of all neurons: layer after layer, [networks][neurons] in each. */
  contexts: number[];
  /** Clamped sums of all neurons, in the same order. */
  layerLogits: number[];
}

/** One network's output as a linear function of the base logits. */
export interface Explanation {
  logit: number;
  bias: number;
  weights: number[];
  base: number[];
}

interface Layer {
  neurons: number;
  /** Inputs a neuron, the bias included. */
  inputs: number;
  weights: Float64Array;
  hyperplanes: Float64Array;
  hyperplaneBias: Float64Array;
}

/** What one neuron did with one row: all that its update needs. */
interface Activation {
  layer: number;
  /** Where the active weight row starts in the layer's weights. */
  start: number;
  inputs: readonly number[];
  context: number;
  sum: number;
  logit: number;
}

/** Summed updates of the weight rows that a step touched, by where the row starts. */
type Changes = Map<number, number[]>;

export class ReferenceGLN {
  readonly networks: number;
  readonly layers: readonly Layer[];
  private readonly bound: number;
  private readonly mixture: ReferenceMixture | undefined;

  constructor(
    private readonly options: ReferenceOptions,
    layers: readonly LayerParameters[],
  ) {
    this.networks = options.numClasses === 2 ? 1 : options.numClasses;
    this.bound = logitBound(options.predClipping);
    let previous = options.inputSize;
    this.layers = layers.map((parameters, index) => {
      const layer = this.readLayer(parameters, previous + (options.bias ? 1 : 0), index);
      previous = layer.neurons;
      return layer;
    });
    if (previous !== 1) throw new RangeError('the last layer has one neuron');
    const neurons = this.layers.reduce((sum, layer) => sum + layer.neurons, 0);
    this.mixture = options.aggregation === 'switching' ? new ReferenceMixture(neurons) : undefined;
  }

  predict(row: ArrayLike<number>, sideInfo: ArrayLike<number> = row): Prediction {
    return this.summarize(this.forward(row, sideInfo));
  }

  /** Learns one row; returns the prediction from before the update. */
  learn(
    row: ArrayLike<number>,
    label: number,
    { sideInfo, rate, weight = 1 }: LearnOptions,
  ): Prediction {
    const [prediction] = this.step([row], [label], sideInfo && [sideInfo], [rate], [weight]);
    return prediction;
  }

  /**
   * Learns the rows of one call; returns the predictions from before each row's update.
   * Online networks learn row after row, batch networks all rows at once.
   */
  learnBatch(
    rows: readonly ArrayLike<number>[],
    labels: readonly number[],
    { sideInfo, rate, weights }: LearnBatchOptions,
  ): Prediction[] {
    const rates = typeof rate === 'number' ? rows.map(() => rate) : rate;
    const factors = weights ?? rows.map(() => 1);
    if (this.options.updateMode === 'batch') {
      return this.step(rows, labels, sideInfo, rates, factors);
    }
    return rows.map((row, t) =>
      this.learn(row, labels[t], { sideInfo: sideInfo?.[t], rate: rates[t], weight: factors[t] }),
    );
  }

  /**
   * One network's output with the row's contexts held fixed, and the clamped hidden
   * neurons held at what they said: an affine function of the base logits. Its
   * coefficients are found by asking it, at zero and at each unit vector.
   */
  explain(row: ArrayLike<number>, network: number, sideInfo: ArrayLike<number> = row): Explanation {
    const { basePredictor, predClipping } = this.options;
    const fixed = this.forward(row, sideInfo)[network];
    const base = baseLogits(row, basePredictor, predClipping);
    const output = (logits: readonly number[]) => this.output(this.replay(fixed, logits));
    const bias = output(base.map(() => 0));
    return {
      logit: this.output(fixed),
      bias,
      weights: base.map((_, i) => output(base.map((__, j) => Number(i === j))) - bias),
      base,
    };
  }

  /** The least |v·z - b| of all halfspaces: how far the row is from changing a context. */
  margin(sideInfo: ArrayLike<number>): number {
    const distances = this.layers.flatMap((layer) =>
      Array.from(layer.hyperplaneBias, (offset, plane) =>
        Math.abs(this.project(layer, plane, sideInfo) - offset),
      ),
    );
    return Math.min(Number.POSITIVE_INFINITY, ...distances);
  }

  /** All rows see the weights from before the step; their updates are summed, then clamped. */
  private step(
    rows: readonly ArrayLike<number>[],
    labels: readonly number[],
    sideInfo: readonly ArrayLike<number>[] | undefined,
    rates: readonly number[],
    weights: readonly number[],
  ): Prediction[] {
    const changes = this.layers.map((): Changes => new Map());
    const predictions = rows.map((row, t) => {
      const activations = this.forward(row, sideInfo?.[t] ?? row);
      if (weights[t] === 0) return this.summarize(activations);
      activations.forEach((ofNetwork, network) => {
        const target = this.target(labels[t], network);
        for (const { layer, start, inputs, logit } of ofNetwork) {
          const layerRate = this.options.layerRates?.[layer] ?? 1;
          const step = layerRate * weights[t] * rates[t] * (sigmoid(logit) - target);
          const change = changes[layer].get(start) ?? inputs.map(() => 0);
          changes[layer].set(
            start,
            change.map((sum, j) => sum - step * inputs[j]),
          );
        }
      });
      const prediction = this.summarize(activations);
      this.mixture?.learn(said(activations), labels[t]);
      return prediction;
    });
    this.mixture?.commit();
    this.layers.forEach((layer, index) => {
      this.apply(layer.weights, changes[index]);
    });
    return predictions;
  }

  private apply(weights: Float64Array, changes: Changes): void {
    const { weightClipping } = this.options;
    for (const [start, change] of changes) {
      change.forEach((value, j) => {
        weights[start + j] = clamp(weights[start + j] + value, -weightClipping, weightClipping);
      });
    }
  }

  /** Every neuron of class c's network learns whether the label is c. */
  private target(label: number, network: number): number {
    return this.networks === 1 ? label : Number(label === network);
  }

  /** [networks][all neurons, layer after layer] */
  private forward(row: ArrayLike<number>, sideInfo: ArrayLike<number>): Activation[][] {
    const { basePredictor, predClipping, bias } = this.options;
    const base = baseLogits(row, basePredictor, predClipping);
    return Array.from({ length: this.networks }, (_, network) => {
      const activations: Activation[] = [];
      let logits = base;
      this.layers.forEach((layer, index) => {
        const inputs = bias ? [...logits, 1] : logits;
        const ofLayer = Array.from({ length: layer.neurons }, (_, neuron) =>
          this.activate(index, network * layer.neurons + neuron, inputs, sideInfo),
        );
        activations.push(...ofLayer);
        logits = ofLayer.map((activation) => activation.logit);
      });
      return activations;
    });
  }

  private activate(
    index: number,
    neuron: number,
    inputs: readonly number[],
    sideInfo: ArrayLike<number>,
  ): Activation {
    const layer = this.layers[index];
    const halfspaces = this.options.contextMapSize;
    let context = 0;
    for (let bit = 0; bit < halfspaces; bit++) {
      const plane = neuron * halfspaces + bit;
      if (this.project(layer, plane, sideInfo) > layer.hyperplaneBias[plane]) context += 2 ** bit;
    }
    const start = (neuron * 2 ** halfspaces + context) * layer.inputs;
    const sum = this.dot(layer, start, inputs);
    const logit = clamp(sum, -this.bound, this.bound);
    return { layer: index, start, inputs, context, sum, logit };
  }

  private dot(layer: Layer, start: number, inputs: readonly number[]): number {
    return inputs.reduce((total, input, j) => total + layer.weights[start + j] * input, 0);
  }

  /** What one network's neurons say of other base logits, with contexts and clamps as given. */
  private replay(fixed: readonly Activation[], base: readonly number[]): Activation[] {
    let logits = base;
    return this.layers.flatMap((layer, index) => {
      const inputs = this.options.bias ? [...logits, 1] : logits;
      const isLast = index === this.layers.length - 1;
      const ofLayer = fixed
        .filter((neuron) => neuron.layer === index)
        .map((neuron): Activation => {
          const sum = this.dot(layer, neuron.start, inputs);
          const isClamped = !isLast && neuron.logit !== neuron.sum;
          return { ...neuron, inputs, sum, logit: isClamped ? neuron.logit : sum };
        });
      logits = ofLayer.map((neuron) => neuron.logit);
      return ofLayer;
    });
  }

  /** A network's output logit, unclamped. */
  private output(ofNetwork: readonly Activation[]): number {
    const last = ofNetwork[ofNetwork.length - 1];
    if (this.options.aggregation !== 'average') return last.sum;
    const means = this.layers.slice(0, -1).map((layer, index) => {
      const ofLayer = ofNetwork.filter((neuron) => neuron.layer === index);
      return ofLayer.reduce((total, neuron) => total + neuron.logit, 0) / layer.neurons;
    });
    return means.reduce((total, mean) => total + mean, last.sum) / this.layers.length;
  }

  private project(layer: Layer, plane: number, sideInfo: ArrayLike<number>): number {
    const size = sideInfo.length;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += layer.hyperplanes[plane * size + j] * sideInfo[j];
    return sum;
  }

  private summarize(activations: readonly Activation[][]): Prediction {
    const sums = activations.map((ofNetwork) => this.output(ofNetwork));
    // After clamping, confident classes tie: the argmax looks at the sums before it.
    const mixed = this.mixture?.mix(said(activations));
    const scores = mixed ?? sums;
    const winner = scores.indexOf(Math.max(...scores));
    const inLayerOrder = this.layers.flatMap((_, index) =>
      activations.flatMap((ofNetwork) => ofNetwork.filter((neuron) => neuron.layer === index)),
    );
    return {
      probabilities: mixed ?? sums.map((sum) => sigmoid(clamp(sum, -this.bound, this.bound))),
      sums,
      class: this.networks === 1 ? Number((mixed?.[0] ?? sums[0]) > (mixed ? 0.5 : 0)) : winner,
      contexts: inLayerOrder.map((activation) => activation.context),
      layerLogits: inLayerOrder.map((activation) => activation.logit),
    };
  }

  private readLayer(parameters: LayerParameters, inputs: number, index: number): Layer {
    const { contextMapSize, inputSize, sideInfoSize = inputSize } = this.options;
    const weights = flatten(parameters.weights);
    const hyperplanes = flatten(parameters.hyperplanes);
    const hyperplaneBias = flatten(parameters.hyperplaneBias);
    const neurons = weights.length / (this.networks * 2 ** contextMapSize * inputs);
    const planes = this.networks * neurons * contextMapSize;
    if (!Number.isInteger(neurons) || neurons < 1) {
      throw new RangeError(`layer ${index} has ${weights.length} weights for ${inputs} inputs`);
    }
    if (hyperplanes.length !== planes * sideInfoSize || hyperplaneBias.length !== planes) {
      throw new RangeError(`layer ${index}: hyperplanes do not fit ${neurons} neurons`);
    }
    return { neurons, inputs, weights, hyperplanes, hyperplaneBias };
  }
}

/** Every neuron's probability, [networks][neurons]. */
function said(activations: readonly Activation[][]): number[][] {
  return activations.map((ofNetwork) => ofNetwork.map(({ logit }) => sigmoid(logit)));
}
