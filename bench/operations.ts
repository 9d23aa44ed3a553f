/**
 * How much work a row is: the floating-point operations that the algorithm itself
 * asks for, and the bytes that one row touches. What a clever evaluation adds (the
 * Gram matrix of a block) is overhead and counts for nothing.
 */

/** What decides the work of a network. */
export interface Shape {
  inputSize: number;
  /** Without the last layer of one neuron, as in the options. */
  layerSizes: readonly number[];
  /** Independent binary networks: 1, or one a class. */
  networks: number;
  contextMapSize: number;
  sideInfoSize: number;
}

/** Neurons and weights of a row of each layer, bias included. */
function layers({ inputSize, layerSizes, networks }: Shape) {
  return [...layerSizes, 1].map((size, layer) => ({
    neurons: networks * size,
    inputs: (layer === 0 ? inputSize : layerSizes[layer - 1]) + 1,
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Weights that a row's contexts pick. */
function activeWeights(shape: Shape): number {
  return sum(layers(shape).map(({ neurons, inputs }) => neurons * inputs));
}

function hyperplaneValues(shape: Shape): number {
  const neurons = sum(layers(shape).map((layer) => layer.neurons));
  return neurons * shape.contextMapSize * shape.sideInfoSize;
}

/** Operations of the halfspaces of a row. */
export function gatingOperations(shape: Shape): number {
  return 2 * hyperplaneValues(shape);
}

/** Operations of a row's predictions, without gating. */
export function mixingOperations(shape: Shape): number {
  return 2 * activeWeights(shape);
}

/** Operations of a row's predictions and updates, without gating. */
export function learningOperations(shape: Shape): number {
  return 4 * activeWeights(shape);
}

/** Bytes that learning one row reads or writes: hyperplanes, and active weights twice. */
export function touchedBytes(shape: Shape): number {
  return 4 * (hyperplaneValues(shape) + 2 * activeWeights(shape));
}

/** Bytes of all weights and hyperplanes. */
export function parameterBytes(shape: Shape): number {
  return 4 * (hyperplaneValues(shape) + 2 ** shape.contextMapSize * activeWeights(shape));
}

/** A gated linear unit's rows and widths. */
export interface GluShape {
  rows: number;
  inputs: number;
  units: number;
}

/** Operations of both matrix products. */
export function gluForwardOperations({ rows, inputs, units }: GluShape): number {
  return 4 * rows * inputs * units;
}

/** Forward, and two products each for the gradients of the kernels and of the input. */
export function gluStepOperations(shape: GluShape): number {
  return 3 * gluForwardOperations(shape);
}
