/**
 * Heat maps and grids of images in the drawing library's terms: pictures made of
 * coloured cells with a colour bar.
 */

import {
  type ChartOption,
  categoryAxis,
  commonOption,
  DIVERGING_COLOURS,
  headerHeight,
  QUIET_COLOUR,
  SEQUENTIAL_COLOURS,
  TEXT_COLOUR,
} from './theme';
import type { HeatMapPlot, ImageGridPlot } from './types';

/** Room for a colour bar with its numbers, in pixels. */
const BAR_ROOM = 116;
const MARGIN = 24;
const PANEL_GAP = 18;
const PANEL_TITLE = 24;

/** The size of a picture in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** A size in which every image of the grid is at least 140 pixels wide. */
export function imageGridSize(plot: ImageGridPlot): PictureSize {
  const { columns, lines } = gridShape(plot);
  const cell = Math.max(1, Math.ceil(140 / plot.imageWidth));
  return {
    width: 2 * MARGIN + BAR_ROOM + columns * (cell * plot.imageWidth + PANEL_GAP),
    height: gridTop(plot) + MARGIN + lines * (cell * plot.imageHeight + PANEL_TITLE + PANEL_GAP),
  };
}

/** A table of coloured cells, its first row at the top. */
export function heatMapOption(plot: HeatMapPlot): ChartOption {
  const header = headerHeight(plot);
  const all = plot.values.flat();
  const low = Math.min(...all);
  const high = Math.max(...all);
  const middle = (low + high) / 2;
  const data = plot.values.flatMap((line, row) =>
    line.map((value, column) => ({
      value: [column, row, value],
      label: {
        formatter: plot.labels?.[row]?.[column] ?? '',
        // Dark cells get light letters.
        color: value > middle ? '#ffffff' : TEXT_COLOUR,
      },
    })),
  );
  return {
    ...commonOption(plot),
    grid: { left: 96, right: BAR_ROOM + MARGIN, top: header + 14, bottom: 66 },
    xAxis: { ...categoryAxis(plot.columnName, plot.columns, 34), axisTick: { show: false } },
    yAxis: {
      ...categoryAxis(plot.rowName, plot.rows, 62),
      axisTick: { show: false },
      inverse: true,
    },
    visualMap: colourBar(plot.valueName, low, high === low ? low + 1 : high, SEQUENTIAL_COLOURS),
    series: [
      {
        type: 'heatmap',
        data,
        label: { show: plot.labels !== undefined, fontSize: 12 },
        itemStyle: { borderColor: '#ffffff', borderWidth: 1 },
      },
    ],
  };
}

/**
 * Images with a title each. Cells are a whole number of pixels wide wherever
 * there is room: fractions would leave hairlines between them.
 */
export function imageGridOption(plot: ImageGridPlot, size: PictureSize): ChartOption {
  const { imageWidth, imageHeight, images } = plot;
  const { columns, lines } = gridShape(plot);
  const header = gridTop(plot);
  const roomX = (size.width - 2 * MARGIN - BAR_ROOM - PANEL_GAP * columns) / columns;
  const roomY = (size.height - header - MARGIN - (PANEL_TITLE + PANEL_GAP) * lines) / lines;
  const fit = Math.min(roomX / imageWidth, roomY / imageHeight);
  const cell = fit >= 1 ? Math.floor(fit) : Math.max(fit, 0.1);
  const width = cell * imageWidth;
  const height = cell * imageHeight;
  const limit = plot.limit ?? largestMagnitude(images);
  const [least, colours] =
    plot.colours === 'sequential' ? [0, SEQUENTIAL_COLOURS] : [-limit, DIVERGING_COLOURS];
  const place = (index: number): { left: number; top: number } => ({
    left: MARGIN + (index % columns) * (width + PANEL_GAP),
    top: header + PANEL_TITLE + Math.floor(index / columns) * (height + PANEL_TITLE + PANEL_GAP),
  });
  const hidden = { show: false, type: 'category' };
  return {
    ...commonOption(plot),
    grid: images.map((_, index) => ({
      ...place(index),
      width,
      height,
      show: true,
      borderColor: QUIET_COLOUR,
      borderWidth: 1,
      backgroundColor: 'transparent',
    })),
    graphic: images.map(({ title }, index) => ({
      type: 'text',
      left: place(index).left,
      top: place(index).top - PANEL_TITLE + 4,
      style: { text: title, fontSize: 14, fontWeight: 600, fill: TEXT_COLOUR },
    })),
    xAxis: images.map((_, index) => ({
      ...hidden,
      gridIndex: index,
      data: Array.from({ length: imageWidth }, (_value, column) => column),
    })),
    yAxis: images.map((_, index) => ({
      ...hidden,
      gridIndex: index,
      inverse: true,
      data: Array.from({ length: imageHeight }, (_value, row) => row),
    })),
    visualMap: {
      ...colourBar(plot.valueName, least, limit, colours),
      // Beside the images, which may not fill the picture.
      right: 'auto',
      left: MARGIN + columns * (width + PANEL_GAP) + 12,
      top: header + PANEL_TITLE,
    },
    series: images.map(({ values }, index) => ({
      type: 'heatmap',
      xAxisIndex: index,
      yAxisIndex: index,
      progressive: 0,
      data: Array.from(values, (value, position) => [
        position % imageWidth,
        Math.floor(position / imageWidth),
        value,
      ]),
    })),
  };
}

function gridShape({ gridColumns = 5, images }: ImageGridPlot): { columns: number; lines: number } {
  const columns = Math.min(gridColumns, images.length);
  return { columns, lines: Math.ceil(images.length / columns) };
}

/** Where the first line of images begins. */
function gridTop(plot: ImageGridPlot): number {
  return headerHeight(plot) + 8;
}

function largestMagnitude(images: ImageGridPlot['images']): number {
  let largest = 0;
  for (const { values } of images) {
    for (let position = 0; position < values.length; position++) {
      largest = Math.max(largest, Math.abs(values[position]));
    }
  }
  return largest === 0 ? 1 : largest;
}

function colourBar(
  name: string,
  low: number,
  high: number,
  colours: readonly string[],
): ChartOption {
  return {
    type: 'continuous',
    min: low,
    max: high,
    orient: 'vertical',
    right: MARGIN,
    top: 'middle',
    itemWidth: 16,
    itemHeight: 220,
    align: 'left',
    // Without handles the ends carry the extremes; the name stands above them.
    text: [`${name}\n\n${shortNumber(high)}`, shortNumber(low)],
    textGap: 8,
    textStyle: { fontSize: 12, color: TEXT_COLOUR },
    inRange: { color: [...colours] },
  };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
