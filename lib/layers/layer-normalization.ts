/** Layer normalisation. */
import { checkedFlag } from '../checks';
import { Layer, type LayerConfig, type LayerOptions } from './core/layer';
import { backwardGroup, type Group, momentsOf, normalizeGroup } from './core/normalize';
import type { Forward, Pass } from './core/pass';
import { ScaleAndShift } from './core/scale-and-shift';
import { type SymbolicShape, widthOf } from './core/shape';
import type { Tensor } from './core/tensor';
import { checkedEpsilon } from './core/units';
import { ones, zeros } from './core/weight';

/** Options of {@link LayerNormalization}. */
export interface LayerNormalizationOptions extends LayerOptions {
  /** Added to variances; above 0, default 0.001. */
  epsilon?: number;
  /** Whether a learned offset `beta` is added. Default true. */
  center?: boolean;
  /** Whether values are multiplied by a learned `gamma`. Default true. */
  scale?: boolean;
}

/**
 * Brings every row, along its last axis, to mean 0 and variance 1:
 * γ ⊙ (x - mean) / √(variance + ε) + β (Ba, Kiros and Hinton, 2016). It acts the same
 * in training and afterwards.
 *
 * Weights: `gamma`, ones, and `beta`, zeros, of the last axis's length.
 */
export class LayerNormalization extends Layer {
  /** Added to variances. */
  readonly epsilon: number;
  /** Whether an offset is learned. */
  readonly center: boolean;
  /** Whether a factor is learned. */
  readonly scale: boolean;
  #affine = new ScaleAndShift(undefined, undefined);

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: LayerNormalizationOptions = {}) {
    super('LayerNormalization', options, ['epsilon', 'center', 'scale']);
    this.epsilon = checkedEpsilon(options.epsilon ?? 1e-3);
    this.center = checkedFlag('center', options.center ?? true);
    this.scale = checkedFlag('scale', options.scale ?? true);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): LayerNormalization {
    return new LayerNormalization(config as LayerNormalizationOptions);
  }

  protected override options(): LayerConfig {
    return { epsilon: this.epsilon, center: this.center, scale: this.scale };
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
  }

  /** @internal */
  override forward([input]: readonly Tensor[], pass: Pass): Forward {
    const width = widthOf(input.shape);
    const rows = input.size / width;
    const group = (row: number): Group => ({ start: row * width, count: width, stride: 1 });
    const normalized = pass.memory.take(input.size);
    const scales = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const { mean, variance } = momentsOf(input.data, group(row));
      scales[row] = 1 / Math.sqrt(variance + this.epsilon);
      normalizeGroup(input.data, group(row), mean, scales[row], normalized);
    }
    return this.#affine.pass(input, normalized, pass, (inner, target) => {
      for (let row = 0; row < rows; row++) {
        backwardGroup(normalized, group(row), scales[row], inner, target);
      }
    });
  }
}
