/**
 * A Gaussian network's parameters as plain arrays, to look at or to build a network from.
 */
import type { NativeGaussianLayer } from '../../types/gaussian';
import { describe, GlnError } from '../errors';
import { flatDoubles, flatFloats, type NestedNumbers } from '../parameters';
import type { GaussianLayerShapes } from './network';

/** The parameters of one layer. */
export interface GaussianLayerParameters {
  /** `[neurons][2^contextMapSize][inputs]`, the bias inputs last. */
  weights: Float64Array;
  /** `[neurons][contextMapSize][size of the side information]`. */
  hyperplanes: Float32Array;
  /** `[neurons][contextMapSize]`. */
  hyperplaneBias: Float32Array;
}

/** {@link GaussianLayerParameters} as a caller may give them. */
export interface GaussianLayerParametersInput {
  /** `[neurons][2^contextMapSize][inputs]`, the bias inputs last. */
  weights: NestedNumbers;
  /** `[neurons][contextMapSize][size of the side information]`. */
  hyperplanes: NestedNumbers;
  /** `[neurons][contextMapSize]`. */
  hyperplaneBias: NestedNumbers;
}

/** Checks the parameters of all layers and flattens them. */
export function toGaussianLayers(
  layers: unknown,
  shapes: readonly GaussianLayerShapes[],
  contexts: number,
): NativeGaussianLayer[] {
  if (!Array.isArray(layers) || layers.length !== shapes.length) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `layers: expected an array of ${shapes.length} layers, the last of one neuron included, ` +
        `got ${describe(layers)}`,
    );
  }
  return shapes.map(({ inputs, neurons, planes }, k) => {
    const layer: unknown = layers[k];
    const name = `layers[${k}]`;
    if (typeof layer !== 'object' || layer === null) {
      throw new GlnError('ERR_GLN_TYPE', `${name}: expected an object, got ${describe(layer)}`);
    }
    const given = layer as { [Key in keyof GaussianLayerParametersInput]: unknown };
    const [, perNeuron, size] = planes;
    const count = neurons * perNeuron;
    return {
      weights: flatDoubles(given.weights, neurons * contexts * inputs, `${name}.weights`),
      hyperplanes: flatFloats(given.hyperplanes, count * size, `${name}.hyperplanes`),
      hyperplaneBias: flatFloats(given.hyperplaneBias, count, `${name}.hyperplaneBias`),
    };
  });
}
