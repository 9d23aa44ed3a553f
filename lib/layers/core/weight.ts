/**
 * One array of numbers that a layer has: a kernel, a bias, a moving mean.
 */
import { RandomIntegers } from '../../data/random';
import { allocate } from '../../format/files';
import { uniform } from './seeds';
import { type Shape, sizeOf } from './shape';
import { Tensor } from './tensor';

/** Fills a new weight. */
export type Initializer = (values: Float32Array, shape: Shape, random: RandomIntegers) => void;

export const zeros: Initializer = (values) => values.fill(0);
export const ones: Initializer = (values) => values.fill(1);

/**
 * Uniform in ± √(6 / (inputs + units)), which keeps the variance of values and
 * gradients about the same from layer to layer (Glorot and Bengio, 2010).
 */
export const glorotUniform: Initializer = (values, [inputs, units], random) => {
  const limit = Math.sqrt(6 / (inputs + units));
  for (let i = 0; i < values.length; i++) values[i] = limit * (2 * uniform(random) - 1);
};

/** How a weight is made. */
export interface WeightOptions {
  readonly initializer: Initializer;
  /** Whether the optimiser moves it. */
  readonly trainable: boolean;
}

/**
 * A weight. Its first values are drawn when they are first looked at, so that
 * making layers takes no memory, and a model may still say which seed they come
 * from.
 */
export class Weight {
  /** What it is to its layer, e.g. `kernel`. */
  readonly name: string;
  /** Lengths of its axes. */
  readonly shape: Shape;
  /** Whether the optimiser moves it. */
  readonly trainable: boolean;
  readonly #initializer: Initializer;
  readonly #seed: () => number;
  #values: Float32Array | undefined;

  /** @internal */
  constructor(name: string, shape: Shape, options: WeightOptions, seed: () => number) {
    this.name = name;
    this.shape = shape;
    this.trainable = options.trainable;
    this.#initializer = options.initializer;
    this.#seed = seed;
  }

  /** Elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Whether it has values already. */
  get isDrawn(): boolean {
    return this.#values !== undefined;
  }

  /** The numbers themselves, row-major: what is written here is what the layer computes with. */
  get values(): Float32Array {
    if (this.#values === undefined) {
      const values = new Float32Array(allocate(this.name, 4 * this.size));
      this.#initializer(values, this.shape, new RandomIntegers(this.#seed()));
      this.#values = values;
    }
    return this.#values;
  }

  /** Takes over an array of the right length. @internal */
  adopt(values: Float32Array): void {
    this.#values = values;
  }

  /** A copy. */
  toTensor(): Tensor {
    return new Tensor(this.values.slice(), this.shape);
  }
}
