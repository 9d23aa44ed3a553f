/**
 * Reading of NumPy's .npz files: several arrays by name, as `numpy.savez` and
 * `numpy.savez_compressed` write them.
 */
import { types } from 'node:util';
import { describe, GlnError } from '../errors';
import { allocate, readFully, withFile } from './files';
import { parseNpy } from './npy';
import type { Tensor } from './tensors';
import { listZip, unzip } from './zip';

/** How an `.npz` archive of arrays is read. */
export interface ReadNpzOptions {
  /** Most bytes that the arrays may take together, and the archive; default 2 GiB. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 31;
const EXTENSION = '.npy';

/**
 * Reads all arrays of an archive, each into memory of its own, row-major. Read are
 * floats of 4 and 8 bytes, integers of 1 to 8 bytes and booleans (as bytes), of
 * either byte order, in C or Fortran order.
 *
 * @param source the path of a file, or its bytes
 * @returns the arrays by name (`numpy.savez(f, weights=w)`: "weights")
 * @throws GlnError `ERR_GLN_IO` when the file cannot be read; `ERR_GLN_FORMAT` when it is no
 *   such archive, is damaged or holds more than `maxBytes`; `ERR_GLN_TYPE`;
 *   `ERR_GLN_OPTION`; `ERR_GLN_MEMORY`.
 */
export async function readNpz(
  source: string | Uint8Array,
  options: ReadNpzOptions = {},
): Promise<Map<string, Tensor>> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    throw new GlnError('ERR_GLN_OPTION', `maxBytes: expected an integer >= 0, got ${maxBytes}`);
  }
  if (types.isUint8Array(source)) return arraysOf('buffer', source, maxBytes);
  if (typeof source !== 'string') {
    const message = `expected a path or a Uint8Array, got ${describe(source)}`;
    throw new GlnError('ERR_GLN_TYPE', `source: ${message}`);
  }
  const bytes = await withFile(source, undefined, async (file, size) => {
    checkBytes(source, size, maxBytes);
    const content = new Uint8Array(allocate(source, size));
    await readFully(source, file, content, 0);
    return content;
  });
  return arraysOf(source, bytes, maxBytes);
}

async function arraysOf(
  where: string,
  archive: Uint8Array,
  maxBytes: number,
): Promise<Map<string, Tensor>> {
  const entries = listZip(where, archive);
  checkBytes(
    where,
    entries.reduce((sum, { bytes }) => sum + bytes, 0),
    maxBytes,
  );
  const arrays = new Map<string, Tensor>();
  for (const entry of entries) {
    const label = `${where}: ${describe(entry.name)}`;
    if (!entry.name.endsWith(EXTENSION)) {
      throw new GlnError('ERR_GLN_FORMAT', `${label}: expected files named *${EXTENSION} alone`);
    }
    const name = entry.name.slice(0, -EXTENSION.length);
    if (arrays.has(name)) {
      throw new GlnError('ERR_GLN_FORMAT', `${label}: expected names to differ, got it twice`);
    }
    arrays.set(name, parseNpy(label, await unzip(where, archive, entry)));
  }
  return arrays;
}

function checkBytes(where: string, bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    const message = `expected at most maxBytes = ${maxBytes} bytes, got ${bytes}`;
    throw new GlnError('ERR_GLN_FORMAT', `${where}: ${message}`);
  }
}
