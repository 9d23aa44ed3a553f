/** Deskewing, against the formula written down pixel by pixel in doubles. */

import { join } from 'node:path';
import fc from 'fast-check';

import { deskew } from '../../lib/data/deskew';
import { runChild } from '../support/child';

/** One image, every output pixel interpolated by itself between its four sources. */
function deskewSlowly(image: Float32Array, width: number, height: number): number[] {
  const pixel = (row: number, column: number): number =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : (image[row * width + column] ?? 0);
  const sum = (weigh: (row: number, column: number) => number): number => {
    let total = 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        total += pixel(row, column) * weigh(row, column);
      }
    }
    return total;
  };
  const mass = sum(() => 1);
  const rowMean = sum((row) => row) / mass;
  const columnMean = sum((_, column) => column) / mass;
  const variance = sum((row) => (row - rowMean) ** 2) / mass;
  const covariance = sum((row, column) => (row - rowMean) * (column - columnMean)) / mass;
  if (!(mass > 0) || !(variance > 1e-9)) return Array.from(image);
  const slant = covariance / variance;
  const result: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const sourceRow = row + rowMean - height / 2;
      const sourceColumn = slant * row + column + columnMean - (slant * height) / 2 - width / 2;
      const top = Math.floor(sourceRow);
      const left = Math.floor(sourceColumn);
      const down = sourceRow - top;
      const across = sourceColumn - left;
      result.push(
        (1 - down) * (1 - across) * pixel(top, left) +
          (1 - down) * across * pixel(top, left + 1) +
          down * (1 - across) * pixel(top + 1, left) +
          down * across * pixel(top + 1, left + 1),
      );
    }
  }
  return result;
}

function furthest(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let distance = 0;
  for (let position = 0; position < one.length; position++) {
    distance = Math.max(distance, Math.abs((one[position] ?? NaN) - (other[position] ?? NaN)));
  }
  return distance;
}

/** A stroke that leans by `slope` columns a row. */
function stroke(slope: number): Float32Array {
  const image = new Float32Array(784);
  for (let row = 6; row < 22; row++) {
    const column = 14 + slope * (row - 14);
    const left = Math.floor(column);
    image[row * 28 + left] = 1 - (column - left);
    image[row * 28 + left + 1] = column - left;
  }
  return image;
}

it('agrees with the formula on any images of any size', () => {
  const cases = fc
    .record({
      width: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 1, max: 9 }),
      count: fc.integer({ min: 0, max: 3 }),
    })
    .chain((size) => {
      const length = size.width * size.height * size.count;
      const pixel = fc.constantFrom(0, 0, 0, 0.25, 0.5, 1);
      return fc.array(pixel, { minLength: length, maxLength: length }).map((values) => ({
        ...size,
        images: Float32Array.from(values),
      }));
    });
  fc.assert(
    fc.property(cases, ({ width, height, images }) => {
      const before = images.slice();
      const fast = deskew(images, { width, height });
      expect(images).toEqual(before);
      const size = width * height;
      for (let start = 0; start < images.length; start += size) {
        const slow = deskewSlowly(images.subarray(start, start + size), width, height);
        expect(furthest(fast.subarray(start, start + size), slow)).toBeLessThan(1e-5);
      }
      deskew(images, { width, height, out: images });
      expect(images).toEqual(fast);
    }),
  );
});

it('stands a leaning stroke upright', () => {
  const columnSpread = (image: Float32Array): number => {
    let mass = 0;
    let squares = 0;
    image.forEach((value, position) => {
      mass += value;
      squares += value * ((position % 28) - 14) ** 2;
    });
    return squares / mass;
  };
  const leaning = stroke(0.5);
  expect(columnSpread(leaning)).toBeGreaterThan(4);
  expect(columnSpread(deskew(leaning))).toBeLessThan(0.5);
});

it('returns an image without slant unchanged', () => {
  const blank = new Float32Array(784);
  expect(deskew(blank)).toEqual(blank);
  const singleRow = new Float32Array(784).fill(0.3, 5 * 28, 6 * 28);
  expect(deskew(singleRow)).toEqual(singleRow);
  const broken = new Float32Array(784).fill(Number.NaN, 100, 101);
  expect(deskew(broken)).toEqual(broken);
  const endless = new Float32Array(784).fill(Number.POSITIVE_INFINITY, 100, 101);
  expect(deskew(endless)).toEqual(endless);
});

// In a process of its own, as users run it: Jest's module scope slows globals down.
// Processor time, so that a busy machine cannot fail it.
it('takes 70,000 images in less than five seconds', () => {
  const script = join(__dirname, 'deskew-child.ts');
  const { seconds } = runChild<{ seconds: number }>(script, { count: 70_000 });
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(5);
});

it('refuses what does not fit', () => {
  const images = new Float32Array(784 * 2);
  const code = (name: string): object => expect.objectContaining({ code: name });
  const error = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (thrown) {
      return thrown;
    }
  };
  expect(error(() => deskew(images.subarray(1)))).toEqual(code('ERR_GLN_SHAPE'));
  expect(error(() => deskew(images, { width: 0 }))).toEqual(code('ERR_GLN_OPTION'));
  expect(error(() => deskew(images, { height: 1.5 }))).toEqual(code('ERR_GLN_OPTION'));
  const short = new Float32Array(784);
  expect(error(() => deskew(images, { out: short }))).toEqual(code('ERR_GLN_SHAPE'));
  const shifted = [images.subarray(0, 784), images.subarray(1, 785)] as const;
  expect(error(() => deskew(shifted[0], { out: shifted[1] }))).toEqual(code('ERR_GLN_SHAPE'));
  const doubles = new Float64Array(784) as unknown as Float32Array;
  expect(error(() => deskew(doubles))).toEqual(code('ERR_GLN_TYPE'));
});
