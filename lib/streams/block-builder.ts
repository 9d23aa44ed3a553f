/**
 * Gathers records into blocks of rows for one call of a model each, checking every
 * value as it is copied: a wrong record leaves no trace in the block.
 *
 * Blocks end at fixed places: where the model has seen a multiple of `batchRows`
 * rows. They do not depend on where a stream was begun, on how fast it came, or on
 * records that were left out, and a model learns the same bits.
 */

import { describe, GlnError } from '../errors';
import { isWeight, requireWeight } from '../metrics/row';
import { firstUnfit, isFit, unfit, type ValueRule } from '../rows';
import type { GivenBlock, KindRules, Of, StreamKind } from './kinds';
import { lengthOf, partsOf } from './records';

/** What a model asks of rows. */
export interface RowRules {
  inputSize: number;
  /** Undefined where the gates look at the input. */
  sideInfoSize: number | undefined;
  input: ValueRule;
  sideInfo: ValueRule;
}

/** Rows for one call. `rows` and `sideInfo` are the builder's: valid until `clear`. */
export interface RowBlock<Kind extends StreamKind> {
  rows: Float32Array | Float64Array;
  sideInfo: Float32Array | Float64Array | undefined;
  targets: Of<Kind, 'targets'>;
  /** Undefined where every row counts 1. */
  weights: Float64Array | undefined;
  /** Rows that the model has seen before the first of these. */
  rowsSeen: number;
  /** The number in the stream of each row's record. */
  positions: readonly number[];
}

/** Rows of a fixed width in memory that is used again; in float32 as long as that holds them. */
class Values {
  #single: Float32Array;
  #double: Float64Array | undefined;
  #exact = true;

  constructor(
    private readonly width: number,
    capacity: number,
  ) {
    this.#single = new Float32Array(width * capacity);
  }

