/**
 * Arrays of numbers with a shape, which layers and models take and give.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../../errors';
import { allocate } from '../../format/files';
import { isExtent, MOST_AXES, type Shape, shown, sizeOf } from './shape';

/** Numbers in arrays in arrays, as deep as there are axes. */
export type NestedArray = readonly number[] | readonly NestedArray[];

/** Arrays of numbers that are taken as they are, without a shape. */
export type FlatNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** What can become a tensor. */
export type TensorLike = Tensor | NestedArray | FlatNumbers;

/** Numbers in single precision with a shape; made by {@link tensor}. */
export class Tensor {
  /** Length of every axis, the batch first. */
  readonly shape: Shape;
  /** The elements, row-major: the last axis varies fastest. */
  readonly data: Float32Array;

  /** @internal */
  constructor(data: Float32Array, shape: Shape) {
    this.data = data;
    this.shape = shape;
  }

  /** Elements. */
  get size(): number {
    return this.data.length;
  }

  /** The elements as arrays in arrays, one depth for each axis. */
  toArray(): NestedArray {
    return nest(this.data, this.shape);
  }
}

function nest(data: Float32Array, shape: Shape): NestedArray {
  if (shape.length <= 1) return Array.from(data);
  const [count, ...rest] = shape;
  const step = sizeOf(rest);
  return Array.from({ length: count }, (_, i) =>
    nest(data.subarray(i * step, (i + 1) * step), rest),
  );
}

/**
 * A tensor of the given numbers.
 *
 * @param values arrays in arrays, whose depth and lengths are the shape; or flat
 *   numbers together with `shape`. A Float32Array is used in place, not copied.
 * @param shape length of every axis; may be left out for arrays in arrays, and for
 *   flat numbers that are one axis
 * @throws GlnError `ERR_GLN_TYPE` for what is no array of numbers, `ERR_GLN_SHAPE`
 *   where lengths do not fit.
 */
export function tensor(values: TensorLike, shape?: Shape): Tensor {
  if (shape !== undefined) checkShape(shape);
  const made = convert('values', values);
  if (shape === undefined) return made;
  if (sizeOf(shape) !== made.size) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `values: expected ${sizeOf(shape)} numbers for shape ${shown(shape)}, got ${made.size}`,
    );
  }
  return new Tensor(made.data, [...shape]);
}

/** @throws GlnError `ERR_GLN_SHAPE` for anything but a list of lengths of at least 1. */
export function checkShape(shape: unknown): void {
  if (!Array.isArray(shape) || shape.length > MOST_AXES || !shape.every(isExtent)) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `shape: expected an array of lengths, each at least 1, got ${describe(shape)}`,
    );
  }
}

/** Numbers as a tensor: typed arrays have one axis, nested arrays as many as they are deep. */
export function convert(name: string, values: unknown): Tensor {
  if (values instanceof Tensor) return values;
  if (types.isFloat32Array(values)) return new Tensor(values, [values.length]);
  if (isFlatNumbers(values)) return new Tensor(Float32Array.from(values), [values.length]);
  if (!Array.isArray(values)) {
    throw new GlnError(
      'ERR_GLN_TYPE',
      `${name}: expected a tensor or an array of numbers, got ${describe(values)}`,
    );
  }
  const shape = nestedShape(values);
  const data = new Float32Array(allocate(name, 4 * checkedSize(name, shape)));
  fill(name, values, shape, 0, data, 0);
  return new Tensor(data, shape);
}

function isFlatNumbers(values: unknown): values is FlatNumbers {
  return (
    types.isTypedArray(values) && !types.isBigInt64Array(values) && !types.isBigUint64Array(values)
  );
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isFlatNumbers(value);
}

/** Lengths along the first element of each depth, to which all others must be equal. */
function nestedShape(values: unknown): number[] {
  const shape: number[] = [];
  for (let level = values; isRow(level) && shape.length <= MOST_AXES; level = level[0]) {
    shape.push(level.length);
  }
  return shape;
}

/** Refuses, before memory is taken, shapes that the first elements alone only seem to have. */
function checkedSize(name: string, shape: Shape): number {
  const size = sizeOf(shape);
  if (shape.length > MOST_AXES || size >= 2 ** 31) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected at most ${MOST_AXES} axes and 2^31 - 1 numbers, got ${describe(size)} numbers`,
    );
  }
  return size;
}

function fill(
  name: string,
  values: ArrayLike<unknown>,
  shape: Shape,
  depth: number,
  data: Float32Array,
  start: number,
): void {
  if (values.length !== shape[depth]) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected rows of equal length, got ${values.length} beside ${shape[depth]} values`,
    );
  }
  const step = sizeOf(shape.slice(depth + 1));
  const isLast = depth === shape.length - 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isLast && typeof value === 'number') data[start + i] = value;
    else if (!isLast && isRow(value)) fill(name, value, shape, depth + 1, data, start + i * step);
    else {
      const expected = isLast ? 'numbers' : 'arrays of equal depth';
      throw new GlnError('ERR_GLN_TYPE', `${name}: expected ${expected}, got ${describe(value)}`);
    }
  }
}
