/**
 * γ ⊙ x̂ + β along the last axis, with which both normalisations end.
 */
import type { Gradients } from './gradients';
import type { Memory } from './memory';
import type { Forward, Pass } from './pass';
import { widthOf } from './shape';
import { Tensor } from './tensor';
import type { Weight } from './weight';

/** The two weights, each of which may be left out. */
export class ScaleAndShift {
  constructor(
    readonly gamma: Weight | undefined,
    readonly beta: Weight | undefined,
  ) {}

  /**
   * The pass of a layer that ends so.
   *
   * @param normalized x̂, of the input's shape.
   * @param back writes the input's gradient for that of x̂.
   */
  pass(
    input: Tensor,
    normalized: Float32Array,
    { memory, gradients }: Pass,
    back: (ofNormalized: Float32Array, ofInput: Float32Array) => void,
  ): Forward {
    const width = widthOf(input.shape);
    const values = memory.take(input.size);
    this.#forward(normalized, width, values);
    const output = new Tensor(values, input.shape);
    if (gradients === undefined) return { output };
    return {
      output,
      backward: (gradient, [wanted]) => {
        this.#backward(normalized, width, gradient, gradients);
        if (!wanted) return [null];
        const inner = this.#ofNormalized(gradient, width, memory);
        const target = memory.take(input.size);
        back(inner, target);
        return [target];
      },
    };
  }

  /** Applies it to rows of `width` values. */
  #forward(normalized: Float32Array, width: number, output: Float32Array): void {
    const gamma = this.gamma?.values;
    const beta = this.beta?.values;
    for (let start = 0; start < normalized.length; start += width) {
      for (let i = 0; i < width; i++) {
        const scaled = normalized[start + i] * (gamma === undefined ? 1 : gamma[i]);
        output[start + i] = scaled + (beta === undefined ? 0 : beta[i]);
      }
    }
  }

  /** Leaves the gradients of γ and β; sums over rows are taken in double precision. */
  #backward(
    normalized: Float32Array,
    width: number,
    gradient: Float32Array,
    gradients: Gradients,
  ): void {
    const { gamma, beta } = this;
    const sums = (factor: (at: number) => number) => (targets: Float32Array[]) => {
      const totals = new Float64Array(width);
      for (let at = 0; at < gradient.length; at++) totals[at % width] += factor(at);
      targets[0].set(totals);
    };
    if (gamma !== undefined) {
      gradients.add(
        [gamma],
        sums((at) => gradient[at] * normalized[at]),
      );
    }
    if (beta !== undefined)
      gradients.add(
        [beta],
        sums((at) => gradient[at]),
      );
  }

  /** The gradient of x̂. */
  #ofNormalized(gradient: Float32Array, width: number, memory: Memory): Float32Array {
    if (this.gamma === undefined) return gradient;
    const { values } = this.gamma;
    const result = memory.take(gradient.length);
    for (let at = 0; at < gradient.length; at++) result[at] = gradient[at] * values[at % width];
    return result;
  }
}
