/** Models drawn by applying layers to inputs. */
import { checkKeys } from '../calls';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { Graph } from './core/graph';
import type { Layer } from './core/layer';
import { type Structure, takeApart } from './core/structure';
import type { SymbolicTensor } from './core/symbolic';
import { LayeredModel } from './layered-model';
import { type LayeredModelOptions, MODEL_KEYS, type Network } from './model-options';
import { describeNetwork, redrawNetwork } from './saving/config';
import { type LoadLayersOptions, restoreLayeredModel } from './saving/decode';
import { Sequential } from './sequential';

/** Options of {@link Model}. */
export interface ModelOptions<Outputs extends Structure> extends LayeredModelOptions {
  /** What {@link input} gave; several in an array or by name. */
  inputs: Structure;
  /** What layers made of them; several in an array, named by their layers, or by name. */
  outputs: Outputs;
}

const KEYS: ReadonlySet<string> = new Set([...MODEL_KEYS, 'inputs', 'outputs']);

/**
 * A functional model: layers applied to inputs, and to what other layers made.
 *
 *     const inputs = input({ shape: [20] });
 *     const hidden = new GatedLinearUnit({ units: 16 }).apply(inputs);
 *     const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(hidden);
 *     const model = new Model({ inputs, outputs });
 */
export class Model<Outputs extends Structure = SymbolicTensor> extends LayeredModel<Outputs> {
  readonly className = 'Model';
  readonly #network: Network;

  /** @throws GlnError `ERR_GLN_OPTION` where outputs depend on what is no input, or names are shared. */
  constructor(options: ModelOptions<Outputs>) {
    checkKeys(options, KEYS);
    super('Model', options);
    const inputs = takeApart('inputs', options.inputs);
    const outputs = takeApart('outputs', options.outputs);
    this.#network = { graph: new Graph(inputs.tensors, outputs.tensors), inputs, outputs };
    this.layers.forEach((layer, i) => {
      this.seedLayer(layer, i);
    });
  }

  /** A model as {@link getConfig} described it, with new weights. @throws GlnError */
  static fromConfig<Outputs extends Structure = SymbolicTensor>(
    config: { [option: string]: unknown },
    options: LayeredModelOptions = {},
  ): Model<Outputs> {
    const { inputs, outputs } = redrawNetwork(config);
    return new Model({
      name: config.name as string,
      ...options,
      inputs,
      outputs: outputs as Outputs,
    });
  }

  /**
   * The model of a file that {@link save} wrote: a {@link Model} or a {@link Sequential}.
   * It goes on learning exactly where the saved one stood.
   *
   * @throws GlnError `ERR_GLN_FORMAT` for anything that no model wrote, `ERR_GLN_IO`,
   *   `ERR_GLN_MEMORY`
   */
  static async load<Outputs extends Structure = SymbolicTensor>(
    path: string,
    options: LoadLayersOptions = {},
  ): Promise<LayeredModel<Outputs>> {
    return restoreLayeredModel<Outputs>(await readTensorFile(path), options, MAKERS);
  }

  /** The model of bytes that {@link toBuffer} gave; see {@link load}. */
  static fromBuffer<Outputs extends Structure = SymbolicTensor>(
    bytes: Uint8Array,
    options: LoadLayersOptions = {},
  ): LayeredModel<Outputs> {
    return restoreLayeredModel<Outputs>(decodeTensors(bytes), options, MAKERS);
  }

  override get layers(): readonly Layer[] {
    return this.#network.graph.layers;
  }

  protected override draw(): Network {
    return this.#network;
  }

  override getConfig(): { [option: string]: unknown } {
    return { name: this.name, ...describeNetwork(this.#network) };
  }
}

const MAKERS = { Model: Model.fromConfig, Sequential: Sequential.fromConfig };
