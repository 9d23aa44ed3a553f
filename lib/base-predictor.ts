/**
 * Base predictors of the caller's own: functions from a row to probabilities.
 */
import { types } from 'node:util';
import { describe, GlnError } from './errors';
import type { BasePredictor } from './options';
import type { NativeRows } from './rows';

/** Applies a base predictor to rows and checks what it returns. */
export class CustomBase {
  /** Probabilities that it returns for a row. */
  readonly size: number;
  readonly #predictor: BasePredictor;
  readonly #inputSize: number;

  /** Finds out the size from a row of zeros. */
  constructor(predictor: BasePredictor, inputSize: number) {
    this.#predictor = predictor;
    this.#inputSize = inputSize;
    this.size = this.#call(new Float32Array(inputSize)).length;
    if (this.size === 0) {
      throw new GlnError(
        'ERR_GLN_SHAPE',
        'basePredictor: expected it to return at least 1 value, got 0',
      );
    }
  }

  /** [rows][size] probabilities. In double precision: 1 - p must keep its digits. */
  predict(rows: NativeRows): Float64Array {
    const base = new Float64Array(rows.count * this.size);
    for (let i = 0; i < rows.count; i++) {
      const row = rows.data.subarray(i * this.#inputSize, (i + 1) * this.#inputSize);
      const values = this.#call(row);
      if (values.length !== this.size) {
        throw new GlnError(
          'ERR_GLN_SHAPE',
          `basePredictor: expected it to return ${this.size} values, got ${values.length}`,
        );
      }
      for (let k = 0; k < this.size; k++) {
        const value: unknown = values[k];
        if (typeof value !== 'number' || !Number.isFinite(value)) {
          throw new GlnError(
            'ERR_GLN_VALUE',
            `basePredictor: expected finite numbers, got ${describe(value)} at ${k}`,
          );
        }
        base[i * this.size + k] = value;
      }
    }
    return base;
  }

  #call(row: Float32Array): ArrayLike<number> {
    const given: unknown = this.#predictor(row);
    if (!Array.isArray(given) && !types.isTypedArray(given)) {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `basePredictor: expected it to return an array of probabilities, got ${describe(given)}`,
      );
    }
    return given as ArrayLike<number>;
  }
}
