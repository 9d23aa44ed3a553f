/**
 * What all layers have in common: a name, weights with paths, building from an
 * input shape, and being applied to numbers or to places where numbers will be.
 */
import { checkKeys } from '../../calls';
import { checkedFlag } from '../../checks';
import { describe, GlnError } from '../../errors';
import { firstNonFinite } from '../../rows';
import { availableThreads } from '../../shared-options';
import { Memory } from './memory';
import { checkedName, freshName } from './names';
import type { Forward, Pass } from './pass';
import { checkedSeed, deriveSeed, nextSeed } from './seeds';
import { fits, isSymbolicShape, type SymbolicShape, shown } from './shape';
import { SymbolicTensor } from './symbolic';
import { convert, Tensor, type TensorLike } from './tensor';
import { Weight, type WeightOptions } from './weight';

/** Options that every layer takes. */
export interface LayerOptions {
  /** A name, unlike those of other layers of a model; default: the class's, counted. */
  name?: string;
}

/** Options of layers that draw random numbers. */
export interface SeededLayerOptions extends LayerOptions {
  /** Where its random numbers come from: an integer from 0 to 2^53 - 1. Default: the model's. */
  seed?: number;
}

/** Options of {@link Layer.apply} with numbers. */
export interface ApplyOptions {
  /** Whether the layer acts as in training; default false. */
  training?: boolean;
}

/** A layer as plain data: what its constructor takes. */
export type LayerConfig = { [option: string]: unknown };

const APPLY_KEYS: ReadonlySet<string> = new Set<keyof ApplyOptions>(['training']);
/** Seeds of sub-layers come after those of the layer's own weights. */
const FIRST_CHILD_SEED = 16;

/** Part of a network. */
export abstract class Layer {
  /** The class by the name that files know. */
  readonly className: string;
  /** The name that was given, or the class's, counted. */
  readonly name: string;
  readonly #ownWeights: Weight[] = [];
  readonly #children = new Map<string, Layer>();
  readonly #givenSeed: number | undefined;
  #seed: number;
  #inputShapes: readonly SymbolicShape[] | undefined;

  /**
   * @param known names of the options that the class has besides `name`
   * @internal
   */
  protected constructor(
    className: string,
    options: SeededLayerOptions,
    known: readonly string[] = [],
  ) {
    checkKeys(options, new Set(['name', ...known]));
    const { name, seed } = options;
    this.className = className;
    this.name = name === undefined ? freshName(className) : checkedName('name', name);
    this.#givenSeed = seed === undefined ? undefined : checkedSeed('seed', seed);
    this.#seed = this.#givenSeed ?? nextSeed();
  }

  /** Whether it knows what goes into it, and so has its weights. */
  get built(): boolean {
    return this.#inputShapes !== undefined;
  }

  /** The seed that its random numbers come from. @internal */
  get seed(): number {
    return this.#seed;
  }

