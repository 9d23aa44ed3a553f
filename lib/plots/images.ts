/** Grids of images in the drawing library's terms: coloured pixels with a colour bar. */

import { BAR_ROOM, colourBar } from './colours';
import {
  type ChartOption,
  commonOption,
  DIVERGING_COLOURS,
  headerHeight,
  QUIET_COLOUR,
  SEQUENTIAL_COLOURS,
  TEXT_COLOUR,
} from './theme';
import type { ImageGridPlot, PictureSize } from './types';

const MARGIN = 24;
const PANEL_GAP = 18;
const PANEL_TITLE = 24;

/** A size in which every image of the grid is at least 140 pixels wide. */
export function imageGridSize(plot: ImageGridPlot): PictureSize {
  const { columns, lines } = gridShape(plot);
  const cell = Math.max(1, Math.ceil(140 / plot.imageWidth));
  return {
    width: 2 * MARGIN + BAR_ROOM + columns * (cell * plot.imageWidth + PANEL_GAP),
    height: gridTop(plot) + MARGIN + lines * (cell * plot.imageHeight + PANEL_TITLE + PANEL_GAP),
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
