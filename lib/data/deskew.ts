/**
 * Straightens slanted handwriting, the usual preparation of MNIST for models
 * without convolutions: how far a pen leans says nothing about the digit.
 *
 * An image is treated as a density. With centre of mass (mr, mc), the slant is
 * alpha = cov(row, column) / var(row), and the result at (r, c) is read from
 *
 *     ( r + mr - H/2,  c + mc - W/2 + alpha (r - H/2) )
 *
 * of the original, which shears it upright and centres it. The row offset is
 * one constant of the image and the column offset one constant of each row, so
 * the four bilinear weights change per row and not per pixel: a row is a blend
 * of two source rows, then a blend of that with itself shifted by one.
 */

import { types } from 'node:util';

import { describe, GlnError } from '../errors';

// Taken once: looking up a global for every row of 70,000 images costs seconds
// where code runs in a context of its own.
const { floor, max, min } = Math;

/** Options of {@link deskew}. */
export interface DeskewOptions {
  /** Columns of an image, at least 1; default 28. */
  width?: number;
  /** Rows of an image, at least 1; default 28. */
  height?: number;
  /**
   * Where the result is written: as long as `images`; either `images` itself
   * or memory apart from it. A new array by default.
   */
  out?: Float32Array;
}

/**
 * Deskews every image by its moments, with bilinear interpolation and zeros
 * outside the image.
 *
 * An image without mass (blank, or with a sum that is not positive and finite)
 * or without extent over its rows has no slant and is returned unchanged.
 *
 * @param images row-major images one after another, each `height * width` values
 * @returns `out`, or a new array of the same length
 * @throws GlnError `ERR_GLN_TYPE` when an array is no Float32Array;
 *   `ERR_GLN_OPTION` for a bad size; `ERR_GLN_SHAPE` when the length is no
 *   multiple of `height * width`, or `out` has another length or overlaps
 *   `images` in part.
 */
export function deskew(images: Float32Array, options: DeskewOptions = {}): Float32Array {
  const width = options.width ?? 28;
  const height = options.height ?? 28;
  checkDimension('width', width);
  checkDimension('height', height);
  checkArray('images', images);
  const size = width * height;
  if (images.length % size !== 0) {
    const message = `expected a multiple of ${height} x ${width} = ${size} values`;
    throw new GlnError('ERR_GLN_SHAPE', `images: ${message}, got ${images.length}`);
  }
  const out = options.out ?? new Float32Array(images.length);
  checkOut(out, images);

  const shear = new ImageShear(width, height);
  for (let start = 0; start < images.length; start += size) {
    shear.apply(images, out, start);
  }
  return out;
}

/** Moments and resampling of one image, with the scratch memory that they share. */
class ImageShear {
  // The image with a border of one zero pixel on every side, so that the
  // interpolation reads zeros outside without asking where it is.
  private readonly padded: Float64Array;
  private readonly stride: number;
  private readonly blended: Float64Array;
  private rowCentre = 0;
  private columnCentre = 0;
  private slant = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.stride = width + 2;
    this.padded = new Float64Array(this.stride * (height + 2));
    this.blended = new Float64Array(this.stride);
  }

  /** Deskews the image that starts at `start` of `images` to the same place of `out`. */
  apply(images: Float32Array, out: Float32Array, start: number): void {
    const { width, height } = this;
    if (!this.measure(images, start)) {
      if (out !== images) out.set(images.subarray(start, start + width * height), start);
      return;
    }
    const rowOffset = this.rowCentre - height / 2;
    const wholeRows = floor(rowOffset);
    const rowFraction = rowOffset - wholeRows;
    for (let row = 0; row < height; row++) {
      const columnOffset = this.columnCentre - width / 2 + this.slant * (row - height / 2);
      const target = start + row * width;
      this.blendRows(row + wholeRows, rowFraction);
      this.shiftRow(out, target, columnOffset);
    }
  }

  /** Copies an image and measures it; false when it has no slant to speak of. */
  private measure(images: Float32Array, start: number): boolean {
    const { width, height, stride, padded } = this;
    let mass = 0;
    let rowSum = 0;
    let columnSum = 0;
    let rowSquares = 0;
    let products = 0;
    for (let row = 0; row < height; row++) {
      const source = start + row * width;
      const target = (row + 1) * stride + 1;
      let rowMass = 0;
      let rowMoment = 0;
      for (let column = 0; column < width; column++) {
        const value = images[source + column];
        padded[target + column] = value;
        rowMass += value;
        rowMoment += value * column;
      }
      mass += rowMass;
      rowSum += rowMass * row;
      columnSum += rowMoment;
      rowSquares += rowMass * row * row;
      products += rowMoment * row;
    }
    if (!(mass > 0) || mass === Number.POSITIVE_INFINITY) return false;
    this.rowCentre = rowSum / mass;
    this.columnCentre = columnSum / mass;
    const rowVariance = rowSquares / mass - this.rowCentre * this.rowCentre;
    const covariance = products / mass - this.rowCentre * this.columnCentre;
    // Rounding leaves a tiny variance in an image of a single row: below this,
    // a quotient of the two would be noise.
    if (!(rowVariance > 1e-9 * height * height)) return false;
    this.slant = covariance / rowVariance;
    return Number.isFinite(this.slant);
  }

  /** Blends source rows `row` and `row + 1`, border included, into `blended`. */
  private blendRows(row: number, fraction: number): void {
    const { stride, padded, blended, height } = this;
    if (row < -1 || row >= height) {
      blended.fill(0);
      return;
    }
    const upper = (row + 1) * stride;
    const lower = upper + stride;
    for (let column = 0; column < stride; column++) {
      const above = padded[upper + column];
      const below = padded[lower + column];
      blended[column] = above + fraction * (below - above);
    }
  }

  /** Writes the blended row, read `offset` columns further right, to `out`. */
  private shiftRow(out: Float32Array, target: number, offset: number): void {
    const { width, blended } = this;
    const whole = floor(offset);
    const fraction = offset - whole;
    // Columns whose two source pixels both lie within the border; the rest is outside.
    const first = min(width, max(0, -1 - whole));
    const end = max(first, min(width, width - whole));
    out.fill(0, target, target + first);
    for (let column = first; column < end; column++) {
      const left = blended[column + whole + 1];
      const right = blended[column + whole + 2];
      out[target + column] = left + fraction * (right - left);
    }
    out.fill(0, target + end, target + width);
  }
}

function checkDimension(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected an integer >= 1, got ${describe(value)}`,
    );
  }
}

function checkArray(name: string, value: unknown): void {
  if (!types.isFloat32Array(value)) {
    throw new GlnError('ERR_GLN_TYPE', `${name}: expected a Float32Array, got ${describe(value)}`);
  }
}

function checkOut(out: Float32Array, images: Float32Array): void {
  checkArray('out', out);
  if (out.length !== images.length) {
    const message = `expected the length of images, ${images.length}, got ${out.length}`;
    throw new GlnError('ERR_GLN_SHAPE', `out: ${message}`);
  }
  if (out.buffer !== images.buffer || out.byteOffset === images.byteOffset) return;
  if (Math.abs(out.byteOffset - images.byteOffset) < images.byteLength) {
    const message = 'expected images itself or memory apart from it, got an overlap in part';
    throw new GlnError('ERR_GLN_SHAPE', `out: ${message}`);
  }
}
