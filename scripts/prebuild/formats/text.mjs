/** What all formats of binaries have: names that end in a zero byte. */

/** The name at a place in the file. */
export function textAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}
