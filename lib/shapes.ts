/**
 * How many numbers a network has, and of what shapes, from its options alone.
 */
import type { ResolvedOptions } from './options';
import type { LayerLengths } from './parameters';

/** Shapes of one layer's arrays, over all networks. */
export interface LayerShapes {
  /** Values of a weight row, the bias included. */
  inputs: number;
  /** [networks, neurons] */
  neurons: readonly number[];
  /** [networks, or 1 where they share, neurons, contextMapSize, sideInfoSize] */
  planes: readonly number[];
}

/** Values of the smallest transform of structured gating. */
const NARROWEST_TRANSFORM = 16;
/** Rounds of random signs in a transform. */
const TRANSFORM_ROUNDS = 3;

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The shapes of one network, or of one a class. */
export class NetworkShapes {
  /** Binary networks inside: 1, or one for each of more than two classes. */
  readonly networks: number;
  /** Each layer, the last one included. */
  readonly layers: readonly LayerShapes[];
  readonly #contexts: number;
  readonly #planesOfNeuron: number;
  readonly #sideInfoSize: number;

  /** @param baseSize values a row that layer 0 mixes; @param sideInfoSize that gates look at. */
  constructor(options: Readonly<ResolvedOptions>, baseSize: number, sideInfoSize: number) {
    const { layerSizes, contextMapSize, bias, shareContexts, numClasses } = options;
    const networks = numClasses > 2 ? numClasses : 1;
    const inputs = [baseSize, ...layerSizes];
    this.networks = networks;
    this.#contexts = 2 ** contextMapSize;
    this.#planesOfNeuron = contextMapSize;
    this.#sideInfoSize = sideInfoSize;
    this.layers = [...layerSizes, 1].map((neurons, i) => ({
      inputs: inputs[i] + (bias ? 1 : 0),
      neurons: [networks, neurons],
      planes: [shareContexts ? 1 : networks, neurons, contextMapSize, sideInfoSize],
    }));
  }

  /** Neurons of each layer over all networks. */
  neuronCounts(): number[] {
    return this.layers.map(({ neurons }) => product(neurons));
  }

  /** Neurons of all layers of one network. */
  neuronsOfNetwork(): number {
    return this.layers.reduce((sum, { neurons }) => sum + neurons[1], 0);
  }

  /** Hyperplanes of all layers. */
  planeCount(): number {
    return this.layers.reduce((sum, { planes }) => sum + product(planes.slice(0, -1)), 0);
  }

  /** Random signs of structured hyperplanes, as native/core/hadamard.cpp lays them out. */
  signCount(): number {
    let width = NARROWEST_TRANSFORM;
    while (width < this.#sideInfoSize) width *= 2;
    const neurons = this.layers.reduce((sum, { planes }) => sum + planes[0] * planes[1], 0);
    const neuronsOfTransform =
      this.#planesOfNeuron === 0 ? neurons : Math.floor(width / this.#planesOfNeuron);
    return Math.ceil(neurons / neuronsOfTransform) * TRANSFORM_ROUNDS * width;
  }

  /** Lengths of each layer's parameter arrays, all contexts included. */
  layerLengths(): LayerLengths[] {
    return this.layers.map(({ inputs, neurons, planes }) => ({
      weights: product(neurons) * this.#contexts * inputs,
      hyperplanes: product(planes),
      hyperplaneBias: product(planes.slice(0, -1)),
    }));
  }
}
