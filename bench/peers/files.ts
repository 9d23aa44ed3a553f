/** Files of numbers, between processes of one machine. */
import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';

function readInto(path: string, array: Uint8Array | Float32Array): void {
  const file = openSync(path, 'r');
  try {
    let done = 0;
    while (done < array.byteLength) {
      const read = readSync(file, array, done, array.byteLength - done, null);
      if (read === 0) throw new Error(`${path}: ended after ${done} bytes`);
      done += read;
    }
  } finally {
    closeSync(file);
  }
}

/** A whole file of floats, straight into aligned memory. */
export function readFloats(path: string): Float32Array {
  const floats = new Float32Array(statSync(path).size / 4);
  readInto(path, floats);
  return floats;
}

/** A whole file of bytes. */
export function readBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(statSync(path).size);
  readInto(path, bytes);
  return bytes;
}

/** Writes arrays one behind the other. */
export function writeArrays(path: string, arrays: readonly ArrayBufferView[]): void {
  const buffers = arrays.map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  );
  writeFileSync(path, Buffer.concat(buffers));
}
