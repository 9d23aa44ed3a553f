/**
 * Reads what an ELF file asks of the system that loads it: shared libraries,
 * symbol versions, names it exports. No binutils needed, so that it works on
 * every machine and for every architecture. 64-bit little-endian files only.
 */
import { textAt } from './text.mjs';

const sectionTypes = { dynamic: 6, dynamicSymbols: 11, versionNeeds: 0x6ffffffe };
const neededTag = 1n;

const architectures = { 62: 'x64', 183: 'arm64' };

function readSections(bytes) {
  const table = Number(bytes.readBigUInt64LE(0x28));
  const size = bytes.readUInt16LE(0x3a);
  const count = bytes.readUInt16LE(0x3c);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 0x18)),
      size: Number(bytes.readBigUInt64LE(at + 0x20)),
      link: bytes.readUInt32LE(at + 0x28),
      entries: bytes.readUInt32LE(at + 0x2c),
    };
  });
}

function readNeeded(bytes, section, strings) {
  const needed = [];
  for (let at = section.offset; at < section.offset + section.size; at += 16) {
    if (bytes.readBigInt64LE(at) !== neededTag) continue;
    needed.push(textAt(bytes, strings.offset + Number(bytes.readBigUInt64LE(at + 8))));
  }
  return needed;
}

/** Each library's list of versions is a chain of records inside a chain of records. */
function readVersions(bytes, section, strings) {
  const versions = [];
  let file = section.offset;
  for (let index = 0; index < section.entries; index++) {
    const count = bytes.readUInt16LE(file + 2);
    const library = textAt(bytes, strings.offset + bytes.readUInt32LE(file + 4));
    let entry = file + bytes.readUInt32LE(file + 8);
    for (let at = 0; at < count; at++) {
      const version = textAt(bytes, strings.offset + bytes.readUInt32LE(entry + 8));
      versions.push({ library, version });
      entry += bytes.readUInt32LE(entry + 12);
    }
    file += bytes.readUInt32LE(file + 12);
  }
  return versions;
}

/** Names of the symbols that are defined here (exported) or not (imported). */
function readSymbols(bytes, section, strings) {
  const exported = [];
  const imported = [];
  for (let at = section.offset + 24; at < section.offset + section.size; at += 24) {
    const name = textAt(bytes, strings.offset + bytes.readUInt32LE(at));
    const isDefined = bytes.readUInt16LE(at + 6) !== 0;
    (isDefined ? exported : imported).push(name);
  }
  return { exported, imported };
}

export function isElf(bytes) {
  return bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46;
}

/** { platform, arch, needed, versions: [{ library, version }], exported, imported, stripped } */
export function readElf(bytes) {
  if (!isElf(bytes) || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new Error('expected a 64-bit little-endian ELF file');
  }
  const sections = readSections(bytes);
  const find = (type) => sections.find((section) => section.type === type);
  const read = (type, reader, empty) => {
    const section = find(type);
    return section ? reader(bytes, section, sections[section.link]) : empty;
  };
  const none = { exported: [], imported: [] };
  return {
    platform: 'linux',
    arch: architectures[bytes.readUInt16LE(18)],
    needed: read(sectionTypes.dynamic, readNeeded, []),
    versions: read(sectionTypes.versionNeeds, readVersions, []),
    ...read(sectionTypes.dynamicSymbols, readSymbols, none),
    stripped: !sections.some((section) => section.type === 2),
  };
}

/** The newest version of glibc that any symbol asks for, such as "2.17", or undefined. */
export function newestGlibc(versions) {
  const numbers = versions
    .map(({ version }) => /^GLIBC_([\d.]+)$/.exec(version)?.[1])
    .filter((text) => text !== undefined);
  return numbers.sort(compareVersions).at(-1);
}

/** Order of dotted numbers: 2.4 comes before 2.17. */
export function compareVersions(one, other) {
  const a = one.split('.').map(Number);
  const b = other.split('.').map(Number);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
