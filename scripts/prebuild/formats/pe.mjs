/** Reads what a Windows library (PE32+) asks for: the names of the libraries it imports. */
import { textAt } from './text.mjs';

const architectures = { 34404: 'x64', 43620: 'arm64' };

export function isPe(bytes) {
  return bytes.length > 64 && bytes.toString('latin1', 0, 2) === 'MZ';
}

/** { platform, arch, needed, exported, stripped } */
export function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  if (!isPe(bytes) || bytes.toString('latin1', header, header + 4) !== 'PE\0\0') {
    throw new Error('expected a PE file');
  }
  const optional = header + 24;
  if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('expected a 64-bit PE file');
  const sectionCount = bytes.readUInt16LE(header + 6);
  const sections = optional + bytes.readUInt16LE(header + 20);
  // Addresses are those in memory; each section says where it stands in the file.
  const toOffset = (address) => {
    for (let index = 0; index < sectionCount; index++) {
      const at = sections + index * 40;
      const begin = bytes.readUInt32LE(at + 12);
      const size = bytes.readUInt32LE(at + 16);
      if (address >= begin && address < begin + size) {
        return bytes.readUInt32LE(at + 20) + address - begin;
      }
    }
    throw new Error(`address ${address} lies in no section`);
  };
  return {
    platform: 'win32',
    arch: architectures[bytes.readUInt16LE(header + 4)],
    needed: readImports(bytes, bytes.readUInt32LE(optional + 120), toOffset),
    exported: readExports(bytes, bytes.readUInt32LE(optional + 112), toOffset),
    // A symbol table of COFF's has a place and a count.
    stripped: bytes.readUInt32LE(header + 12) === 0,
  };
}

function readImports(bytes, address, toOffset) {
  const names = [];
  if (address === 0) return names;
  for (let at = toOffset(address); bytes.readUInt32LE(at + 12) !== 0; at += 20) {
    names.push(textAt(bytes, toOffset(bytes.readUInt32LE(at + 12))));
  }
  return names;
}

function readExports(bytes, address, toOffset) {
  if (address === 0) return [];
  const at = toOffset(address);
  const count = bytes.readUInt32LE(at + 24);
  const names = toOffset(bytes.readUInt32LE(at + 32));
  return Array.from({ length: count }, (_, index) =>
    textAt(bytes, toOffset(bytes.readUInt32LE(names + 4 * index))),
  );
}
