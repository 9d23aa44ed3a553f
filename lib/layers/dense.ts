/** The fully connected layer. */
import { native } from '../calls';
import { checkedFlag } from '../checks';
import {
  type ActivationName,
  activationKind,
  checkedActivation,
  softmax,
  softmaxBackward,
} from './core/activations';
import { kernels } from './core/kernels';
import { Layer, type LayerConfig, type SeededLayerOptions } from './core/layer';
import type { Backward, Forward, Pass } from './core/pass';
import { rowsOf, type SymbolicShape, widthOf } from './core/shape';
import { Tensor } from './core/tensor';
import { checkedUnits } from './core/units';
import { glorotUniform, type Weight, zeros } from './core/weight';

/** Options of {@link Dense}. */
export interface DenseOptions extends SeededLayerOptions {
  /** Values a row that come out; an integer from 1 to 2^31 - 1. */
  units: number;
  /** Applied to each value, softmax to each row. Default `linear`. */
  activation?: ActivationName;
  /** Whether a learned number is added to each unit. Default true. */
  useBias?: boolean;
}

/**
 * y = activation(x · W + b), for inputs [batch, …, inputs] and outputs [batch, …, units].
 *
 * Weights: `kernel` [inputs, units], Glorot-uniform, and `bias` [units], zeros.
 */
export class Dense extends Layer {
  /** Values a row that come out. */
  readonly units: number;
  /** What each of them goes through. */
  readonly activation: ActivationName;
  /** Whether a bias is added. */
  readonly useBias: boolean;
  #kernel!: Weight;
  #bias: Weight | undefined;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: DenseOptions) {
    super('Dense', options, ['units', 'activation', 'useBias', 'seed']);
    this.units = checkedUnits(options.units);
    this.activation = checkedActivation(options.activation ?? 'linear');
    this.useBias = checkedFlag('useBias', options.useBias ?? true);
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): Dense {
    return new Dense(config as unknown as DenseOptions);
  }

  /** [inputs, units]; there once the layer is built. */
  get kernel(): Weight {
    return this.#kernel;
  }

  /** [units]; undefined without `useBias`. */
  get bias(): Weight | undefined {
    return this.#bias;
  }

  protected override options(): LayerConfig {
    return { units: this.units, activation: this.activation, useBias: this.useBias };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    const shape = this.single(inputShapes);
    this.widthOf(shape);
    return [...shape.slice(0, -1), this.units];
  }

  protected override create([shape]: readonly SymbolicShape[]): void {
    const inputs = this.widthOf(shape);
    this.#kernel = this.addWeight('kernel', [inputs, this.units], { initializer: glorotUniform });
    if (this.useBias) this.#bias = this.addWeight('bias', [this.units], { initializer: zeros });
  }

  /** @internal */
  override forward([input]: readonly Tensor[], pass: Pass): Forward {
    const inputs = widthOf(input.shape);
    const rows = rowsOf(input.shape);
    const { units, activation } = this;
    const output = pass.memory.take(rows * units);
    const kernel = this.#kernel.values;
    const bias = this.#bias?.values ?? null;
    const code = activationKind(activation);
    native(() =>
      kernels().dense(input.data, kernel, bias, rows, inputs, units, code, output, pass.threads),
    );
    if (activation === 'softmax') softmax(output, units);

    const result = new Tensor(output, [...input.shape.slice(0, -1), units]);
    const { gradients } = pass;
    if (gradients === undefined) return { output: result };
    const backwardThrough =
      (fused: number): Backward =>
      (gradient, [wanted]) => {
        const ofInput = wanted ? pass.memory.take(input.size) : null;
        gradients.add(this.#trained(), ([ofKernel, ofBias = null]) =>
          native(() =>
            kernels().denseBackward(
              ...([input.data, kernel, output, gradient, rows, inputs, units, fused] as const),
              ...([ofInput, ofKernel, ofBias, pass.threads] as const),
            ),
          ),
        );
        return [ofInput];
      };
    const backwardBefore = backwardThrough(activationKind('linear'));
    const throughSoftmax: Backward = (gradient, wanted) => {
      const before = pass.memory.take(output.length);
      softmaxBackward(output, gradient, units, before);
      return backwardBefore(before, wanted);
    };
    return {
      output: result,
      backward: activation === 'softmax' ? throughSoftmax : backwardThrough(code),
      beforeActivation: { activation, backward: backwardBefore },
    };
  }

  #trained(): Weight[] {
    return this.#bias === undefined ? [this.#kernel] : [this.#kernel, this.#bias];
  }
}
