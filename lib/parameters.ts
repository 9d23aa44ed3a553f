/**
 * A network's parameters as plain arrays, to look at or to build a network from.
 */
import { types } from 'node:util';
import type { NativeLayer } from '../types/addon';
import { describe, GlnError } from './errors';
import { firstNonFinite } from './rows';

/** Numbers, flat or nested to any depth. */
export type NestedNumbers = ArrayLike<number> | readonly NestedNumbers[];

/** The parameters of one layer; `networks` is 1, or the number of classes above 2. */
export interface LayerParameters {
  /** [networks][neurons][2^contextMapSize][inputs], with the bias as the last input. */
  weights: Float32Array;
  /** [networks][neurons][contextMapSize][sideInfoSize]; with `shareContexts` one network's. */
  hyperplanes: Float32Array;
  /** [networks][neurons][contextMapSize]; with `shareContexts` one network's. */
  hyperplaneBias: Float32Array;
}

/** {@link LayerParameters} as a caller may give them. */
export interface LayerParametersInput {
  /** `[networks][neurons][2^contextMapSize][inputs]`, with the bias as the last input. */
  weights: NestedNumbers;
  /** `[networks][neurons][contextMapSize][sideInfoSize]`; with `shareContexts` one network's. */
  hyperplanes: NestedNumbers;
  /** `[networks][neurons][contextMapSize]`; with `shareContexts` one network's. */
  hyperplaneBias: NestedNumbers;
}

/** How many numbers each array of a layer must have. */
export type LayerLengths = { [Key in keyof LayerParameters]: number };

function* flatten(values: NestedNumbers, name: string): Generator<number> {
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === 'number') yield value;
    else if (Array.isArray(value) || types.isTypedArray(value)) {
      yield* flatten(value as NestedNumbers, name);
    } else {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `${name}: expected numbers, flat or nested, got ${describe(value)}`,
      );
    }
  }
}

function checkArray(values: unknown, name: string): NestedNumbers {
  if (!Array.isArray(values) && !types.isTypedArray(values)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `${name}: expected an array of numbers, flat or nested, got ${describe(values)}`,
    );
  }
  return values as NestedNumbers;
}

function checkLength(data: ArrayLike<number>, length: number, name: string): void {
  if (data.length === length) return;
  throw new GlnError('ERR_GLN_SHAPE', `${name}: expected ${length} numbers, got ${data.length}`);
}

/** @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`, or `ERR_GLN_VALUE` for no finite float32 */
export function flatFloats(given: unknown, length: number, name: string): Float32Array {
  const values = checkArray(given, name);
  const data = types.isFloat32Array(values) ? values : Float32Array.from(flatten(values, name));
  checkLength(data, length, name);
  const bad = firstNonFinite(data);
  if (bad >= 0) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected finite numbers (in float32), got ${describe(data[bad])} at ${bad}`,
    );
  }
  return data;
}

/** The same in double precision. */
export function flatDoubles(given: unknown, length: number, name: string): Float64Array {
  const values = checkArray(given, name);
  const data = types.isFloat64Array(values) ? values : Float64Array.from(flatten(values, name));
  checkLength(data, length, name);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected finite numbers, got ${describe(data[bad])} at ${bad}`,
    );
  }
  return data;
}

/**
 * Checks the parameters of all layers and flattens them.
 *
 * @param largestWeight larger weights are refused: no training leaves them so.
 */
export function toNativeLayers(
  layers: unknown,
  lengths: readonly LayerLengths[],
  largestWeight: number,
): NativeLayer[] {
  if (!Array.isArray(layers) || layers.length !== lengths.length) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `layers: expected an array of ${lengths.length} layers, the last of one neuron included, ` +
        `got ${describe(layers)}`,
    );
  }
  return lengths.map((expected, i) => {
    const layer: unknown = layers[i];
    const name = `layers[${i}]`;
    if (typeof layer !== 'object' || layer === null) {
      throw new GlnError('ERR_GLN_TYPE', `${name}: expected an object, got ${describe(layer)}`);
    }
    const given = layer as { [Key in keyof LayerParametersInput]: unknown };
    const weights = flatFloats(given.weights, expected.weights, `${name}.weights`);
    const outside = weights.findIndex((weight) => Math.abs(weight) > largestWeight);
    if (outside >= 0) {
      throw new GlnError(
        'ERR_GLN_VALUE',
        `${name}.weights: expected magnitudes of at most ${largestWeight}, ` +
          `got ${describe(weights[outside])} at ${outside}`,
      );
    }
    return {
      weights,
      hyperplanes: flatFloats(given.hyperplanes, expected.hyperplanes, `${name}.hyperplanes`),
      hyperplaneBias: flatFloats(
        given.hyperplaneBias,
        expected.hyperplaneBias,
        `${name}.hyperplaneBias`,
      ),
    };
  });
}
