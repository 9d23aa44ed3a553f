/**
 * What models of layers have in common, however they are drawn: training,
 * measuring, predicting, weights and files.
 */
import { checkKeys } from '../calls';
import { checkedFlag } from '../checks';
import { GlnError } from '../errors';
import { encodeTensors, writeTensorFile } from '../format/tensor-file';
import type { SaveOptions } from '../saving/options';
import { availableThreads } from '../shared-options';
import { checkedThreads } from './core/kernels';
import { type ApplyOptions, type Layer, replaceWeights } from './core/layer';
import { checkedName, freshName } from './core/names';
import { checkedSeed, deriveSeed, nextSeed } from './core/seeds';
import { sizeOf } from './core/shape';
import { type Parts, putTogether, type Structure, type Structured } from './core/structure';
import { Tensor, type TensorLike } from './core/tensor';
import type { Weight } from './core/weight';
import type {
  BatchOptions,
  LayeredModelOptions,
  LossGradients,
  Network,
  TrainingState,
} from './model-options';
import { encodeLayeredModel } from './saving/encode';
import { summarize } from './summary';
import { type Compiled, type CompileOptions, compileOptions } from './training/compiled';
import { type Data, type DataSet, type Slot, slice, toInputs, toTargets } from './training/data';
import { evaluateBatches, FitRun } from './training/fit';
import { checkedBatchSize, checkFitOptions, type LayerFitOptions } from './training/fit-options';
import type { History } from './training/history';
import { type Logs, Stepper, Tally } from './training/step';

const BATCH_KEYS: ReadonlySet<string> = new Set<keyof BatchOptions>(['batchSize']);
const SAVE_KEYS: ReadonlySet<string> = new Set<keyof SaveOptions>(['extra', 'signal']);
const APPLY_KEYS: ReadonlySet<string> = new Set<keyof ApplyOptions>(['training']);
/** The model's own stream; its layers have those after it. */
const OWN_STREAM = 0;

/** A model of layers: {@link Model} or {@link Sequential}. */
export abstract class LayeredModel<Outputs extends Structure = Structure> {
  /** The class by the name that files know. */
  abstract readonly className: 'Model' | 'Sequential';
  /** The name that was given, or one of its own. */
  readonly name: string;
  /** Set to true during a fit, it ends the fit after the present batch. */
  stopTraining = false;
  /** @internal */
  readonly state: TrainingState;
  readonly #seed: number | undefined;
  readonly #threads: number;
  #network: Network | undefined;
  #stepper: Stepper | undefined;
  #options: CompileOptions | undefined;
  #compiled: Compiled | undefined;
  #isFitting = false;
  #extra: unknown;

  /** @internal */
  protected constructor(className: string, { name, seed, threads }: LayeredModelOptions) {
    this.name = name === undefined ? freshName(className) : checkedName('name', name);
    this.#seed = seed === undefined ? undefined : checkedSeed('seed', seed);
    this.#threads = threads === undefined ? availableThreads() : checkedThreads(threads);
    const own = this.#seed === undefined ? nextSeed() : deriveSeed(this.#seed, OWN_STREAM);
    this.state = { seed: own, epochsBegun: 0 };
  }

  /** The layers, in the order in which they run. */
  abstract get layers(): readonly Layer[];

  /** Draws the network, where it can be. @param x rows of the call that needs it */
  protected abstract draw(x?: unknown): Network | undefined;

  /** Forgets the network that was drawn. */
  protected forget(): void {
    this.#network = undefined;
    this.#stepper = undefined;
    this.#compiled = undefined;
  }

