/** Batch normalisation. */
import { checkedFlag, checkedRange } from '../checks';
import { Layer, type LayerConfig, type LayerOptions } from './core/layer';
import { backwardGroup, type Group, momentsOf, normalizeGroup } from './core/normalize';
import type { Forward, Pass } from './core/pass';
import { ScaleAndShift } from './core/scale-and-shift';
import { rowsOf, type SymbolicShape, widthOf } from './core/shape';
import type { Tensor } from './core/tensor';
import { checkedEpsilon } from './core/units';
import { ones, type Weight, zeros } from './core/weight';

/** Options of {@link BatchNormalization}. */
export interface BatchNormalizationOptions extends LayerOptions {
  /** The share of the moving mean and variance that a batch leaves; from 0 to below 1, default 0.99. */
  momentum?: number;
  /** Added to variances; above 0, default 0.001. */
  epsilon?: number;
  /** Whether a learned offset `beta` is added. Default true. */
  center?: boolean;
  /** Whether values are multiplied by a learned `gamma`. Default true. */
  scale?: boolean;
}

/**
 * Brings every place of the last axis to mean 0 and variance 1 over all other axes:
 * γ ⊙ (x - mean) / √(variance + ε) + β (Ioffe and Szegedy, 2015). In training by the
 * batch's own mean and variance, which also move the averages that are used
 * afterwards.
 *
 * Weights, each of the last axis's length: `gamma`, ones; `beta`, zeros; and, not
 * trained, `moving_mean`, zeros, and `moving_variance`, ones.
 */
export class BatchNormalization extends Layer {
  /** What is kept of the moving statistics at each batch. */
  readonly momentum: number;
  /** Added to variances. */
  readonly epsilon: number;
  /** Whether an offset is learned. */
  readonly center: boolean;
  /** Whether a factor is learned. */
  readonly scale: boolean;
  #affine = new ScaleAndShift(undefined, undefined);
  #movingMean!: Weight;
  #movingVariance!: Weight;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: BatchNormalizationOptions = {}) {
    super('BatchNormalization', options, ['momentum', 'epsilon', 'center', 'scale']);
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
    const expected = 'a number from 0 to below 1';
    this.momentum = checkedRange('momentum', momentum, expected, (x) => x >= 0 && x < 1);
    this.epsilon = checkedEpsilon(epsilon);
    this.center = checkedFlag('center', center);
    this.scale = checkedFlag('scale', scale);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): BatchNormalization {
    return new BatchNormalization(config as BatchNormalizationOptions);
  }

  protected override options(): LayerConfig {
    const { momentum, epsilon, center, scale } = this;
    return { momentum, epsilon, center, scale };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    const shape = this.single(inputShapes);
    this.widthOf(shape);
    return shape;
  }

  protected override create([shape]: readonly SymbolicShape[]): void {
    const width = this.widthOf(shape);
    this.#affine = new ScaleAndShift(
      this.scale ? this.addWeight('gamma', [width], { initializer: ones }) : undefined,
      this.center ? this.addWeight('beta', [width], { initializer: zeros }) : undefined,
    );
    const still = { trainable: false };
    this.#movingMean = this.addWeight('moving_mean', [width], { initializer: zeros, ...still });
    this.#movingVariance = this.addWeight('moving_variance', [width], {
      initializer: ones,
      ...still,
    });
  }

  /** @internal */
  override forward([input]: readonly Tensor[], pass: Pass): Forward {
    const { memory, training, changes } = pass;
    const width = widthOf(input.shape);
    const count = rowsOf(input.shape);
    const group = (column: number): Group => ({ start: column, count, stride: width });
    const normalized = memory.take(input.size);
    const [means, variances, scales] = [0, 1, 2].map(() => new Float64Array(width));
    for (let column = 0; column < width; column++) {
      const { mean, variance } = training
        ? momentsOf(input.data, group(column))
        : { mean: this.#movingMean.values[column], variance: this.#movingVariance.values[column] };
      means[column] = mean;
      variances[column] = variance;
      scales[column] = 1 / Math.sqrt(variance + this.epsilon);
      normalizeGroup(input.data, group(column), mean, scales[column], normalized);
    }
    if (training) changes.push(() => this.#observe(means, variances));
    return this.#affine.pass(input, normalized, pass, (inner, target) => {
      for (let column = 0; column < width; column++) {
        if (training) backwardGroup(normalized, group(column), scales[column], inner, target);
        else normalizeGroup(inner, group(column), 0, scales[column], target);
      }
    });
  }

  /** Moves the averages. */
  #observe(means: Float64Array, variances: Float64Array): void {
    for (const [weight, seen] of [
      [this.#movingMean, means],
      [this.#movingVariance, variances],
    ] as const) {
      const { values } = weight;
      for (let i = 0; i < seen.length; i++)
        values[i] += (seen[i] - values[i]) * (1 - this.momentum);
    }
  }
}
