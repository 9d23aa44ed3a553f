/**
 * The header of an IDX file: what it promises, and nothing about how the file
 * is read.
 *
 * Layout: two zero bytes, a byte for the element type, a byte for the number of
 * dimensions, then each dimension as a 32-bit big-endian unsigned integer.
 */

import { GlnError } from '../errors';

/** The array types that an IDX file can hold. */
export type IdxData =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One of the six element types. */
export interface IdxElementType {
  readonly name: string;
  /** Bytes an element. */
  readonly size: number;
  /** A zeroed array of `length` elements that has its buffer to itself. */
  create(length: number): IdxData;
}

/** What the header of a file promises. */
export interface IdxHeader {
  readonly elementType: IdxElementType;
  readonly shape: number[];
  readonly numElements: number;
  /** Bytes of all elements. */
  readonly numBytes: number;
  /** Bytes of the header; the elements start there. */
  readonly headerBytes: number;
}

const ELEMENT_TYPES: ReadonlyMap<number, IdxElementType> = new Map<number, IdxElementType>([
  [0x08, { name: 'uint8', size: 1, create: (length) => new Uint8Array(length) }],
  [0x09, { name: 'int8', size: 1, create: (length) => new Int8Array(length) }],
  [0x0b, { name: 'int16', size: 2, create: (length) => new Int16Array(length) }],
  [0x0c, { name: 'int32', size: 4, create: (length) => new Int32Array(length) }],
  [0x0d, { name: 'float32', size: 4, create: (length) => new Float32Array(length) }],
  [0x0e, { name: 'float64', size: 8, create: (length) => new Float64Array(length) }],
]);

/**
 * How many of a file's first bytes make up its header, as far as `start` tells.
 *
 * @throws GlnError `ERR_GLN_FORMAT` when four bytes are there and are no IDX magic.
 */
export function prefixSize(path: string, start: Uint8Array): number {
  if (start.length < 4) return 4;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const type = view.getUint8(2);
  if (view.getUint16(0) !== 0 || !ELEMENT_TYPES.has(type)) {
    const magic = view.getUint32(0).toString(16).padStart(8, '0');
    const message = 'expected an IDX magic 0000TTNN with TT one of 08, 09, 0b, 0c, 0d, 0e';
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}, got ${magic}`);
  }
  return 4 + 4 * view.getUint8(3);
}

/**
 * Reads the header from the first bytes of a file.
 *
 * @param path named in messages
 * @param start the first bytes; more than the header is fine
 * @throws GlnError `ERR_GLN_FORMAT` when the magic is wrong, the header is cut
 *   off, or the dimensions multiply to more than can be counted exactly.
 */
export function parseIdxHeader(path: string, start: Uint8Array): IdxHeader {
  const headerBytes = prefixSize(path, start);
  if (start.length < headerBytes) {
    const message = `expected an IDX header of ${headerBytes} bytes, got ${start.length} bytes`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}: the file is truncated`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const elementType = ELEMENT_TYPES.get(view.getUint8(2));
  if (elementType === undefined) {
    throw new GlnError('ERR_GLN_FORMAT', `${path}: unknown IDX element type`);
  }
  const shape: number[] = [];
  for (let position = 4; position < headerBytes; position += 4) {
    shape.push(view.getUint32(position));
  }
  // Zero first: 2^32 * 2^32 * 0 is empty, not an overflow.
  const numElements = shape.includes(0)
    ? 0
    : shape.reduce((product, length) => product * length, 1);
  const numBytes = numElements * elementType.size;
  if (!Number.isSafeInteger(numBytes)) {
    const message = `expected at most 2^53 bytes, got dimensions ${shortList(shape)}`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}: their product overflows`);
  }
  return { elementType, shape, numElements, numBytes, headerBytes };
}

function shortList(shape: readonly number[]): string {
  const first = shape.slice(0, 6).join(' x ');
  return shape.length > 6 ? `${first} x … (${shape.length} dimensions)` : first;
}
