/** Reads any of the formats that a prebuild may have. */
import { readFileSync } from 'node:fs';
import { isElf, readElf } from './elf.mjs';
import { isMachO, readMachO } from './macho.mjs';
import { isPe, readPe } from './pe.mjs';

/** What the file says of itself: platform, arch, needed, exported and more; see each format. */
export function readBinary(file) {
  const bytes = readFileSync(file);
  if (isElf(bytes)) return readElf(bytes);
  if (isPe(bytes)) return readPe(bytes);
  if (isMachO(bytes)) return readMachO(bytes);
  throw new Error(`${file}: expected an ELF, PE or Mach-O file`);
}