  /** Gives a layer its stream of the model's seed, where the model has one. */
  protected seedLayer(layer: Layer, index: number): void {
    if (this.#seed !== undefined) layer.reseed(deriveSeed(this.#seed, OWN_STREAM + 1 + index));
  }

  /** Whether the shapes of all layers are known. */
  get built(): boolean {
    return this.#network !== undefined || this.draw() !== undefined;
  }

  /** The network. @throws GlnError `ERR_GLN_OPTION` where its shapes are not known yet. @internal */
  network(x?: unknown): Network {
    this.#network ??= this.draw(x);
    if (this.#network !== undefined) return this.#network;
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${this.name}: expected a model whose input shape is known; begin it with ` +
        'input({ shape }), call build, or pass rows with a shape',
    );
  }

  /** What `compile` made; undefined before. @internal */
  get compiled(): Compiled | undefined {
    if (this.#compiled === undefined && this.#options !== undefined) {
      this.#compiled = compileOptions(this.#options, slots(this.network().outputs));
    }
    return this.#compiled;
  }

  /** Names of the inputs. */
  get inputNames(): readonly string[] {
    return this.network().inputs.names;
  }

  /** Names of the outputs, by which losses, metrics and targets may be given. */
  get outputNames(): readonly string[] {
    return this.network().outputs.names;
  }

  /** All weights by path, as `dense/kernel`. */
  get weights(): ReadonlyMap<string, Weight> {
    const weights = new Map<string, Weight>();
    for (const layer of this.layers) {
      for (const [path, weight] of layer.weights) weights.set(`${layer.name}/${path}`, weight);
    }
    return weights;
  }

  /** The layer of that name. @throws GlnError `ERR_GLN_OPTION` where there is none. */
  getLayer(name: string): Layer {
    const layer = this.layers.find((each) => each.name === name);
    if (layer !== undefined) return layer;
    const names = this.layers.map((each) => each.name).join(', ');
    throw new GlnError('ERR_GLN_OPTION', `name: expected one of ${names}, got ${String(name)}`);
  }

  /** Numbers in all weights. */
  countParams(): number {
    this.network();
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0);
  }

  /** Copies of all weights, layer by layer. */
  getWeights(): Tensor[] {
    this.network();
    return [...this.weights.values()].map((weight) => weight.toTensor());
  }

  /**
   * Replaces all weights, by copies.
   *
   * @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`, `ERR_GLN_VALUE`; nothing is changed then.
   */
  setWeights(values: readonly TensorLike[]): void {
    this.network();
    replaceWeights(this.weights, values);
  }

  /**
   * Says what the model is trained for. What an optimiser has kept is forgotten,
   * unless it is the same object.
   *
   * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE`; `ERR_GLN_BUSY` during a fit
   */
  compile(options: CompileOptions): void {
    this.#checkIdle('compile');
    const compiled = compileOptions(
      options,
      this.built ? slots(this.network().outputs) : [{ name: 'output', shape: ANY_OUTPUT }],
    );
    this.#compiled = this.built ? compiled : undefined;
    this.#options = { ...options, optimizer: compiled.optimizer };
  }

  /**
   * Trains on rows, epoch after epoch. Other work of the process gets its turn
   * between batches; arrays that are passed must not change until the promise is settled.
   *
   * @param x rows, for each input; flat numbers are rows one after the other
   * @param y targets, for each output with a loss
   * @returns the figures of each epoch
   * @throws GlnError by rejecting: `ERR_GLN_OPTION`, `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`,
   *   `ERR_GLN_VALUE`, `ERR_GLN_LABEL` before anything has changed; `ERR_GLN_VALUE` where
   *   the loss stops being a finite number; `ERR_GLN_BUSY` during another fit;
   *   `GlnAbortError`
   */
  async fit(x: Data, y: Data, options: LayerFitOptions = {}): Promise<History> {
    this.#checkIdle('fit');
    const compiled = this.#requireCompiled('fit', x);
    const check = (rows: unknown, targets: unknown) => this.#dataSet(rows, targets, compiled);
    const checked = checkFitOptions(options, check(x, y), check);
    this.#isFitting = true;
    try {
      return await new FitRun(this.#fitTarget(compiled), checked).run();
    } finally {
      this.#isFitting = false;
    }
  }

  #fitTarget(compiled: Compiled): ConstructorParameters<typeof FitRun>[0] {
    const model = this;
    return {
      compiled,
      stepper: this.#requireStepper(),
      seed: this.state.seed,
      beginEpoch: () => this.state.epochsBegun++,
      get stopTraining() {
        return model.stopTraining;
      },
      set stopTraining(stop: boolean) {
        model.stopTraining = stop;
      },
      getWeights: () => this.getWeights(),
      setWeights: (values) => this.setWeights(values),
    };
  }

  /**
   * Learns all rows as one batch.
   *
   * @returns the loss and metrics, from before the step
   * @throws GlnError as {@link fit}
   */
  trainOnBatch(x: Data, y: Data): Logs {
    const compiled = this.#requireCompiled('trainOnBatch', x);
    const tally = new Tally(compiled);
    this.#requireStepper().train(this.#dataSet(x, y, compiled), compiled, tally);
    return tally.logs();
  }

  /**
   * The loss of rows, as in training, and its gradients; nothing is learned.
   *
   * @throws GlnError as {@link fit}
   */
  computeGradients(x: Data, y: Data): LossGradients {
    const compiled = this.#requireCompiled('computeGradients', x);
    const stepper = this.#requireStepper();
    const loss = stepper.differentiate(this.#dataSet(x, y, compiled), compiled);
    const byWeight = new Map(stepper.gradients());
    const gradients = new Map<string, Tensor>();
    for (const [path, weight] of this.weights) {
      const gradient = byWeight.get(weight);
      if (gradient !== undefined) gradients.set(path, new Tensor(gradient.slice(), weight.shape));
    }
    return { loss, gradients };
  }

  /**
   * The loss and metrics of rows.
   *
   * @throws GlnError as {@link fit}
   */
  evaluate(x: Data, y: Data, options: BatchOptions = {}): Logs {
    checkKeys(options, BATCH_KEYS);
    const batchSize = checkedBatchSize(options.batchSize);
    const compiled = this.#requireCompiled('evaluate', x);
    const data = this.#dataSet(x, y, compiled);
    const batches = evaluateBatches(this.#requireStepper(), compiled, data, batchSize);
    for (;;) {
      const { done, value } = batches.next();
      if (done === true) return value;
    }
  }

  /**
   * What the network makes of rows.
   *
   * @returns a tensor for each output, in the structure of the model's outputs
   * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`, `ERR_GLN_VALUE`
   */
  predict(x: Data, options: BatchOptions = {}): Structured<Outputs, Tensor> {
    checkKeys(options, BATCH_KEYS);
    const batchSize = checkedBatchSize(options.batchSize);
    const network = this.network(x);
    const inputs = toInputs(x, slots(network.inputs));
    const [rows] = inputs[0].shape;
    const results: Tensor[] = [];
    for (let start = 0; start < rows; start += batchSize) {
      const end = Math.min(start + batchSize, rows);
      const batch = slice({ rows, inputs, targets: [] }, start, end);
      for (const [i, { data, shape }] of this.#requireStepper().predict(batch.inputs).entries()) {
        const rest = shape.slice(1);
        const width = sizeOf(rest);
        results[i] ??= new Tensor(new Float32Array(rows * width), [rows, ...rest]);
        results[i].data.set(data, start * width);
      }
    }
    return putTogether(network.outputs, results) as Structured<Outputs, Tensor>;
  }

  /**
   * {@link predict} with all rows at once or, with `training`, what the network makes
   * of them as a batch that is trained.
   */
  apply(x: Data, options: ApplyOptions = {}): Structured<Outputs, Tensor> {
    checkKeys(options, APPLY_KEYS);
    const training = checkedFlag('training', options.training ?? false);
    const network = this.network(x);
    const inputs = toInputs(x, slots(network.inputs));
    const outputs = this.#requireStepper().predict(inputs, training);
    const copies = outputs.map(({ data, shape }) => new Tensor(data.slice(), shape));
    return putTogether(network.outputs, copies) as Structured<Outputs, Tensor>;
  }

  /**
   * Prints the layers with their shapes and numbers of weights.
   *
   * @param print takes the text; default `console.log`
   */
  summary(print: (text: string) => void = console.log): void {
    print(summarize(this.name, this.className, this.network().graph));
  }

  /** What was given to {@link save} as `extra`, in a model that was loaded. */
  get extra(): unknown {
    return this.#extra;
  }

  /** Keeps what was saved beside the model. @internal */
  restoreExtra(extra: unknown): void {
    this.#extra = extra;
  }

  /** The model as plain data, without weights. */
  abstract getConfig(): { [option: string]: unknown };

  /**
   * Writes everything that the model is to a file in the safetensors format
   * (docs/format.md), in one step: its layers, weights, what it is compiled for, and
   * what the optimiser and random streams need to go on exactly as if nothing had
   * happened. The state is that of the moment of the call.
   *
   * @param options `extra`: anything that JSON can hold, given back as {@link extra};
   *   `signal`: stops writing.
   * @throws GlnError `ERR_GLN_IO`, `ERR_GLN_TYPE`; `ERR_GLN_VALUE` for weights that are
   *   not finite
   */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    checkKeys(options, SAVE_KEYS);
    const { extra, signal } = options;
    const file = encodeLayeredModel(this, extra);
    await writeTensorFile(path, file, signal === undefined ? {} : { signal });
  }

  /** The bytes of a file that {@link save} would write. */
  toBuffer(options: Pick<SaveOptions, 'extra'> = {}): Buffer {
    checkKeys(options, new Set(['extra']));
    return encodeTensors(encodeLayeredModel(this, options.extra));
  }

  #checkIdle(call: string): void {
    if (this.#isFitting) {
      throw new GlnError('ERR_GLN_BUSY', `${call}: the model is being trained by another call`);
    }
  }

  #requireCompiled(call: string, x: unknown): Compiled {
    this.network(x);
    const { compiled } = this;
    if (compiled !== undefined) return compiled;
    throw new GlnError('ERR_GLN_OPTION', `${call}: expected a compiled model; call compile first`);
  }

  #requireStepper(): Stepper {
    this.#stepper ??= new Stepper(this.network().graph, this.#threads);
    return this.#stepper;
  }

  #dataSet(x: unknown, y: unknown, { goals }: Compiled): DataSet {
    const { inputs, outputs } = this.network();
    const rows = toInputs(x, slots(inputs));
    const [count] = rows[0].shape;
    const rules = goals.map((goal) => goal?.loss);
    return { rows: count, inputs: rows, targets: toTargets(y, slots(outputs), rules, count) };
  }
}

/** Stands for an output of which nothing is known: wide enough for any loss. */
const ANY_OUTPUT = [null, 2] as const;

function slots({ names, tensors }: Parts): Slot[] {
  return tensors.map(({ shape }, i) => ({ name: names[i], shape }));
}
