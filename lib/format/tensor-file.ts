/**
 * Files and buffers of tensors in the safetensors format: the container that
 * models are saved in. What may be inside, and what it means, is the models'.
 */
import { totalmem } from 'node:os';
import { types } from 'node:util';
import { describe, GlnError } from '../errors';
import { loadAddon } from '../native';
import { type ReplaceFileOptions, replaceFile } from './atomic-file';
import { allocate, PIECE_BYTES, readFully, withFile, writeFully } from './files';
import {
  checkDigits,
  checkHasDigits,
  headerLength,
  type IncomingFile,
  type IncomingTensor,
  layOut,
  type OutgoingFile,
  PREFIX_BYTES,
  parseHead,
} from './safetensors';
import {
  bytesOf,
  LITTLE_ENDIAN,
  littleEndian,
  swapBytes,
  type Tensor,
  type TensorFile,
} from './tensors';

/** Options of {@link decodeTensors}. */
export interface DecodeTensorsOptions {
  /**
   * Whether a file without a checksum is refused, as other programs write them;
   * a wrong checksum always is. Default `true`.
   */
  requireChecksum?: boolean;
  /** Names the buffer in messages; default "buffer". */
  name?: string;
}

/** Options of {@link readTensorFile}. */
export interface ReadTensorFileOptions {
  /** As in {@link DecodeTensorsOptions}. */
  requireChecksum?: boolean;
  /** Largest file that is read, in bytes; default: the memory of the machine. */
  maxBytes?: number;
  /** Stops the reading between two pieces; the call then fails with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * A file's bytes in memory, a copy of everything in `file`.
 *
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE` or `ERR_GLN_VALUE` for content
 *   that the format cannot hold, `ERR_GLN_MEMORY`.
 */
export function encodeTensors(file: TensorFile): Buffer {
  const layout = layOut(file);
  const result = Buffer.from(allocate('buffer', layout.size));
  layout.head.copy(result);
  let position = layout.head.length;
  for (const { type, data } of layout.tensors) {
    result.set(littleEndian(bytesOf(data), type.size), position);
    position += data.byteLength;
  }
  const checksum = loadAddon().format.checksum();
  checksum.update(result);
  result.write(checksum.digest(), layout.digitsAt, 'latin1');
  return result;
}

/**
 * Reads a file's bytes. Arrays are views of `bytes` where its alignment allows,
 * else copies.
 *
 * @throws GlnError `ERR_GLN_FORMAT` when it is no such file, with the byte where it
 *   goes wrong, or when its checksum is wrong or missing; `ERR_GLN_TYPE`.
 */
export function decodeTensors(bytes: Uint8Array, options: DecodeTensorsOptions = {}): TensorFile {
  if (!types.isUint8Array(bytes)) {
    throw new GlnError('ERR_GLN_TYPE', `bytes: expected a Uint8Array, got ${describe(bytes)}`);
  }
  const { requireChecksum = true, name = 'buffer' } = options;
  const length = headerLength(name, bytes, bytes.length);
  // A copy: shared memory must not change between a check and its use.
  const head = new Uint8Array(bytes.subarray(0, PREFIX_BYTES + length));
  const incoming = parseHead(name, head, bytes.length);
  checkHasDigits(name, incoming, requireChecksum);
  incoming.checksum.update(bytes.subarray(head.length));
  checkDigits(name, incoming);
  return contentOf(incoming, (tensor) => {
    const { begin, type } = tensor;
    const own = bytes.subarray(begin, begin + tensor.bytes);
    const inPlace = LITTLE_ENDIAN && own.byteOffset % type.size === 0;
    const memory = inPlace ? own : littleEndian(own.slice(), type.size);
    return type.view(memory.buffer, memory.byteOffset, tensor.bytes / type.size);
  });
}

/**
 * Replaces the file at `path`, or makes it, in one step: at any moment there is the
 * old file or the new one, whole, even where the process is killed. The arrays
 * must not change until the promise is settled; they are not copied.
 *
 * @throws GlnError `ERR_GLN_IO` when it cannot be written, and as {@link encodeTensors}.
 */
export async function writeTensorFile(
  path: string,
  file: TensorFile,
  options: ReplaceFileOptions = {},
): Promise<void> {
  const layout = layOut(file);
  await replaceFile(path, (handle) => writeLayout(handle, layout, options.signal), options);
}

async function writeLayout(
  handle: Parameters<typeof writeFully>[0],
  layout: OutgoingFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { head } = layout;
  const checksum = loadAddon().format.checksum();
  checksum.update(head);
  let position = head.length;
  for (const { name, type, data, bytes } of layout.tensors) {
    for (let start = 0; start < bytes; start += PIECE_BYTES) {
      signal?.throwIfAborted();
      if (data.byteLength !== bytes) {
        // Transferred away or resized: the header would promise what is not there.
        const message = `expected ${bytes} bytes until the file is written, got ${data.byteLength}`;
        throw new GlnError('ERR_GLN_SHAPE', `tensor ${describe(name)}: ${message}`);
      }
      const piece = bytesOf(data).subarray(start, start + PIECE_BYTES);
      const stored = littleEndian(piece, type.size);
      checksum.update(stored);
      await writeFully(handle, stored, position);
      position += stored.length;
    }
  }
  // The head comes last, when the checksum is known.
  head.write(checksum.digest(), layout.digitsAt, 'latin1');
  await writeFully(handle, head, 0);
}

/**
 * Reads a file, each tensor into memory of its own. Nothing is allocated beyond
 * what the file really holds.
 *
 * @throws GlnError `ERR_GLN_IO` when it cannot be read, with the cause;
 *   `ERR_GLN_FORMAT` as {@link decodeTensors}, and for more than `maxBytes`;
 *   `ERR_GLN_MEMORY`; `ERR_GLN_OPTION` for a bad `maxBytes`.
 */
export async function readTensorFile(
  path: string,
  options: ReadTensorFileOptions = {},
): Promise<TensorFile> {
  const { requireChecksum = true, maxBytes = totalmem(), signal } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    throw new GlnError('ERR_GLN_OPTION', `maxBytes: expected an integer >= 0, got ${maxBytes}`);
  }
  return withFile(path, signal, async (file, size) => {
    if (size > maxBytes) {
      const message = `expected at most maxBytes = ${maxBytes} bytes, got ${size}`;
      throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
    }
    const incoming = await readHead(path, file, size);
    checkHasDigits(path, incoming, requireChecksum);
    const memory = new Map<string, Uint8Array>();
    for (const { name, begin, bytes } of incoming.tensors) {
      const target = new Uint8Array(allocate(path, bytes));
      await readFully(path, file, target, begin, incoming.checksum.update, signal);
      memory.set(name, target);
    }
    checkDigits(path, incoming);
    return contentOf(incoming, ({ name, type, bytes }) => {
      const own = memory.get(name) as Uint8Array;
      if (!LITTLE_ENDIAN) swapBytes(own, type.size);
      return type.view(own.buffer, 0, bytes / type.size);
    });
  });
}

/**
 * The texts of a file, without its tensors: what it says of itself. They are not
 * checked against the checksum.
 *
 * @throws GlnError `ERR_GLN_IO`, `ERR_GLN_FORMAT` as {@link readTensorFile}
 */
export async function readTensorTexts(path: string): Promise<ReadonlyMap<string, string>> {
  return withFile(path, undefined, async (file, size) => {
    const { metadata } = await readHead(path, file, size);
    return metadata;
  });
}

async function readHead(
  path: string,
  file: Parameters<typeof readFully>[1],
  size: number,
): Promise<IncomingFile> {
  const prefix = new Uint8Array(Math.min(size, PREFIX_BYTES));
  await readFully(path, file, prefix, 0);
  const head = new Uint8Array(PREFIX_BYTES + headerLength(path, prefix, size));
  await readFully(path, file, head, 0);
  return parseHead(path, head, size);
}

function contentOf(
  { metadata, tensors }: IncomingFile,
  dataOf: (tensor: IncomingTensor) => Tensor['data'],
): TensorFile {
  return {
    metadata,
    tensors: new Map(
      tensors.map((tensor) => [tensor.name, { shape: tensor.shape, data: dataOf(tensor) }]),
    ),
  };
}
