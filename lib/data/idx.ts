/**
 * Reads IDX files, the format in which MNIST and its relatives are published.
 *
 * Data sets come from the network, so a file is not trusted: what its header
 * promises is compared with the bytes that are really there before memory is
 * taken for it, and a compressed file is given up as soon as it yields more
 * than its own header promised.
 */

import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { createGunzip } from 'node:zlib';

import { GlnError } from '../errors';
import { type IdxData, type IdxHeader, parseIdxHeader, prefixSize } from './idx-header';

/** An array read from an IDX file. */
export interface IdxArray {
  /** Length of every dimension, the slowest varying first; empty for a scalar. */
  shape: number[];
  /** The elements, row-major, in the type that the file declares. */
  data: IdxData;
}

/** Options of {@link loadIdx}. */
export interface LoadIdxOptions {
  /** Most bytes that the elements may take, at least 0; default 2 GiB. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 31;
// One read() call of the system transfers less than 2 GiB.
const LARGEST_READ = 2 ** 30;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Reads an IDX file, plain or gzip-compressed; which of the two is told from
 * its content, not from its name.
 *
 * All element types (8-bit unsigned and signed, 16- and 32-bit integers, 32-
 * and 64-bit floats; stored big-endian) and any number of dimensions are read.
 *
 * @throws GlnError `ERR_GLN_IO` when the file cannot be read, with the cause;
 *   `ERR_GLN_FORMAT` when it is no IDX file, is truncated, has bytes left over
 *   or holds more than `maxBytes`; `ERR_GLN_OPTION` for a bad `maxBytes`.
 */
export async function loadIdx(path: string, options: LoadIdxOptions = {}): Promise<IdxArray> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    throw new GlnError('ERR_GLN_OPTION', `maxBytes: expected an integer >= 0, got ${maxBytes}`);
  }
  try {
    // Asked before opening: opening a pipe would wait for its other end.
    const information = await stat(path);
    if (!information.isFile()) {
      throw new GlnError('ERR_GLN_IO', `${path}: expected a regular file`);
    }
    const file = await open(path, 'r');
    try {
      const first = new Uint8Array(4);
      const firstSize = await readFully(file, first, 0);
      if (firstSize >= 2 && first[0] === GZIP_MAGIC[0] && first[1] === GZIP_MAGIC[1]) {
        return await readCompressed(path, information.size, maxBytes);
      }
      return await readPlain(path, file, information.size, maxBytes);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof GlnError) throw cause;
    const reason = String(cause);
    throw new GlnError('ERR_GLN_IO', `${path}: cannot be read: ${reason}`, { cause });
  }
}

async function readPlain(
  path: string,
  file: FileHandle,
  fileSize: number,
  maxBytes: number,
): Promise<IdxArray> {
  // Every header fits: four bytes, and four for each of at most 255 dimensions.
  const start = new Uint8Array(Math.min(fileSize, 4 + 4 * 255));
  const startSize = await readFully(file, start, 0);
  const header = parseIdxHeader(path, start.subarray(0, startSize));
  checkLimit(path, header, maxBytes);
  checkSize(path, header, fileSize - header.headerBytes, 'bytes follow the header');

  const data = header.elementType.create(header.numElements);
  const bytes = new Uint8Array(data.buffer);
  const received = await readFully(file, bytes, header.headerBytes);
  checkSize(path, header, received, 'bytes could be read');
  toHostOrder(bytes, header);
  return { shape: header.shape, data };
}

async function readCompressed(path: string, fileSize: number, maxBytes: number): Promise<IdxArray> {
  const source = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // pipe() does not pass errors on; a failing disk must not look like a short file.
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);

  // Chunks are kept and joined at the end, so that memory follows the bytes that
  // the file really holds and never a number that its header merely claims.
  const chunks: Uint8Array[] = [];
  let received = 0;
  let header: IdxHeader | undefined;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      received += chunk.length;
      if (header === undefined) {
        const start = Buffer.concat(chunks);
        if (start.length < prefixSize(path, start)) continue;
        header = parseIdxHeader(path, start);
        checkLimit(path, header, maxBytes);
      }
      if (received > header.headerBytes + header.numBytes) {
        const message = `${promised(header)}, but the compressed file holds more`;
        throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
      }
    }
  } catch (cause) {
    if (isZlibError(cause)) {
      const message = `expected a whole gzip file, got ${fileSize} bytes that do not inflate`;
      throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}: ${cause.message}`, { cause });
    }
    throw cause;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (header === undefined) {
    header = parseIdxHeader(path, Buffer.concat(chunks));
  }
  checkSize(path, header, received - header.headerBytes, 'uncompressed bytes follow the header');
  if (gunzip.bytesWritten < fileSize) {
    const extra = fileSize - gunzip.bytesWritten;
    const message = `expected the file to end with its gzip data, got ${extra} bytes more`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
  }
  const data = header.elementType.create(header.numElements);
  const bytes = new Uint8Array(data.buffer);
  copyWithoutHeader(chunks, header.headerBytes, bytes);
  toHostOrder(bytes, header);
  return { shape: header.shape, data };
}

/** Copies the chunks, less their first `skip` bytes, to the start of `target`. */
function copyWithoutHeader(chunks: Uint8Array[], skip: number, target: Uint8Array): void {
  let position = -skip;
  for (const chunk of chunks) {
    const omitted = Math.min(chunk.length, Math.max(0, -position));
    target.set(chunk.subarray(omitted), position + omitted);
    position += chunk.length;
  }
}

function checkLimit(path: string, header: IdxHeader, maxBytes: number): void {
  if (header.numBytes > maxBytes) {
    const message = `${promised(header)}, more than maxBytes = ${maxBytes}`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
  }
}

function checkSize(path: string, header: IdxHeader, received: number, what: string): void {
  if (received === header.numBytes) return;
  const fault =
    received < header.numBytes ? 'the file is truncated' : 'the file has bytes left over';
  const message = `${promised(header)}, but ${received} ${what}: ${fault}`;
  throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
}

function promised(header: IdxHeader): string {
  const shape = header.shape.join(' x ') || 'scalar';
  return `the header promises ${header.numBytes} bytes (${shape}, ${header.elementType.name})`;
}

/** Fills `target` from the file, starting at `position`; returns how many bytes there were. */
async function readFully(file: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let received = 0;
  while (received < target.length) {
    const length = Math.min(target.length - received, LARGEST_READ);
    const { bytesRead } = await file.read(target, received, length, position + received);
    if (bytesRead === 0) break;
    received += bytesRead;
  }
  return received;
}

function toHostOrder(bytes: Uint8Array, header: IdxHeader): void {
  if (endianness() === 'BE') return;
  const buffer = Buffer.from(bytes.buffer);
  switch (header.elementType.size) {
    case 2:
      buffer.swap16();
      break;
    case 4:
      buffer.swap32();
      break;
    case 8:
      buffer.swap64();
      break;
    default:
      break;
  }
}

/** By its code alone: under some test runners, Node's errors are no instances of our `Error`. */
function isZlibError(error: unknown): error is Error {
  const code: unknown = typeof error === 'object' && error !== null && Reflect.get(error, 'code');
  return typeof code === 'string' && code.startsWith('Z_');
}