  /** Its weights by path, as `kernel` or `linear/kernel`: its own, then those of its sub-layers. */
  get weights(): ReadonlyMap<string, Weight> {
    const weights = new Map(this.#ownWeights.map((weight) => [weight.name, weight]));
    for (const [name, child] of this.#children) {
      for (const [path, weight] of child.weights) weights.set(`${name}/${path}`, weight);
    }
    return weights;
  }

  /** Its sub-layers by name. @internal */
  get children(): ReadonlyMap<string, Layer> {
    return this.#children;
  }

  /** Numbers in its weights. @throws GlnError `ERR_GLN_OPTION` before it is built. */
  countParams(): number {
    this.#requireBuilt('countParams');
    return [...this.weights.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Copies of all weights, in the order of {@link weights}. */
  getWeights(): Tensor[] {
    this.#requireBuilt('getWeights');
    return [...this.weights.values()].map((weight) => weight.toTensor());
  }

  /**
   * Replaces all weights, by copies.
   *
   * @param values in the order and of the shapes of {@link weights}
   * @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`, or `ERR_GLN_VALUE` for numbers
   *   that are not finite; nothing is changed then.
   */
  setWeights(values: readonly TensorLike[]): void {
    this.#requireBuilt('setWeights');
    replaceWeights(this.weights, values);
  }

  /**
   * Makes the weights for an input of this shape. Building again for the same last
   * axis changes nothing.
   *
   * @param inputShape the batch first, `null` where any length will do; for layers of
   *   several inputs an array of shapes
   * @throws GlnError `ERR_GLN_SHAPE` for a shape that the layer cannot take, or that is
   *   unlike the one it was built for.
   */
  build(inputShape: SymbolicShape | readonly SymbolicShape[]): void {
    this.buildFor(isSymbolicShape(inputShape) ? [inputShape] : [...inputShape]);
  }

  /** {@link build}, for a list of inputs. @internal */
  buildFor(inputShapes: readonly SymbolicShape[]): void {
    if (!Array.isArray(inputShapes) || !inputShapes.every(isSymbolicShape)) {
      const got = describe(inputShapes);
      throw new GlnError('ERR_GLN_SHAPE', `${this.name}: expected shapes of inputs, got ${got}`);
    }
    this.outputShape(inputShapes);
    if (this.#inputShapes === undefined) {
      this.create(inputShapes);
      this.#inputShapes = inputShapes;
    } else {
      this.checkSame(this.#inputShapes, inputShapes);
    }
  }

  /**
   * Lets values through.
   *
   * With numbers, builds the layer where it is not yet, and computes. With what
   * {@link input} or another layer's `apply` gave, draws a part of a functional
   * model. Layers that combine several inputs take an array of them.
   *
   * @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`, `ERR_GLN_VALUE` for numbers that
   *   are not finite.
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
  apply(inputs: TensorLike | readonly Tensor[], options?: ApplyOptions): Tensor;
  apply(
    inputs: SymbolicTensor | readonly SymbolicTensor[] | TensorLike | readonly Tensor[],
    options: ApplyOptions = {},
  ): SymbolicTensor | Tensor {
    checkKeys(options, APPLY_KEYS);
    const training = checkedFlag('training', options.training ?? false);
    const list: readonly unknown[] = isTensorList(inputs) ? inputs : [inputs];
    if (list.every((each) => each instanceof SymbolicTensor)) return this.#draw(list);
    return this.#compute(
      list.map((values, i) => checkedInput(list.length === 1 ? 'inputs' : `inputs[${i}]`, values)),
      training,
    );
  }

  #draw(inputs: readonly SymbolicTensor[]): SymbolicTensor {
    const shapes = inputs.map(({ shape }) => shape);
    this.buildFor(shapes);
    return new SymbolicTensor(this.name, this.outputShape(shapes), { layer: this, inputs });
  }

  #compute(inputs: readonly Tensor[], training: boolean): Tensor {
    this.buildFor(inputs.map(({ shape }) => shape));
    const changes: (() => void)[] = [];
    const { output } = this.forward(inputs, {
      training,
      threads: availableThreads(),
      memory: new Memory(),
      gradients: undefined,
      changes,
    });
    for (const change of changes) change();
    return output;
  }

  /** What its constructor would make it of again; weights are not in it. */
  getConfig(): LayerConfig {
    return {
      name: this.name,
      ...this.options(),
      ...(this.#givenSeed !== undefined && { seed: this.#givenSeed }),
    };
  }

  /** Lets random numbers that are still to be drawn come from another seed, unless one was given. @internal */
  reseed(seed: number): void {
    this.#seed = this.#givenSeed ?? seed;
    [...this.#children.values()].forEach((child, i) => {
      child.reseed(deriveSeed(this.#seed, FIRST_CHILD_SEED + i));
    });
  }

  /** The options of its class, for {@link getConfig}. */
  protected abstract options(): LayerConfig;

  /**
   * The shape of what comes out.
   *
   * @throws GlnError `ERR_GLN_SHAPE` for what it cannot take.
   * @internal
   */
  abstract outputShape(inputShapes: readonly SymbolicShape[]): SymbolicShape;

  /** Makes the weights, and builds sub-layers. */
  protected abstract create(inputShapes: readonly SymbolicShape[]): void;

  /** Computes. Inputs have shapes for which {@link buildFor} was called. @internal */
  abstract forward(inputs: readonly Tensor[], pass: Pass): Forward;

  /** Refuses inputs for which the weights were not made: only the last axis matters to most. */
  protected checkSame(before: readonly SymbolicShape[], now: readonly SymbolicShape[]): void {
    const same = before.length === now.length && before.every((a, i) => a.at(-1) === now[i].at(-1));
    if (same) return;
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${this.name}: expected inputs of ${before.map((shape) => shape.at(-1)).join(', ')} values, ` +
        `as it was built for, got shape ${now.map(shown).join(', ')}`,
    );
  }

  /** A weight of its own. */
  protected addWeight(
    name: string,
    shape: readonly number[],
    { initializer, trainable = true }: Pick<WeightOptions, 'initializer'> & Partial<WeightOptions>,
  ): Weight {
    const index = this.#ownWeights.length;
    const seed = () => deriveSeed(this.#seed, index);
    const weight = new Weight(name, shape, { initializer, trainable }, seed);
    this.#ownWeights.push(weight);
    return weight;
  }

  /** A layer inside it, whose weights are its own as well. */
  protected addLayer<Child extends Layer>(child: Child): Child {
    child.reseed(deriveSeed(this.#seed, FIRST_CHILD_SEED + this.#children.size));
    this.#children.set(child.name, child);
    return child;
  }

  /** The only input of a layer that takes one. @throws GlnError `ERR_GLN_SHAPE` */
  protected single<Each>(inputs: readonly Each[]): Each {
    if (inputs.length !== 1) {
      throw new GlnError('ERR_GLN_SHAPE', `${this.name}: expected one input, got ${inputs.length}`);
    }
    return inputs[0];
  }

  /** The length of the last axis of an input of rows. @throws GlnError `ERR_GLN_SHAPE` */
  protected widthOf(shape: SymbolicShape): number {
    const width = shape.at(-1);
    if (shape.length < 2 || width === null || width === undefined) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `${this.name}: expected an input of shape [batch, …, values], got ${shown(shape)}`,
      );
    }
    return width;
  }

  #requireBuilt(call: string): void {
    if (this.built) return;
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${this.name}.${call}: expected a layer that is built; build(inputShape) or apply it first`,
    );
  }
}

function isTensorList(value: unknown): value is readonly (Tensor | SymbolicTensor)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => each instanceof Tensor || each instanceof SymbolicTensor)
  );
}

function checkedInput(name: string, values: unknown): Tensor {
  if (values instanceof SymbolicTensor) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected numbers, as are the other inputs`);
  }
  const given = convert(name, values);
  if (given.size === 0 || given.shape.length < 2) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected shape [batch, …, values], got ${shown(given.shape)}`,
    );
  }
  checkFinite(name, given);
  return given;
}

