/**
 * Reads what a macOS library (64-bit Mach-O) asks for: the libraries it loads, the
 * oldest system it says it runs on, and whether it carries a signature, without
 * which processors of Apple's own refuse it.
 */
import { textAt } from './text.mjs';

const architectures = { 16777223: 'x64', 16777228: 'arm64' };

const commands = {
  symbolTable: 0x2,
  loadLibrary: 0xc,
  signature: 0x1d,
  minimumVersion: 0x24,
  buildVersion: 0x32,
};

export function isMachO(bytes) {
  return bytes.length > 32 && bytes.readUInt32LE(0) === 0xfeedfacf;
}

/** Sixteen bits of the first number, eight each of the second and third. */
function versionOf(packed) {
  return `${packed >> 16}.${(packed >> 8) & 0xff}`;
}

/** Names of external symbols that are defined here; Mach-O puts a line before each. */
function readExported(bytes, at) {
  const symbols = bytes.readUInt32LE(at + 8);
  const count = bytes.readUInt32LE(at + 12);
  const strings = bytes.readUInt32LE(at + 16);
  const names = [];
  for (let index = 0; index < count; index++) {
    const entry = symbols + 16 * index;
    const type = bytes[entry + 4];
    const isDebugging = (type & 0xe0) !== 0;
    const isExternal = (type & 0x01) !== 0 && (type & 0x10) === 0;
    const isDefined = (type & 0x0e) !== 0;
    if (isDebugging || !isExternal || !isDefined) continue;
    names.push(textAt(bytes, strings + bytes.readUInt32LE(entry)).replace(/^_/, ''));
  }
  return names;
}

/** { platform, arch, needed, exported, minimumMacos, signed } */
export function readMachO(bytes) {
  if (!isMachO(bytes)) throw new Error('expected a 64-bit Mach-O file');
  const result = {
    platform: 'darwin',
    arch: architectures[bytes.readUInt32LE(4)],
    needed: [],
    exported: [],
    minimumMacos: undefined,
    signed: false,
  };
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const command = bytes.readUInt32LE(at);
    if (command === commands.loadLibrary) {
      result.needed.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    } else if (command === commands.symbolTable) {
      result.exported = readExported(bytes, at);
    } else if (command === commands.minimumVersion) {
      result.minimumMacos = versionOf(bytes.readUInt32LE(at + 8));
    } else if (command === commands.buildVersion) {
      result.minimumMacos = versionOf(bytes.readUInt32LE(at + 12));
    } else if (command === commands.signature) {
      result.signed = true;
    }
    at += bytes.readUInt32LE(at + 4);
  }
  return result;
}
