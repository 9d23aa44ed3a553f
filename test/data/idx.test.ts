/** Reading IDX files: every element type, and files that lie about themselves. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { loadIdx } from '../../lib/data/idx';

let folder: string;
let counter = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gln-idx-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function store(bytes: Uint8Array): Promise<string> {
  counter += 1;
  const path = join(folder, `file-${counter}`);
  await writeFile(path, bytes);
  return path;
}

function header(type: number, shape: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * shape.length);
  bytes[2] = type;
  bytes[3] = shape.length;
  shape.forEach((length, axis) => {
    bytes.writeUInt32BE(length, 4 + 4 * axis);
  });
  return bytes;
}

interface ElementCase {
  type: number;
  size: number;
  make: (values: number[]) => ArrayLike<number>;
  write: (view: DataView, position: number, value: number) => void;
  value: fc.Arbitrary<number>;
}

const integers = (bits: number, signed: boolean): fc.Arbitrary<number> =>
  signed
    ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
    : fc.integer({ min: 0, max: 2 ** bits - 1 });

const elementCases: Record<string, ElementCase> = {
  uint8: {
    type: 0x08,
    size: 1,
    make: (values) => Uint8Array.from(values),
    write: (view, position, value) => view.setUint8(position, value),
    value: integers(8, false),
  },
  int8: {
    type: 0x09,
    size: 1,
    make: (values) => Int8Array.from(values),
    write: (view, position, value) => view.setInt8(position, value),
    value: integers(8, true),
  },
  int16: {
    type: 0x0b,
    size: 2,
    make: (values) => Int16Array.from(values),
    write: (view, position, value) => view.setInt16(position, value),
    value: integers(16, true),
  },
  int32: {
    type: 0x0c,
    size: 4,
    make: (values) => Int32Array.from(values),
    write: (view, position, value) => view.setInt32(position, value),
    value: integers(32, true),
  },
  float32: {
    type: 0x0d,
    size: 4,
    make: (values) => Float32Array.from(values),
    write: (view, position, value) => view.setFloat32(position, value),
    value: fc.float(),
  },
  float64: {
    type: 0x0e,
    size: 8,
    make: (values) => Float64Array.from(values),
    write: (view, position, value) => view.setFloat64(position, value),
    value: fc.double(),
  },
};

describe.each(Object.entries(elementCases))('%s', (_name, { type, size, make, write, value }) => {
  it('comes back as it was written, plain and compressed', async () => {
    const arrays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      const values = fc.array(value, { minLength: length, maxLength: length });
      return fc.record({ shape: fc.constant(shape), values });
    });
    await fc.assert(
      fc.asyncProperty(arrays, fc.boolean(), async ({ shape, values }, compressed) => {
        const body = Buffer.alloc(values.length * size);
        const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
        values.forEach((element, position) => {
          write(view, position * size, element);
        });
        const bytes = Buffer.concat([header(type, shape), body]);
        const path = await store(compressed ? gzipSync(bytes) : bytes);
        const array = await loadIdx(path);
        expect(array.shape).toEqual(shape);
        expect(array.data).toStrictEqual(make(values));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a file that is not what it should be', () => {
  const body = Buffer.from([1, 2, 3, 4, 5, 6]);
  const good = Buffer.concat([header(0x08, [2, 3]), body]);

  const hostile: [string, Uint8Array, RegExp][] = [
    ['empty', Buffer.alloc(0), /expected an IDX header of 4 bytes, got 0 bytes/],
    ['a stub', Buffer.from([0, 0, 8]), /got 3 bytes/],
    ['another format', Buffer.from('{"json": 1}'), /expected an IDX magic.*got 7b226a73/],
    ['an unknown element type', header(0x0a, [1]), /got 00000a01/],
    ['a header cut off', good.subarray(0, 9), /expected an IDX header of 12 bytes, got 9/],
    ['a missing element', good.subarray(0, -1), /promises 6 bytes \(2 x 3, uint8\).*truncated/],
    ['an element too many', Buffer.concat([good, body]), /12 .*left over/],
    ['an overflowing product', header(0x08, [2 ** 31, 2 ** 31, 4]), /product overflows/],
    ['many large dimensions', header(0x0e, new Array(255).fill(2 ** 32 - 1)), /255 dimensions/],
    ['more than there is', header(0x0e, [2 ** 16, 2 ** 10]), /promises 536870912 .*truncated/],
    ['more than is allowed', header(0x0e, [2 ** 20, 2 ** 20]), /more than maxBytes/],
  ];

  it.each(hostile)('is refused: %s', async (_name, bytes, message) => {
    const path = await store(bytes);
    const refusal = { name: 'GlnError', code: 'ERR_GLN_FORMAT' };
    await expect(loadIdx(path)).rejects.toMatchObject(refusal);
    await expect(loadIdx(path)).rejects.toThrow(message);
    await expect(loadIdx(path)).rejects.toThrow(path);
  });

  it.each(hostile)('is refused when compressed: %s', async (_name, bytes) => {
    const path = await store(gzipSync(bytes));
    await expect(loadIdx(path)).rejects.toMatchObject({ code: 'ERR_GLN_FORMAT' });
  });

  it('is refused when its compressed data is damaged, cut off or followed by more', async () => {
    const compressed = gzipSync(good);
    const damaged = Buffer.from(compressed);
    damaged[14] = (damaged[14] ?? 0) ^ 0xff;
    const faults = [
      damaged,
      compressed.subarray(0, -3),
      compressed.subarray(0, 2),
      Buffer.concat([compressed, Buffer.from('more')]),
      Buffer.concat([compressed, compressed]),
    ];
    for (const bytes of faults) {
      const path = await store(bytes);
      await expect(loadIdx(path)).rejects.toMatchObject({ code: 'ERR_GLN_FORMAT' });
    }
  });

  it('never throws anything but a GlnError, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }).map((tail) => Buffer.concat([Buffer.from([0, 0, 8]), tail])),
      fc
        .uint8Array({ maxLength: 64 })
        .map((tail) => Buffer.concat([Buffer.from([31, 139, 8]), tail])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const outcome = await loadIdx(await store(content)).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'ERR_GLN_FORMAT' });
      }),
      { numRuns: 200 },
    );
  });

  it('does not inflate a bomb', async () => {
    // 256 MiB of zeros behind a header that promises four bytes.
    const path = await store(gzipSync(Buffer.concat([header(0x08, [4]), Buffer.alloc(2 ** 28)])));
    const before = process.memoryUsage().rss;
    await expect(loadIdx(path)).rejects.toMatchObject({ code: 'ERR_GLN_FORMAT' });
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
  });

  it('is held to maxBytes', async () => {
    const path = await store(good);
    await expect(loadIdx(path, { maxBytes: 5 })).rejects.toThrow(/maxBytes = 5/);
    await expect(loadIdx(path, { maxBytes: 6 })).resolves.toMatchObject({ shape: [2, 3] });
    await expect(loadIdx(path, { maxBytes: -1 })).rejects.toMatchObject({ code: 'ERR_GLN_OPTION' });
  });
});

it('reports a missing file, and a folder, with the cause', async () => {
  const missing = join(folder, 'missing');
  await expect(loadIdx(missing)).rejects.toMatchObject({
    code: 'ERR_GLN_IO',
    cause: { code: 'ENOENT' },
  });
  await expect(loadIdx(missing)).rejects.toThrow(missing);
  await expect(loadIdx(folder)).rejects.toMatchObject({ code: 'ERR_GLN_IO' });
});
