/** Putting tensors side by side. */
import { checkedInteger } from '../checks';
import { GlnError } from '../errors';
import { Layer, type LayerConfig, type LayerOptions } from './core/layer';
import type { Forward, Pass } from './core/pass';
import { MOST_AXES, type Shape, type SymbolicShape, shown, sizeOf } from './core/shape';
import { Tensor } from './core/tensor';

/** Options of {@link Concatenate}. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis along which inputs follow each other; negative from the end, not the batch. Default -1. */
  axis?: number;
}

/** Its inputs one after the other along an axis; all other axes must be equal. */
export class Concatenate extends Layer {
  /** The axis along which inputs are joined; negative ones count from the end. */
  readonly axis: number;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: ConcatenateOptions = {}) {
    super('Concatenate', options, ['axis']);
    this.axis = checkedInteger('axis', options.axis ?? -1, -MOST_AXES, MOST_AXES);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): Concatenate {
    return new Concatenate(config as ConcatenateOptions);
  }

  protected override options(): LayerConfig {
    return { axis: this.axis };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    if (inputShapes.length < 2) {
      const message = `expected an array of at least two inputs, got ${inputShapes.length}`;
      throw new GlnError('ERR_GLN_SHAPE', `${this.name}: ${message}`);
    }
    const [first] = inputShapes;
    const axis = this.axis < 0 ? first.length + this.axis : this.axis;
    const go = inputShapes.every(
      (shape) =>
        shape.length === first.length &&
        shape.every((extent, i) => i === axis || extent === first[i]),
    );
    if (!go || axis < 1 || axis >= first.length) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `${this.name}: expected inputs that differ along axis ${this.axis} alone, which is not ` +
          `the batch's, got ${inputShapes.map(shown).join(' and ')}`,
      );
    }
    const extents = inputShapes.map((shape) => shape[axis]);
    const sum = extents.reduce(
      (total, extent) => (total === null || extent === null ? null : total + extent),
      0,
    );
    return first.map((extent, i) => (i === axis ? sum : extent));
  }

  protected override create(): void {}

  /** There are no weights, so that any shapes will do at any time. */
  protected override checkSame(): void {}

  /** @internal */
  override forward(inputs: readonly Tensor[], { memory }: Pass): Forward {
    // Of numbers, no axis is null.
    const shape = this.outputShape(inputs.map((input) => input.shape)) as Shape;
    const axis = this.axis < 0 ? shape.length + this.axis : this.axis;
    const blocks = sizeOf(shape.slice(0, axis));
    const output = memory.take(sizeOf(shape));
    const whole = output.length / blocks;
    /** For each input, where its part of each block begins, and how long it is. */
    const parts = inputs.map((input) => ({ length: input.size / blocks, offset: 0 }));
    for (let k = 1; k < parts.length; k++) {
      parts[k].offset = parts[k - 1].offset + parts[k - 1].length;
    }
    for (const [k, { length, offset }] of parts.entries()) {
      const { data } = inputs[k];
      for (let block = 0; block < blocks; block++) {
        const part = data.subarray(block * length, (block + 1) * length);
        output.set(part, block * whole + offset);
      }
    }
    return {
      output: new Tensor(output, shape),
      backward: (gradient, wanted) =>
        parts.map(({ length, offset }, k) => {
          if (!wanted[k]) return null;
          const result = memory.take(inputs[k].size);
          for (let block = 0; block < blocks; block++) {
            const start = block * whole + offset;
            result.set(gradient.subarray(start, start + length), block * length);
          }
          return result;
        }),
    };
  }
}
