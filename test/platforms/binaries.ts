/**
 * The smallest binaries of foreign formats that say what a prebuild says. Written
 * from the formats' descriptions and not from the readers that they test.
 */

/** Writes numbers and names at places of a zeroed file. */
class Image {
  readonly bytes: Buffer;

  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  words(offset: number, ...values: number[]): this {
    values.forEach((value, index) => {
      this.bytes.writeUInt32LE(value, offset + 4 * index);
    });
    return this;
  }

  short(offset: number, value: number): this {
    this.bytes.writeUInt16LE(value, offset);
    return this;
  }

  text(offset: number, value: string): this {
    this.bytes.write(value, offset, 'latin1');
    return this;
  }
}

/** A macOS library for arm64, made for macOS 11.0, with one symbol of each kind. */
export function machOFile(): Buffer {
  const image = new Image(512);
  // Magic, processor, its variant, library, four commands of 152 bytes, flags.
  image.words(0, 0xfeedfacf, 0x0100000c, 0, 6, 4, 152, 0, 0);
  // The system's library: name after 24 bytes.
  image.words(32, 0xc, 56, 24, 0, 0, 0).text(56, '/usr/lib/libSystem.B.dylib');
  // Oldest system: 11.0, in 24 bytes.
  image.words(88, 0x32, 24, 1, 11 << 16, 0, 0);
  // Symbols at 256, three of them; names at 384, 64 bytes.
  image.words(112, 0x2, 24, 256, 3, 384, 64);
  // A signature, in 16 bytes.
  image.words(136, 0x1d, 16, 0, 0);
  image.text(385, '_shown').text(393, '_hidden').text(402, '_needed');
  // Name, kind: external in a section; private external; external, undefined.
  image.words(256, 1).short(260, 0x0f);
  image.words(272, 9).short(276, 0x1f);
  image.words(288, 18).short(292, 0x01);
  return image.bytes;
}

/** A Windows library for x64 that imports kernel32.dll and exports one name. */
export function peFile(): Buffer {
  const image = new Image(2048);
  image.text(0, 'MZ').words(0x3c, 64);
  // Signature; processor, one section; no symbols; optional header of 240 bytes.
  image.text(64, 'PE').short(68, 0x8664).short(70, 1).short(84, 240);
  const optional = 88;
  image.short(optional, 0x20b);
  // Exports at address 0x1100, imports at 0x1200.
  image.words(optional + 112, 0x1100, 40, 0x1200, 40);
  // The section: 1024 bytes at address 0x1000, from 512 of the file.
  image.text(optional + 240, '.rdata').words(optional + 248, 1024, 0x1000, 1024, 512);
  const at = (address: number) => address - 0x1000 + 512;
  image.words(at(0x1100) + 24, 1).words(at(0x1100) + 32, 0x1140);
  image.words(at(0x1140), 0x1150).text(at(0x1150), 'shown');
  image.words(at(0x1200) + 12, 0x1260).text(at(0x1260), 'KERNEL32.dll');
  return image.bytes;
}
