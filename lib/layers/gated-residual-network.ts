/** The gated residual network. */
import { checkedRange } from '../checks';
import { Graph } from './core/graph';
import { Layer, type LayerConfig, type SeededLayerOptions } from './core/layer';
import type { Forward, Pass } from './core/pass';
import type { SymbolicShape } from './core/shape';
import { input } from './core/symbolic';
import type { Tensor } from './core/tensor';
import { checkedUnits } from './core/units';
import { Dense } from './dense';
import { Dropout } from './dropout';
import { GatedLinearUnit } from './gated-linear-unit';
import { LayerNormalization } from './layer-normalization';
import { Add } from './merge';

/** Options of {@link GatedResidualNetwork}. */
export interface GatedResidualNetworkOptions extends SeededLayerOptions {
  /** Values a row that come out; an integer from 1 to 2^31 - 1. */
  units: number;
  /** The share of values that are dropped in training, from 0 to below 1. Default 0.2. */
  dropoutRate?: number;
}

/**
 * LayerNormalization(skip + GLU(dropout(dense(elu(dense(x)))))), for inputs [batch, …,
 * inputs] and outputs [batch, …, units]; the skip is x, or a dense layer of x where
 * the widths differ (Lim et al., 2021). What the layers inside learn can be gated
 * away, which leaves the normalised skip.
 */
export class GatedResidualNetwork extends Layer {
  /** Values a row that come out. */
  readonly units: number;
  /** The share of values that become 0 in training. */
  readonly dropoutRate: number;
  /** The first map, with ELU. */
  readonly eluDense: Dense;
  /** The second. */
  readonly linearDense: Dense;
  /** Between the second map and the gate. */
  readonly dropout: Dropout;
  /** The gate, which lets the result through or not. */
  readonly gatedLinearUnit: GatedLinearUnit;
  /** Over the sum of the input and what the gate let through. */
  readonly layerNorm: LayerNormalization;
  #project: Dense | undefined;
  #graph!: Graph;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: GatedResidualNetworkOptions) {
    super('GatedResidualNetwork', options, ['units', 'dropoutRate', 'seed']);
    this.units = checkedUnits(options.units);
    const { dropoutRate = 0.2 } = options;
    const expected = 'a number from 0 to below 1';
    this.dropoutRate = checkedRange('dropoutRate', dropoutRate, expected, (x) => x >= 0 && x < 1);
    const { units } = this;
    this.eluDense = this.addLayer(new Dense({ name: 'elu_dense', units, activation: 'elu' }));
    this.linearDense = this.addLayer(new Dense({ name: 'linear_dense', units }));
    this.dropout = this.addLayer(new Dropout({ name: 'dropout', rate: this.dropoutRate }));
    this.gatedLinearUnit = this.addLayer(new GatedLinearUnit({ name: 'gated_linear_unit', units }));
    this.layerNorm = new LayerNormalization({ name: 'layer_norm' });
  }

  /** A layer as {@link getConfig} described it. @throws GlnError `ERR_GLN_OPTION` */
  static fromConfig(config: LayerConfig): GatedResidualNetwork {
    return new GatedResidualNetwork(config as unknown as GatedResidualNetworkOptions);
  }

  /** The map of the skip; undefined where the input is `units` wide, or nothing is known of it yet. */
  get project(): Dense | undefined {
    return this.#project;
  }

  protected override options(): LayerConfig {
    return { units: this.units, dropoutRate: this.dropoutRate };
  }

  /** @internal */
  override outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape {
    const shape = this.single(inputShapes);
    this.widthOf(shape);
    return [...shape.slice(0, -1), this.units];
  }

  protected override create([shape]: readonly SymbolicShape[]): void {
    const inside = input({ name: 'inputs', shape: shape.slice(1) });
    let skip = inside;
    if (this.widthOf(shape) !== this.units) {
      this.#project = this.addLayer(new Dense({ name: 'project', units: this.units }));
      skip = this.#project.apply(inside);
    }
    // After the projection, so that weights come in Keras's order.
    this.addLayer(this.layerNorm);
    const mapped = this.linearDense.apply(this.eluDense.apply(inside));
    const gated = this.gatedLinearUnit.apply(this.dropout.apply(mapped));
    const sum = new Add({ name: 'add' }).apply([skip, gated]);
    this.#graph = new Graph([inside], [this.layerNorm.apply(sum)]);
  }

  /** @internal */
  override forward(inputs: readonly Tensor[], pass: Pass): Forward {
    const run = this.#graph.run(inputs, pass);
    return {
      output: run.outputs[0],
      backward: (gradient, wanted) => run.backward([{ gradient }], wanted),
    };
  }
}
