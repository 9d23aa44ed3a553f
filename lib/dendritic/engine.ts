/**
 * A native dendritic gated network, whichever its form, and the checked calls into
 * it. Everything is checked before native code is asked for anything, so that an
 * error never leaves a half-learned call behind.
 */
import type { NativeDendriticNetwork } from '../../types/dendritic';
import type { OwnCall } from '../async';
import { native } from '../calls';
import type { Rows } from '../classifier';
import { loadAddon } from '../native';
import { type LayerParameters, type LayerParametersInput, toNativeLayers } from '../parameters';
import { resolvePreprocessing } from '../preprocessing/resolve';
import { RowRates, type Weights } from '../row-rates';
import { type NativeTargets, toRows, type ValueRule } from '../rows';
import { refuseBeyondMemory } from '../shared-options';
import type { AnyDendriticOptions } from './options';

/** Rows that are ready for native code. */
export interface DendriticRows {
  input: Float32Array;
  count: number;
}

/** A whole call that is ready for native code, but for its learning rates. */
export interface DendriticCall extends DendriticRows {
  targets: NativeTargets | Float64Array | null;
  weights: Weights;
  classes: Uint32Array | null;
  /** Probabilities, or a regressor's numbers. */
  predictions: Float32Array | Float64Array | null;
}

/** Shapes of one layer's arrays. */
export interface DendriticShapes {
  /** [networks, neurons, branches, inputs] */
  weights: readonly number[];
  /** [networks, neurons, branches, values a row] */
  planes: readonly number[];
  /** [networks, neurons, branches] */
  bias: readonly number[];
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Shapes of all layers, the last one included. */
export function dendriticShapes(options: Readonly<AnyDendriticOptions>): DendriticShapes[] {
  const { inputSize, preprocessing, branches, bias } = options;
  const values =
    preprocessing === undefined
      ? inputSize
      : resolvePreprocessing(preprocessing, inputSize, 'preprocessing').outputSize;
  const inputs = [values, ...options.layerSizes];
  return [...options.layerSizes, 1].map((neurons, i) => {
    const each = [networksOf(options), neurons, branches];
    return {
      weights: [...each, inputs[i] + (bias ? 1 : 0)],
      planes: [...each, values],
      bias: each,
    };
  });
}

/** Networks inside: 1, or one for each of more than two classes. */
export function networksOf(options: Readonly<AnyDendriticOptions>): number {
  return 'numClasses' in options && options.numClasses > 2 ? options.numClasses : 1;
}

/** What says which form a network has. */
interface DendriticForm {
  regression: boolean;
  standardizeTargets: boolean;
  predClipping: number;
}

function formOf(options: Readonly<AnyDendriticOptions>): DendriticForm {
  if ('numClasses' in options) {
    const { predClipping } = options;
    return { regression: false, standardizeTargets: false, predClipping };
  }
  // Regression clips nothing: any number will do.
  const { standardizeTargets } = options;
  return { regression: true, standardizeTargets, predClipping: 0.25 };
}

/** One network, or one a class, in native code. */
export class DendriticEngine<Options extends AnyDendriticOptions = AnyDendriticOptions> {
  readonly native: NativeDendriticNetwork;
  readonly options: Readonly<Options>;
  readonly networks: number;
  readonly shapes: readonly DendriticShapes[];
  /** What values of rows may be. */
  readonly rule: ValueRule;
  readonly #rates: RowRates;

  /** @param randomize false: halfspaces are zero until they are set. */
  constructor(options: Readonly<Options>, { randomize = true } = {}) {
    this.options = options;
    this.networks = networksOf(options);
    this.#rates = new RowRates(options.learningRate);
    const { preprocessing, inputSize, inputLimit } = options;
    const stages = preprocessing && resolvePreprocessing(preprocessing, inputSize, 'preprocessing');
    this.rule = {
      limit: Math.fround(inputLimit),
      allowsMissing: stages?.allowsMissing ?? false,
    };
    this.shapes = dendriticShapes(options);
    const numbers = this.shapes.reduce((sum, { weights, planes }) => {
      return sum + product(weights) + product(planes);
    }, 0);
    refuseBeyondMemory(Float32Array.BYTES_PER_ELEMENT * numbers);
    const addon = loadAddon();
    this.native = native(
      () =>
        new addon.DendriticNetwork({
          inputSize,
          stages: stages?.native ?? null,
          layerSizes: [...options.layerSizes, 1],
          networks: this.networks,
          branches: options.branches,
          sharedWeights: options.weightSharing === 'layer',
          bias: options.bias,
          gateBias: options.gateBias,
          weightClipping: options.weightClipping,
          seed: options.seed,
          threads: options.threads,
          randomize,
          ...formOf(options),
        }),
    );
  }

  /** Rows as native code takes them. @throws GlnError as `toRows` */
  rows(input: Rows): DendriticRows {
    const { data, count } = toRows(input, this.options.inputSize, 'input', this.rule);
    return { input: data, count };
  }

  /** Runs a call; the index of the first target that cannot be learned, or -1. */
  run(call: DendriticCall): number {
    const { input, count, targets, classes, predictions } = call;
    const rates = this.#ratesOf(call);
    return native(() => this.native.run(input, count, targets, rates, classes, predictions));
  }

  /** A call none of whose arrays are the caller's, to run on another thread. */
  ownCall<Results>(call: DendriticCall, deliver: (rows: number) => Results): OwnCall<Results> {
    const { input, count, targets, classes, predictions } = call;
    return {
      count,
      inTurn: targets !== null,
      ready: () => {
        const rates = this.#ratesOf(call);
        return (done) =>
          this.native.runAsync(input, count, targets, rates, classes, predictions, done);
      },
      deliver,
    };
  }

  /** Copies of all weights and halfspaces, layer by layer. */
  parameters(): LayerParameters[] {
    return native(() =>
      this.native.still(() => this.shapes.map((_, layer) => this.native.getLayer(layer))),
    );
  }

  /** @throws GlnError `ERR_GLN_SHAPE`, `ERR_GLN_TYPE` or `ERR_GLN_VALUE` */
  setParameters(layers: readonly LayerParametersInput[]): void {
    const lengths = this.shapes.map(({ weights, planes, bias }) => ({
      weights: product(weights),
      hyperplanes: product(planes),
      hyperplaneBias: product(bias),
    }));
    const checked = toNativeLayers(layers, lengths, Math.fround(this.options.weightClipping));
    native(() => {
      for (const [i, layer] of checked.entries()) this.native.setLayer(i, layer);
    });
  }

  #ratesOf({ targets, count, weights }: DendriticCall): number | Float32Array {
    if (targets === null) return 0;
    return this.#rates.forRows(() => native(() => this.native.rowsSeen), count, weights);
  }
}
