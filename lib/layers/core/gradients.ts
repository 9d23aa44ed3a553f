/**
 * The gradient of a loss with respect to each weight, gathered during one step.
 *
 * Native code overwrites what it is given. Where a layer is used in two places of
 * a network its weights get two gradients in a step, which are added up here.
 */
import type { Weight } from './weight';

interface Sum {
  readonly values: Float32Array;
  /** Whether this step has written to it. */
  isCurrent: boolean;
  /** Where further gradients of the same step are written before they are added. */
  spare: Float32Array | undefined;
}

export class Gradients {
  readonly #sums = new Map<Weight, Sum>();

  /** Forgets the gradients of the step before. */
  begin(): void {
    for (const sum of this.#sums.values()) sum.isCurrent = false;
  }

  /**
   * Adds gradients of some weights.
   *
   * @param write fills an array for each of them, whatever is in it
   */
  add(weights: readonly Weight[], write: (gradients: Float32Array[]) => void): void {
    const sums = weights.map((weight) => this.#sumOf(weight));
    const targets = sums.map((sum) => {
      if (!sum.isCurrent) return sum.values;
      sum.spare ??= new Float32Array(sum.values.length);
      return sum.spare;
    });
    write(targets);
    for (const [k, sum] of sums.entries()) {
      const target = targets[k];
      if (target !== sum.values) {
        for (let i = 0; i < target.length; i++) sum.values[i] += target[i];
      }
      sum.isCurrent = true;
    }
  }

  /** The gradient of this step; undefined where the loss does not depend on the weight. */
  of(weight: Weight): Float32Array | undefined {
    const sum = this.#sums.get(weight);
    return sum?.isCurrent === true ? sum.values : undefined;
  }

  #sumOf(weight: Weight): Sum {
    let sum = this.#sums.get(weight);
    if (sum === undefined) {
      sum = { values: new Float32Array(weight.size), isCurrent: false, spare: undefined };
      this.#sums.set(weight, sum);
    }
    return sum;
  }
}
