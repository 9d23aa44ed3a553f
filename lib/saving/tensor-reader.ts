/**
 * Hands out the tensors of a file that may hold anything: of the kind and shape
 * that is expected, each once, and none left over.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../errors';
import type { Tensor, TensorData, TensorFile } from '../format/tensors';
import { firstNonFinite } from '../rows';

/** A model's file that no model wrote. */
export function wrong(what: string, cause?: unknown): GlnError {
  return new GlnError('ERR_GLN_FORMAT', what, cause === undefined ? {} : { cause });
}

/** An extent of a shape; undefined where any will do. */
export type Extent = number | undefined;

function fits(actual: readonly number[], expected: readonly Extent[]): boolean {
  return (
    actual.length === expected.length &&
    expected.every((extent, i) => extent === undefined || extent === actual[i])
  );
}

/** Tensors of a file, each of which must be taken exactly once. */
export class TensorReader {
  /** Tensors that there were. */
  readonly count: number;
  readonly #left: Map<string, Tensor>;

  constructor(file: TensorFile) {
    this.#left = new Map(file.tensors);
    this.count = this.#left.size;
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** The shape of a tensor that may not be there, or have any other shape. */
  shapeOf(name: string): readonly number[] | undefined {
    return this.#left.get(name)?.shape;
  }

  /** @throws GlnError `ERR_GLN_FORMAT` where it is not there, or not as expected. */
  take<Data extends TensorData>(
    name: string,
    kind: abstract new (...args: never[]) => Data,
    shape: readonly Extent[],
  ): Data {
    const tensor = this.#left.get(name);
    const expected = `a ${kind.name} of shape [${shape.map((n) => n ?? 'any').join(', ')}]`;
    if (tensor === undefined) {
      throw wrong(`tensor ${describe(name)}: expected ${expected}, got none`);
    }
    // By its tag: native code makes arrays of another realm, where there are several.
    if (tensor.data[Symbol.toStringTag] !== kind.name || !fits(tensor.shape, shape)) {
      throw wrong(
        `tensor ${describe(name)}: expected ${expected}, got a ` +
          `${tensor.data.constructor.name} of shape [${tensor.shape.join(', ')}]`,
      );
    }
    this.#left.delete(name);
    // Shared memory must not change between a check and its use in native code.
    return (
      types.isSharedArrayBuffer(tensor.data.buffer) ? tensor.data.slice() : tensor.data
    ) as Data;
  }

  /** Finite numbers. */
  takeFinite(name: string, shape: readonly Extent[]): Float32Array {
    const data = this.take(name, Float32Array, shape);
    const bad = firstNonFinite(data);
    if (bad >= 0)
      throw wrong(`tensor ${describe(name)}: ${notNumbers('finite numbers', data, bad)}`);
    return data;
  }

  /** The same in double precision. */
  takeFiniteDoubles(name: string, shape: readonly Extent[]): Float64Array {
    const data = this.take(name, Float64Array, shape);
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0)
      throw wrong(`tensor ${describe(name)}: ${notNumbers('finite numbers', data, bad)}`);
    return data;
  }

  /** Numbers that may be infinite, as the largest offsets of halfspaces are. */
  takeNumbers(name: string, shape: readonly Extent[]): Float32Array {
    const data = this.take(name, Float32Array, shape);
    const bad = data.findIndex(Number.isNaN);
    if (bad >= 0) throw wrong(`tensor ${describe(name)}: ${notNumbers('numbers', data, bad)}`);
    return data;
  }

  /** Leaves a tensor to another reader. */
  drop(name: string): void {
    this.#left.delete(name);
  }

  /** @throws GlnError `ERR_GLN_FORMAT` for a tensor that nobody took. */
  finish(): void {
    for (const name of this.#left.keys()) {
      throw wrong(`tensor ${describe(name)}: not known in this model's file`);
    }
  }
}

function notNumbers(expected: string, data: ArrayLike<number>, bad: number): string {
  return `expected ${expected}, got ${data[bad]} at ${bad}`;
}