/** @throws GlnError `ERR_GLN_VALUE` for NaN and infinities; `ERR_GLN_SHAPE` for memory that is gone. */
export function checkFinite(name: string, { data, shape }: Tensor): void {
  if (data.length !== shape.reduce((product, extent) => product * extent, 1)) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected ${shown(shape)} numbers, got ${data.length} (detached or resized)`,
    );
  }
  const bad = firstNonFinite(data);
  if (bad >= 0) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected finite numbers (in float32), got ${data[bad]} at ${bad}`,
    );
  }
}

/** Replaces weights by copies of other numbers: all of them, or none. */
export function replaceWeights(
  weights: ReadonlyMap<string, Weight>,
  values: readonly TensorLike[],
): void {
  if (!Array.isArray(values) || values.length !== weights.size) {
    const got = Array.isArray(values) ? values.length : describe(values);
    throw new GlnError('ERR_GLN_SHAPE', `values: expected ${weights.size} weights, got ${got}`);
  }
  const replacements = [...weights].map(([path, weight], i) => {
    const given = convert(`values[${i}]`, values[i]);
    const isFlat = !(values[i] instanceof Tensor) && ArrayBuffer.isView(values[i]);
    const same = isFlat ? given.size === weight.size : sameShape(given, weight);
    if (!same) {
      const expected = `shape ${shown(weight.shape)} for ${path}`;
      throw new GlnError(
        'ERR_GLN_SHAPE',
        `values[${i}]: expected ${expected}, got ${shown(given.shape)}`,
      );
    }
    checkFinite(`values[${i}]`, given);
    return [weight, given.data.slice()] as const;
  });
  for (const [weight, data] of replacements) weight.adopt(data);
}

function sameShape(given: Tensor, weight: Weight): boolean {
  return fits(given.shape, weight.shape);
}
