/** Models that are one layer after the other. */
import { checkKeys } from '../calls';
import { describe, GlnError } from '../errors';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { Graph } from './core/graph';
import { Layer } from './core/layer';
import { isSymbolicShape, type SymbolicShape } from './core/shape';
import { takeApart } from './core/structure';
import { input, SymbolicTensor } from './core/symbolic';
import { convert, Tensor } from './core/tensor';
import { LayeredModel } from './layered-model';
import { type LayeredModelOptions, MODEL_KEYS, type Network } from './model-options';
import { describeLayers, type ModelConfig, remakeSequence } from './saving/config';
import { type LoadLayersOptions, restoreLayeredModel } from './saving/decode';

const KEYS: ReadonlySet<string> = new Set(MODEL_KEYS);

/**
 * A chain of layers.
 *
 *     const model = new Sequential([
 *       new Dense({ units: 32, activation: 'relu' }),
 *       new GatedLinearUnit({ units: 16 }),
 *       new Dense({ units: 1, activation: 'sigmoid' }),
 *     ]);
 *
 * Its input shape is that of an `input({ shape })` with which the list begins, that
 * of {@link build}, or else of the first rows it sees.
 */
export class Sequential extends LayeredModel<SymbolicTensor> {
  readonly className = 'Sequential';
  readonly #layers: Layer[] = [];
  #input: SymbolicTensor | undefined;

  /** @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE`, or `ERR_GLN_SHAPE` for layers that do not fit. */
  constructor(layers: readonly (Layer | SymbolicTensor)[] = [], options: LayeredModelOptions = {}) {
    checkKeys(options, KEYS);
    super('Sequential', options);
    if (!Array.isArray(layers)) {
      const got = describe(layers);
      throw new GlnError('ERR_GLN_TYPE', `layers: expected an array of layers, got ${got}`);
    }
    for (const layer of layers) this.add(layer);
  }

  /** A model as {@link getConfig} described it, with new weights. @throws GlnError */
  static fromConfig(config: ModelConfig, options: LayeredModelOptions = {}): Sequential {
    return new Sequential(remakeSequence(config), { name: config.name as string, ...options });
  }

  /**
   * The model of a file that {@link save} wrote; {@link Model.load} takes both kinds.
   *
   * @throws GlnError `ERR_GLN_FORMAT` for anything that no Sequential wrote, `ERR_GLN_IO`,
   *   `ERR_GLN_MEMORY`
   */
  static async load(path: string, options: LoadLayersOptions = {}): Promise<Sequential> {
    return Sequential.#restored(await readTensorFile(path), options);
  }

  /** The model of bytes that {@link toBuffer} gave; see {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: LoadLayersOptions = {}): Sequential {
    return Sequential.#restored(decodeTensors(bytes), options);
  }

  static #restored(
    file: Parameters<typeof restoreLayeredModel>[0],
    options: LoadLayersOptions,
  ): Sequential {
    const makers = { Sequential: Sequential.fromConfig };
    return restoreLayeredModel(file, options, makers) as LayeredModel as Sequential;
  }

  override get layers(): readonly Layer[] {
    return [...this.#layers];
  }

  /**
   * Appends a layer; an `input({ shape })` only as the first.
   *
   * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_OPTION` for a name that is there already,
   *   `ERR_GLN_SHAPE` for a layer that does not fit.
   */
  add(layer: Layer | SymbolicTensor): void {
    const isFirst = this.#layers.length === 0 && this.#input === undefined;
    if (layer instanceof SymbolicTensor && layer.producer === undefined && isFirst) {
      this.#input = layer;
      return;
    }
    if (!(layer instanceof Layer)) {
      const expected = isFirst ? 'a layer or what input() gave' : 'a layer';
      const got = layer instanceof SymbolicTensor ? 'a symbolic tensor' : describe(layer);
      throw new GlnError('ERR_GLN_TYPE', `layers: expected ${expected}, got ${got}`);
    }
    if (this.#layers.some(({ name }) => name === layer.name)) {
      const message = `expected names unlike each other, got '${layer.name}' twice`;
      throw new GlnError('ERR_GLN_OPTION', `layers: ${message}`);
    }
    this.seedLayer(layer, this.#layers.length);
    this.#layers.push(layer);
    this.forget();
    if (this.#input === undefined) return;
    try {
      this.network();
    } catch (error) {
      this.#layers.pop();
      throw error;
    }
  }

  /**
   * Makes all weights for an input of this shape.
   *
   * @param inputShape the batch first, as `null`
   * @throws GlnError `ERR_GLN_SHAPE` for what the layers cannot take; `ERR_GLN_OPTION`
   *   where the shape is known already, and another one.
   */
  build(inputShape: SymbolicShape): void {
    if (!isSymbolicShape(inputShape) || inputShape.length < 2) {
      const message = `expected the lengths of all axes, the batch first, got ${describe(inputShape)}`;
      throw new GlnError('ERR_GLN_SHAPE', `inputShape: ${message}`);
    }
    const known = this.#input?.shape;
    const rest = inputShape.slice(1);
    if (known === undefined) {
      this.#begin(input({ shape: rest }));
    } else if (known.length !== inputShape.length || rest.some((n, i) => n !== known[i + 1])) {
      throw new GlnError('ERR_GLN_OPTION', `inputShape: expected ${known}, as before`);
    }
  }

  protected override draw(x?: unknown): Network | undefined {
    if (this.#layers.length === 0) return undefined;
    const shape = this.#input === undefined && x !== undefined ? shapeOfRows(x) : undefined;
    const start = this.#input ?? (shape && input({ shape }));
    return start && this.#begin(start);
  }

  /** Draws the chain from an input, which stays if all layers can take it. */
  #begin(start: SymbolicTensor): Network {
    const network = this.#chain(start);
    this.#input = start;
    return network;
  }

  #chain(start: SymbolicTensor): Network {
    const end = this.#layers.reduce((values, layer) => layer.apply(values), start);
    return {
      graph: new Graph([start], [end]),
      inputs: takeApart('inputs', start),
      outputs: takeApart('outputs', end),
    };
  }

  override getConfig(): ModelConfig {
    const start = this.#input && { name: this.#input.name, shape: this.#input.shape.slice(1) };
    return { name: this.name, input: start ?? null, layers: describeLayers(this.#layers) };
  }
}

/** Lengths of the axes of rows, where they say it themselves. */
function shapeOfRows(x: unknown): SymbolicShape | undefined {
  if (!(x instanceof Tensor) && !Array.isArray(x)) return undefined;
  const { shape } = convert('x', x);
  return shape.length < 2 ? undefined : shape.slice(1);
}
