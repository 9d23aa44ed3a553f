/** The gated linear unit. */
import { native } from '../calls';
import { kernels } from './core/kernels';
import { Layer, type LayerConfig, type SeededLayerOptions } from './core/layer';
import type { Forward, Pass } from './core/pass';
import { rowsOf, type SymbolicShape, widthOf } from './core/shape';
import { Tensor } from './core/tensor';
import { checkedUnits } from './core/units';
import type { Weight } from './core/weight';
import { Dense } from './dense';

/** Options of {@link GatedLinearUnit}. */
export interface GatedLinearUnitOptions extends SeededLayerOptions {
  /** Values a row that come out; an integer from 1 to 2^31 - 1. */
  units: number;
}

/**
 * y = (x · W + b) ⊙ σ(x · V + c), for inputs `[batch, …, inputs]` and outputs
 * `[batch, …, units]`: a linear map whose values pass as far as gates between 0 and 1
 * let them (Dauphin et al., 2017).
 *
 * The two maps are layers of their own, {@link linear} and {@link sigmoid}, with a
 * kernel and a bias each. It acts the same in training and afterwards.
 */
export class GatedLinearUnit extends Layer {
  /** Values a row that come out. */
  readonly units: number;
  /** x · W + b. */
  readonly linear: Dense;
  /** The gates σ(x · V + c). */
  readonly sigmoid: Dense;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: GatedLinearUnitOptions) {
    super('GatedLinearUnit', options, ['units', 'seed']);
    this.units = checkedUnits(options.units);
    const { units } = this;
    this.linear = this.addLayer(new Dense({ name: 'linear', units }));
    this.sigmoid = this.addLayer(new Dense({ name: 'sigmoid', units, activation: 'sigmoid' }));
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): GatedLinearUnit {
    return new GatedLinearUnit(config as unknown as GatedLinearUnitOptions);
  }

  protected override options(): LayerConfig {
    return { units: this.units };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    const shape = this.single(inputShapes);
    this.widthOf(shape);
    return [...shape.slice(0, -1), this.units];
  }

  protected override create(inputShapes: readonly SymbolicShape[]): void {
    this.linear.buildFor(inputShapes);
    this.sigmoid.buildFor(inputShapes);
  }

  /** @internal */
  override forward([input]: readonly Tensor[], pass: Pass): Forward {
    const inputs = widthOf(input.shape);
    const rows = rowsOf(input.shape);
    const { units } = this;
    const length = rows * units;
    const { memory, gradients, threads } = pass;
    const weights = this.#trained();
    const [kernel, bias, gateKernel, gateBias] = weights.map(({ values }) => values);
    const output = memory.take(length);
    const run = (linear: Float32Array | null, gate: Float32Array | null) =>
      native(() =>
        kernels().gatedLinearUnit(
          ...([input.data, kernel, bias, gateKernel, gateBias, rows, inputs, units] as const),
          ...([linear, gate, output, threads] as const),
        ),
      );
    const result = new Tensor(output, [...input.shape.slice(0, -1), units]);
    if (gradients === undefined) {
      run(null, null);
      return { output: result };
    }
    const linear = memory.take(length);
    const gate = memory.take(length);
    run(linear, gate);
    return {
      output: result,
      backward: (gradient, [wanted]) => {
        const ofInput = wanted ? memory.take(input.size) : null;
        gradients.add(weights, ([ofKernel, ofBias, ofGateKernel, ofGateBias]) =>
          native(() =>
            kernels().gatedLinearUnitBackward(
              ...([input.data, kernel, gateKernel, linear, gate, gradient] as const),
              ...([rows, inputs, units, ofInput] as const),
              ...([ofKernel, ofBias, ofGateKernel, ofGateBias, threads] as const),
            ),
          ),
        );
        return [ofInput];
      },
    };
  }

  #trained(): Weight[] {
    return [...this.linear.weights.values(), ...this.sigmoid.weights.values()];
  }
}
