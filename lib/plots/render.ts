/**
 * Draws plots, on a server and without a browser: SVG by `echarts`, PNG from that
 * by `@resvg/resvg-js`, both optional packages.
 */

import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';

import { describe, GlnError } from '../errors';
import { barOption, lineOption } from './cartesian';
import { checkPlot } from './check';
import { findFonts } from './fonts';
import { heatMapOption } from './heat-map';
import { imageGridOption, imageGridSize } from './images';
import { type ChartLibrary, loadPeer, type Rasteriser } from './peers';
import { scatterOption } from './scatter';
import { stillPicture } from './svg';
import type { ChartOption } from './theme';
import type { PictureSize, Plot } from './types';

/** Options of {@link savePlot}. */
export interface SavePlotOptions {
  /** Width in CSS pixels, 200 to 10,000; default 900, or what a grid of images needs. */
  width?: number;
  /** Height in CSS pixels, 150 to 10,000; default 560, or what a grid of images needs. */
  height?: number;
  /** PNG only: pixels of the file a CSS pixel, above 0, to 8; default 2. */
  pixelRatio?: number;
  /** `false` leaves title and subtitle out, for a place that has a heading. Default `true`. */
  title?: boolean;
}

/** Options of {@link renderPlot}. */
export interface RenderPlotOptions extends SavePlotOptions {
  /** `svg` (default) gives text, `png` the bytes of a file. */
  format?: 'svg' | 'png';
}

const LARGEST_SIDE = 10_000;
const USUAL_SIZE: PictureSize = { width: 900, height: 560 };

/**
 * Draws a plot.
 *
 * @returns the text of an SVG file, or the bytes of a PNG file of
 *   `width * pixelRatio` by `height * pixelRatio` pixels
 * @throws GlnError `ERR_GLN_DEPENDENCY` when `echarts` is not installed, or for
 *   PNG `@resvg/resvg-js` or any font; `ERR_GLN_OPTION`, `ERR_GLN_SHAPE` or
 *   `ERR_GLN_VALUE` for a mistake in the plot or the options
 */
export function renderPlot(plot: Plot, options?: RenderPlotOptions & { format?: 'svg' }): string;
export function renderPlot(plot: Plot, options: RenderPlotOptions & { format: 'png' }): Uint8Array;
export function renderPlot(plot: Plot, options: RenderPlotOptions): string | Uint8Array;
export function renderPlot(plot: Plot, options: RenderPlotOptions = {}): string | Uint8Array {
  const { format = 'svg', pixelRatio = 2 } = options;
  if (format !== 'svg' && format !== 'png') {
    const message = `expected 'svg' or 'png', got ${describe(format)}`;
    throw new GlnError('ERR_GLN_OPTION', `format: ${message}`);
  }
  requireRange('pixelRatio', pixelRatio, Number.MIN_VALUE, 8);
  checkPlot(plot);
  const usual = plot.type === 'imageGrid' ? imageGridSize(plot) : USUAL_SIZE;
  const { width = usual.width, height = usual.height } = options;
  requireRange('width', width, 200, LARGEST_SIDE);
  requireRange('height', height, 150, LARGEST_SIDE);
  const shown = options.title === false ? { ...plot, title: '', subtitle: undefined } : plot;
  const label = plot.subtitle === undefined ? plot.title : `${plot.title}, ${plot.subtitle}`;
  const svg = stillPicture(drawSvg(shown, { width, height }), label);
  return format === 'svg' ? svg : rasterise(svg, pixelRatio);
}

/**
 * Draws a plot into a file, in the format that its name ends with: `.svg` or `.png`.
 *
 * @throws GlnError as {@link renderPlot}; `ERR_GLN_OPTION` for another ending,
 *   `ERR_GLN_IO` when the file cannot be written
 */
export async function savePlot(
  path: string,
  plot: Plot,
  options: SavePlotOptions = {},
): Promise<void> {
  const ending = typeof path === 'string' ? extname(path).toLowerCase() : '';
  if (ending !== '.svg' && ending !== '.png') {
    const message = `expected a file name that ends with .svg or .png, got ${describe(path)}`;
    throw new GlnError('ERR_GLN_OPTION', `path: ${message}`);
  }
  const picture = renderPlot(plot, { ...options, format: ending === '.svg' ? 'svg' : 'png' });
  try {
    await writeFile(path, picture);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GlnError('ERR_GLN_IO', `${path}: could not be written: ${reason}`, { cause });
  }
}

function drawSvg(plot: Plot, size: PictureSize): string {
  const library = loadPeer<ChartLibrary>('echarts');
  const chart = library.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(chartOption(plot, size));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function chartOption(plot: Plot, size: PictureSize): ChartOption {
  switch (plot.type) {
    case 'line':
      return lineOption(plot, size);
    case 'scatter':
      return scatterOption(plot);
    case 'bar':
      return barOption(plot, size);
    case 'heatMap':
      return heatMapOption(plot, size);
    case 'imageGrid':
      return imageGridOption(plot, size);
  }
}

/** @throws GlnError `ERR_GLN_DEPENDENCY` without `@resvg/resvg-js` or any font */
export function rasterise(svg: string, pixelRatio: number): Uint8Array {
  const rasteriser = loadPeer<Rasteriser>('@resvg/resvg-js');
  const font = findFonts(rasteriser);
  const options = { font, fitTo: { mode: 'zoom' as const, value: pixelRatio } };
  return new rasteriser.Resvg(svg, options).render().asPng();
}

function requireRange(name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    const range = least === Number.MIN_VALUE ? `above 0, to ${most}` : `from ${least} to ${most}`;
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected a number ${range}, got ${describe(value)}`,
    );
  }
}