  /** Writes row number `row`. @throws GlnError for a value that the rule refuses */
  write(row: number, values: unknown, rule: ValueRule, name: string): void {
    if (lengthOf(values) !== this.width) {
      const message = `expected ${this.width} values, got ${describe(values)}`;
      throw new GlnError('ERR_GLN_SHAPE', `${name}: ${message}`);
    }
    this.#reserve(row + 1);
    const start = row * this.width;
    const list = values as ArrayLike<unknown>;
    for (let i = 0; i < this.width; i++) {
      const value = list[i];
      if (typeof value !== 'number') {
        const message = `expected numbers, got ${describe(value)} in column ${i}`;
        throw new GlnError('ERR_GLN_TYPE', `${name}: ${message}`);
      }
      if (!isFit(value, rule)) throw unfit(name, value, rule.limit, `in column ${i}`);
      this.#single[start + i] = value;
      if (this.#exact && this.#single[start + i] !== value && !Number.isNaN(value)) {
        this.#useDoubles(start + i);
      }
      if (!this.#exact && this.#double !== undefined) this.#double[start + i] = value;
    }
  }

  /** Writes whole rows, from row number `row` on, that {@link fitRows} has found to be fit. */
  writeRows(row: number, values: Float32Array): void {
    this.#reserve(row + values.length / this.width);
    this.#single.set(values, row * this.width);
    if (!this.#exact) this.#double?.set(values, row * this.width);
  }

  /** How many rows, from the first on, a rule takes. */
  fitRows(values: Float32Array, rule: ValueRule): number {
    const bad = firstUnfit(values, rule);
    return Math.floor((bad < 0 ? values.length : bad) / this.width);
  }

  /** The first `rows` rows. */
  view(rows: number): Float32Array | Float64Array {
    const all = this.#exact ? this.#single : (this.#double ?? this.#single);
    return all.subarray(0, rows * this.width);
  }

  clear(): void {
    this.#exact = true;
  }

  #useDoubles(length: number): void {
    this.#exact = false;
    if (this.#double?.length !== this.#single.length) {
      this.#double = new Float64Array(this.#single.length);
    }
    this.#double.set(this.#single.subarray(0, length));
  }

  #reserve(rows: number): void {
    if (rows * this.width <= this.#single.length) return;
    const old = this.#single;
    this.#single = new Float32Array(2 * old.length);
    this.#single.set(old);
    if (this.#double === undefined) return;
    const doubles = this.#double;
    this.#double = new Float64Array(2 * old.length);
    this.#double.set(doubles);
  }
}

/** One block at a time. */
export class BlockBuilder<Kind extends StreamKind> {
  readonly #input: Values;
  readonly #sideInfo: Values | undefined;
  #targets: number[] = [];
  #weights: number[] = [];
  #positions: number[] = [];
  #full = false;
  /** Rows seen before the block. */
  #seenBefore: number;

  /** @param rowsSeen rows that the model will have seen when it gets the first block */
  constructor(
    private readonly rules: RowRules,
    private readonly kind: KindRules<Kind>,
    readonly batchRows: number,
    private rowsSeen: number,
  ) {
    this.#seenBefore = rowsSeen;
    this.#input = new Values(rules.inputSize, batchRows);
    if (rules.sideInfoSize !== undefined) {
      this.#sideInfo = new Values(rules.sideInfoSize, batchRows);
    }
  }

  /** Rows gathered. */
  get count(): number {
    return this.#targets.length;
  }

  /** Whether the block ends here. */
  get full(): boolean {
    return this.#full;
  }

  /**
   * Adds the record with the given number.
   *
   * @throws GlnError naming the record, before anything has changed
   */
  add(record: unknown, position: number): void {
    const name = `record[${position}]`;
    const { input, target, weight = 1, sideInfo } = partsOf(record, name);
    const checkedTarget = this.kind.target(`${name}.target`, target);
    const checkedWeight = requireWeight(`${name}.weight`, weight);
    this.#input.write(this.count, input, this.rules.input, `${name}.input`);
    this.#writeSideInfo(sideInfo, `${name}.sideInfo`);
    this.#count(checkedTarget, checkedWeight, position);
  }

  /**
   * Adds rows of a block from number `first` on, the record of which has the given
   * position: as many as the present block still takes, but none from the first on
   * that cannot be learned.
   *
   * @returns how many; 0 where {@link add} has to say what is wrong with the first
   */
  addRows({ rows, targets, weights }: GivenBlock, first: number, position: number): number {
    const { inputSize } = this.rules;
    if (rows.length !== targets.length * inputSize || this.#sideInfo !== undefined) return 0;
    if (weights !== undefined && weights.length !== targets.length) return 0;
    const room = this.batchRows - (this.rowsSeen % this.batchRows);
    const values = rows.subarray(first * inputSize, (first + room) * inputSize);
    const start = this.count;
    const fit = this.#input.fitRows(values, this.rules.input);
    let taken = 0;
    while (taken < fit && !this.#full) {
      const weight = weights?.[first + taken] ?? 1;
      if (!this.kind.isTarget(targets[first + taken]) || !isWeight(weight)) break;
      this.#count(targets[first + taken], weight, position + taken);
      taken += 1;
    }
    this.#input.writeRows(start, values.subarray(0, taken * inputSize));
    return taken;
  }

  /** What was gathered, at least one row. */
  block(): RowBlock<Kind> {
    const weighted = this.#weights.some((weight) => weight !== 1);
    return {
      rows: this.#input.view(this.count),
      sideInfo: this.#sideInfo?.view(this.count),
      targets: this.kind.targets(this.#targets),
      weights: weighted ? Float64Array.from(this.#weights) : undefined,
      rowsSeen: this.#seenBefore,
      positions: this.#positions,
    };
  }

  /** Begins the next block. */
  clear(): void {
    this.#input.clear();
    this.#sideInfo?.clear();
    this.#targets = [];
    this.#weights = [];
    this.#positions = [];
    this.#full = false;
    this.#seenBefore = this.rowsSeen;
  }

  #count(target: number, weight: number, position: number): void {
    this.#targets.push(target);
    this.#weights.push(weight);
    this.#positions.push(position);
    if (weight === 0) {
      // Rows that are only predicted do not move the end of the block nearer; where
      // they are many, it ends after one of them, where a cut changes nothing.
      this.#full = this.count >= 2 * this.batchRows;
    } else {
      this.rowsSeen += 1;
      this.#full = this.rowsSeen % this.batchRows === 0;
    }
  }

  #writeSideInfo(sideInfo: unknown, name: string): void {
    if (this.#sideInfo !== undefined) {
      this.#sideInfo.write(this.count, sideInfo, this.rules.sideInfo, name);
    } else if (sideInfo !== undefined) {
      const message = 'expected none, since the model was made without sideInfoSize';
      throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
    }
  }
}

/** Values of a block that is not said to be larger or smaller: about four MiB. */
const BATCH_VALUES = 2 ** 20;
const MOST_DEFAULT_ROWS = 1024;
/** Rows that native code learns together; blocks of whole chains are as good as one call. */
const CHAIN_ROWS = 64;

/** Rows of a block where nobody says: 1024, and fewer of wide rows, in whole chains. */
export function defaultBatchRows({ inputSize, sideInfoSize = 0 }: RowRules): number {
  const affordable = Math.floor(BATCH_VALUES / (inputSize + sideInfoSize) / CHAIN_ROWS);
  return Math.min(MOST_DEFAULT_ROWS, Math.max(1, affordable) * CHAIN_ROWS);
}
