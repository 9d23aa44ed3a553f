/** Dropout. */
import { checkedNumber } from '../checks';
import { RandomIntegers } from '../data/random';
import { Layer, type LayerConfig, type SeededLayerOptions } from './core/layer';
import type { Forward, Pass } from './core/pass';
import { deriveSeed } from './core/seeds';
import type { SymbolicShape } from './core/shape';
import { Tensor } from './core/tensor';

/** Options of {@link Dropout}. */
export interface DropoutOptions extends SeededLayerOptions {
  /** The share of values that are dropped, from 0 to 1. */
  rate: number;
}

/**
 * In training, sets each value to 0 with probability `rate` and divides the others
 * by 1 - rate, so that sums keep their mean; otherwise lets values through as they are.
 *
 * Which values are dropped depends on the seed and on how many batches it has seen
 * in training, nothing else.
 */
export class Dropout extends Layer {
  /** The share of values that become 0 in training. */
  readonly rate: number;
  /** Batches seen in training; part of what a saved model keeps. @internal */
  draws = 0;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: DropoutOptions) {
    super('Dropout', options, ['rate', 'seed']);
    this.rate = checkedNumber('rate', options.rate, 0, 1);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): Dropout {
    return new Dropout(config as unknown as DropoutOptions);
  }

  protected override options(): LayerConfig {
    return { rate: this.rate };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    return this.single(inputShapes);
  }

  protected override create(): void {}

  /** It has no weights, so any shape will do at any time. */
  protected override checkSame(): void {}

  /** @internal */
  override forward([input]: readonly Tensor[], { training, memory, changes }: Pass): Forward {
    if (!training || this.rate === 0) {
      return { output: input, backward: (gradient) => [gradient] };
    }
    const factors = memory.take(input.size);
    // A layer that is used twice in one pass drops other values each time.
    this.#drawFactors(factors, changes.length);
    changes.push(() => {
      this.draws++;
    });
    const scale = (values: Float32Array): Float32Array => {
      const scaled = memory.take(values.length);
      for (let i = 0; i < values.length; i++) scaled[i] = values[i] * factors[i];
      return scaled;
    };
    return {
      output: new Tensor(scale(input.data), input.shape),
      backward: (gradient) => [scale(gradient)],
    };
  }

  /** For each value 0 or 1 / (1 - rate). */
  #drawFactors(factors: Float32Array, use: number): void {
    const random = new RandomIntegers(deriveSeed(deriveSeed(this.seed, this.draws), use));
    const limit = this.rate * 2 ** 32;
    const kept = 1 / (1 - this.rate);
    for (let i = 0; i < factors.length; i++) factors[i] = random.next() < limit ? 0 : kept;
  }
}
