/**
 * From what a caller passes as rows to what a native network takes: which values
 * layer 0 mixes, which the gates look at, and whether any may be missing.
 */
import type { NativeStage } from '../types/addon';
import { CustomBase } from './base-predictor';
import type { Rows } from './classifier';
import { GlnError } from './errors';
import { BASE_PREDICTOR_KINDS, type ResolvedOptions } from './options';
import { type ResolvedPreprocessing, resolvePreprocessing } from './preprocessing/resolve';
import type { Preprocessing } from './preprocessing/stages';
import { type NativeRows, toRows, toSideInfo, type ValueRule } from './rows';
import { NetworkShapes } from './shapes';

/** Rows that are ready for native code. */
export interface PreparedRows {
  base: Float32Array | Float64Array;
  sideInfo: Float32Array;
  count: number;
}

/** The part of the native options that says what happens to rows. */
export interface NativeRowOptions {
  inputSize: number;
  sideInputSize: number;
  baseStages: NativeStage[] | null;
  sideStages: NativeStage[] | null;
  sideFromBase: boolean;
  basePredictor: number;
}

/** The options that say what happens to rows. */
export type RowOptions = Pick<
  ResolvedOptions,
  'inputSize' | 'sideInfoSize' | 'basePredictor' | 'sideInfo' | 'contextMapSize' | 'inputLimit'
>;

/** Checks rows of one model and hands them on. */
export class InputRows {
  /** Values a row that layer 0 mixes. */
  readonly baseSize: number;
  /** Values a row that the gates look at. */
  readonly sideInfoSize: number;
  readonly native: NativeRowOptions;
  /** Whether nothing but a row as it stands is needed, as single-row calls pass it. */
  readonly direct: boolean;
  /** What values of the input may be. */
  readonly inputRule: ValueRule;
  /** What values of side information may be. */
  readonly sideRule: ValueRule;
  readonly #inputSize: number;
  readonly #givenSideInfoSize: number | undefined;
  readonly #customBase: CustomBase | undefined;
  readonly #base: ResolvedPreprocessing | undefined;

  constructor(options: Readonly<RowOptions>) {
    const { inputSize, sideInfoSize: given, basePredictor } = options;
    const sideInputSize = given ?? inputSize;
    const base = isPreprocessing(basePredictor)
      ? resolvePreprocessing(basePredictor, inputSize, 'basePredictor')
      : undefined;
    const side =
      options.sideInfo === undefined
        ? undefined
        : resolvePreprocessing(options.sideInfo, sideInputSize, 'sideInfo');
    // The same stages over the same rows need to be gone through once.
    const sideFromBase =
      base !== undefined &&
      side !== undefined &&
      given === undefined &&
      JSON.stringify(base.stages) === JSON.stringify(side.stages);
    this.#customBase =
      typeof basePredictor === 'function' ? new CustomBase(basePredictor, inputSize) : undefined;
    this.#base = base;
    this.#inputSize = inputSize;
    this.#givenSideInfoSize = given;
    this.baseSize = this.#customBase?.size ?? base?.outputSize ?? inputSize;
    this.sideInfoSize = side?.outputSize ?? sideInputSize;
    this.direct = this.#customBase === undefined && given === undefined;
    // Without gates nothing looks at side information.
    const ungated = side === undefined && options.contextMapSize === 0;
    const sideAllows = side?.allowsMissing ?? ungated;
    // As the float32 that values are compared with.
    const limit = Math.fround(options.inputLimit);
    this.sideRule = { limit, allowsMissing: sideAllows };
    this.inputRule = {
      limit,
      allowsMissing: (base?.allowsMissing ?? false) && (given !== undefined || sideAllows),
    };
    this.native = {
      inputSize: this.#customBase?.size ?? inputSize,
      sideInputSize,
      baseStages: base?.native ?? null,
      sideStages: sideFromBase ? null : (side?.native ?? null),
      sideFromBase,
      basePredictor: kindOf(basePredictor),
    };
  }

  /** @throws GlnError as `toRows` and `toSideInfo`; rows are called `name` in messages. */
  prepare(input: Rows, sideInfo: Rows | undefined, name: string): PreparedRows {
    const rows = toRows(input, this.#inputSize, name, this.inputRule);
    const side = toSideInfo(sideInfo, rows, this.#givenSideInfoSize, this.sideRule);
    return { base: this.#baseValues(rows), sideInfo: side, count: rows.count };
  }

  /** The same of one row that is only looked at. */
  prepareOne(row: Rows, sideInfo: Rows | undefined): PreparedRows {
    const rows = this.prepare(row, sideInfo, 'row');
    if (rows.count !== 1) {
      throw new GlnError('ERR_GLN_SHAPE', `row: expected one row, got ${rows.count}`);
    }
    return rows;
  }

  #baseValues(rows: NativeRows): Float32Array | Float64Array {
    if (this.#base !== undefined) return rows.data;
    return this.#customBase?.predict(rows) ?? rows.precise ?? rows.data;
  }
}

/** The same of a network, with the shapes that follow from its rows. */
export class RowPreparation extends InputRows {
  readonly shapes: NetworkShapes;

  constructor(options: Readonly<ResolvedOptions>) {
    super(options);
    this.shapes = new NetworkShapes(options, this.baseSize, this.sideInfoSize);
  }
}

function isPreprocessing(base: ResolvedOptions['basePredictor']): base is Preprocessing {
  return Array.isArray(base);
}

/** Preprocessing gives logits; a function of the caller's gives probabilities. */
function kindOf(base: ResolvedOptions['basePredictor']): number {
  if (isPreprocessing(base)) return BASE_PREDICTOR_KINDS.logits;
  return BASE_PREDICTOR_KINDS[typeof base === 'function' ? 'probabilities' : base];
}
