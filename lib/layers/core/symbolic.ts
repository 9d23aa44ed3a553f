/**
 * Places where values will be when a network runs: what a functional model is
 * drawn with before there are any rows.
 */
import { checkKeys } from '../../calls';
import { describe, GlnError } from '../../errors';
import type { Layer } from './layer';
import { checkedName, freshName } from './names';
import { isSymbolicShape, MOST_AXES, type SymbolicShape, shown } from './shape';

/** Where a symbolic tensor comes from. */
export interface Producer {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
}

/** A value that a network will have: what {@link input} makes and `layer.apply` gives. */
export class SymbolicTensor {
  /** Of the input, or of the layer that makes it. */
  readonly name: string;
  /** Length of every axis; the first, the batch, is `null`. */
  readonly shape: SymbolicShape;
  /** How it is made; undefined for an input. @internal */
  readonly producer: Producer | undefined;

  /** @internal */
  constructor(name: string, shape: SymbolicShape, producer?: Producer) {
    this.name = name;
    this.shape = shape;
    this.producer = producer;
  }
}

/** Options of {@link input}. */
export interface InputOptions {
  /** Length of every axis but the batch; `null` where any will do. */
  shape: SymbolicShape;
  /** Default `input_layer`, `input_layer_1`, … */
  name?: string;
}

const KEYS: ReadonlySet<string> = new Set<keyof InputOptions>(['shape', 'name']);

/**
 * The place where rows enter a functional model, or the first element of a
 * {@link Sequential} that is to know its shapes at once.
 *
 *     const inputs = input({ shape: [20] });
 *
 * @throws GlnError `ERR_GLN_OPTION`
 */
export function input(options: InputOptions): SymbolicTensor {
  checkKeys(options, KEYS);
  const { shape } = options;
  if (!isSymbolicShape(shape) || shape.length === 0 || shape.length >= MOST_AXES) {
    const got = Array.isArray(shape) && shape.length > 0 ? shown(shape) : describe(shape);
    throw new GlnError(
      'ERR_GLN_OPTION',
      `shape: expected the lengths of all axes but the batch, each an integer from 1 to 2^31 - 1 or null, got ${got}`,
    );
  }
  const name =
    options.name === undefined ? freshName('InputLayer') : checkedName('name', options.name);
  return new SymbolicTensor(name, [null, ...shape]);
}
