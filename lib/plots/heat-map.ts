/** Heat maps in the drawing library's terms: a table of coloured cells with a colour bar. */

import { BAR_ROOM, colourBar, readableOn } from './colours';
import { textWidth, widestText } from './text';
import {
  AXIS_FONT_SIZE,
  type ChartOption,
  categoryAxis,
  commonOption,
  headerHeight,
  SEQUENTIAL_COLOURS,
} from './theme';
import type { HeatMapPlot, PictureSize } from './types';

const MARGIN = 16;
/** Room for the name of an axis. */
const NAME_ROOM = 34;
/** The part of a picture that names beside the cells may take. */
const MOST_NAMES = 0.25;
const LABEL_SIZE = 12;

/** A table of coloured cells, its first row at the top. */
export function heatMapOption(plot: HeatMapPlot, size: PictureSize): ChartOption {
  const { rows, columns } = plot;
  const top = headerHeight(plot) + 14;
  const rowNames = roomFor(rows, MOST_NAMES * size.width);
  const left = NAME_ROOM + rowNames;
  const right = BAR_ROOM + MARGIN;
  const cellWidth = (size.width - left - right) / columns.length;
  // Names that do not fit side by side stand upright.
  const upright = widestText(columns, AXIS_FONT_SIZE) > cellWidth - 6;
  const columnNames = upright ? roomFor(columns, MOST_NAMES * size.height) : 24;
  const bottom = NAME_ROOM + columnNames;
  const cellHeight = (size.height - top - bottom) / rows.length;
  const fontSize = Math.max(8, Math.min(AXIS_FONT_SIZE, cellHeight, upright ? cellWidth : 99));
  const xAxis = categoryAxis(
    plot.columnName,
    columns,
    columnNames + 10,
    upright ? columnNames - 10 : cellWidth,
  );
  const yAxis = categoryAxis(plot.rowName, rows, rowNames + 8, rowNames - 10);
  return {
    ...commonOption(plot),
    grid: { left, right, top, bottom },
    xAxis: {
      ...xAxis,
      axisTick: { show: false },
      axisLabel: { ...xAxis.axisLabel, fontSize, ...(upright && { rotate: 90 }) },
    },
    yAxis: {
      ...yAxis,
      axisTick: { show: false },
      axisLabel: { ...yAxis.axisLabel, fontSize },
      inverse: true,
    },
    ...cells(plot, Math.min(200, size.height - top - bottom - 60), cellWidth, cellHeight),
  };
}

/** Room for names beside an axis: what the longest needs, within a limit. */
function roomFor(names: readonly string[], most: number): number {
  return Math.min(most, widestText(names, AXIS_FONT_SIZE) + 16);
}

function cells(
  { values, labels, valueName, min, max }: HeatMapPlot,
  barHeight: number,
  cellWidth: number,
  cellHeight: number,
): ChartOption {
  const all = values.flat();
  const low = min ?? all.reduce((least, value) => Math.min(least, value));
  const highest = max ?? all.reduce((most, value) => Math.max(most, value));
  const high = highest > low ? highest : low + 1;
  const texts = labels ?? [];
  // Letters that touch their neighbours cannot be read: then colours speak alone.
  const fits =
    cellHeight >= LABEL_SIZE + 2 &&
    texts
      .flat()
      .every((text) =>
        text.split('\n').every((line) => textWidth(line, LABEL_SIZE) <= cellWidth - 2),
      );
  const data = values.flatMap((line, row) =>
    line.map((value, column) => ({
      value: [column, row, value],
      label: {
        formatter: texts[row]?.[column] ?? '',
        color: readableOn((value - low) / (high - low)),
      },
    })),
  );
  return {
    visualMap: colourBar(valueName, low, high, SEQUENTIAL_COLOURS, barHeight),
    series: [
      {
        type: 'heatmap',
        data,
        label: { show: fits, fontSize: LABEL_SIZE, lineHeight: 16 },
        itemStyle: { borderColor: '#ffffff', borderWidth: 1 },
      },
    ],
  };
}
