/**
 * A Gaussian network's parameters as plain arrays, to look at or to build a network from.
 */
import type { NativeGaussianLayer } from '../../types/gaussian';
import { describe, GlnError } from '../errors';
import { flatDoubles, flatFloats, type NestedNumbers } from '../parameters';
import type { GaussianLayerShapes } from './network';

/** The parameters of one layer. */
export type GaussianLayerParameters = NativeGaussianLayer;

/** {@link GaussianLayerParameters} as a caller may give them. */
export interface GaussianLayerParametersInput {
  weights: NestedNumbers;
  hyperplanes: NestedNumbers;
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
