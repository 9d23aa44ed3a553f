/** Layers that combine tensors element by element. */
import { GlnError } from '../errors';
import { commonShape, places } from './core/broadcast';
import { Layer, type LayerConfig, type LayerOptions } from './core/layer';
import type { Memory } from './core/memory';
import type { Forward, Pass } from './core/pass';
import { type Shape, type SymbolicShape, shown, sizeOf } from './core/shape';
import { Tensor } from './core/tensor';

/** What the layers of this file share: at least two inputs, of shapes that go together. */
abstract class Merge extends Layer {
  protected constructor(className: string, options: LayerOptions) {
    super(className, options);
  }

  protected override options(): LayerConfig {
    return {};
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    if (inputShapes.length < 2) {
      const message = `expected an array of at least two inputs, got ${inputShapes.length}`;
      throw new GlnError('ERR_GLN_SHAPE', `${this.name}: ${message}`);
    }
    const shape = commonShape(inputShapes);
    if (shape !== undefined) return shape;
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${this.name}: expected inputs of the same shape, or of length 1 along an axis, got ` +
        inputShapes.map(shown).join(' and '),
    );
  }

  protected override create(): void {}

  /** There are no weights, so that any shapes will do at any time. */
  protected override checkSame(): void {}

  /** @internal */
  override forward(inputs: readonly Tensor[], { memory }: Pass): Forward {
    // Of numbers, no axis is null.
    const shape = this.outputShape(inputs.map((input) => input.shape)) as Shape;
    const spread = inputs.map((input) => spreadTo(input, shape, memory));
    const output = memory.take(sizeOf(shape));
    this.combine(spread, output);
    return {
      output: new Tensor(output, shape),
      backward: (gradient, wanted) =>
        inputs.map((input, which) => {
          if (!wanted[which]) return null;
          const full = this.gradientOf(which, spread, gradient, memory);
          return gatherTo(full, input, shape, memory);
        }),
    };
  }

  /** Computes the output of inputs of its own shape. */
  protected abstract combine(inputs: readonly Float32Array[], output: Float32Array): void;

  /** The gradient of one of them. */
  protected abstract gradientOf(
    which: number,
    inputs: readonly Float32Array[],
    gradient: Float32Array,
    memory: Memory,
  ): Float32Array;
}

/** The values of a tensor repeated to a shape. */
function spreadTo(input: Tensor, shape: Shape, memory: Memory): Float32Array {
  const size = sizeOf(shape);
  if (input.size === size) return input.data;
  const at = places(input.shape, shape);
  const result = memory.take(size);
  for (let i = 0; i < size; i++) result[i] = input.data[at[i]];
  return result;
}

/** The sums of what was made of each value by {@link spreadTo}. */
function gatherTo(
  gradient: Float32Array,
  input: Tensor,
  shape: Shape,
  memory: Memory,
): Float32Array {
  if (input.size === gradient.length) return gradient;
  const at = places(input.shape, shape);
  const sums = new Float64Array(input.size);
  for (let i = 0; i < gradient.length; i++) sums[at[i]] += gradient[i];
  const result = memory.take(input.size);
  result.set(sums);
  return result;
}

/** The product of its inputs, element by element; an axis of length 1 is repeated. */
export class Multiply extends Merge {
  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: LayerOptions = {}) {
    super('Multiply', options);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): Multiply {
    return new Multiply(config);
  }

  protected override combine([first, ...others]: readonly Float32Array[], output: Float32Array) {
    output.set(first);
    for (const other of others) {
      for (let i = 0; i < output.length; i++) output[i] *= other[i];
    }
  }

  protected override gradientOf(
    which: number,
    inputs: readonly Float32Array[],
    gradient: Float32Array,
    memory: Memory,
  ): Float32Array {
    const result = memory.take(gradient.length);
    result.set(gradient);
    for (const [k, other] of inputs.entries()) {
      if (k === which) continue;
      for (let i = 0; i < result.length; i++) result[i] *= other[i];
    }
    return result;
  }
}

/** The sum of its inputs, element by element; an axis of length 1 is repeated. */
export class Add extends Merge {
  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: LayerOptions = {}) {
    super('Add', options);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): Add {
    return new Add(config);
  }

  protected override combine([first, ...others]: readonly Float32Array[], output: Float32Array) {
    output.set(first);
    for (const other of others) {
      for (let i = 0; i < output.length; i++) output[i] += other[i];
    }
  }

  protected override gradientOf(
    _which: number,
    _inputs: readonly Float32Array[],
    gradient: Float32Array,
  ): Float32Array {
    return gradient;
  }
}
