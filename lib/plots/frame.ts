/** What surrounds lines and bars: title, legend, and the drawing area that is left. */

import { textWidth } from './text';
import { type ChartOption, commonOption, HEADER, headerHeight, TEXT_COLOUR } from './theme';
import type { BarPlot, LinePlot, PictureSize, PlotSeries } from './types';

/** Room for the axes' numbers and names, in pixels. */
export const ROOM = { left: 76, bottom: 64, right: 28 } as const;
/** From an axis to its name. */
export const NAME_GAP = { x: 34, y: 50 } as const;

/** More marks than this hide the line that they stand on. */
const MOST_MARKS = 24;
/** A line of the legend is as high as its gap and 14 pixels, which are `HEADER.legend`. */
const LEGEND = { font: 13, mark: 34, gap: 18 } as const;

type BarSeries = BarPlot['series'][number];

/** Where the drawing area is, by its distances from the picture's edges. */
export interface DrawingArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Title and legend, and the drawing area below them. */
export function frame(
  plot: LinePlot | BarPlot,
  size: PictureSize,
  left: number = ROOM.left,
): { option: ChartOption; area: DrawingArea } {
  const header = headerHeight(plot);
  // One line needs no legend: the title and the axis say what it is.
  const show = plot.series.length > 1;
  const lines = legendLines(plot.series, size.width - ROOM.left - ROOM.right);
  const option = {
    ...commonOption(plot),
    legend: {
      show,
      type: 'plain',
      left: ROOM.left,
      // Lines are broken below, so there is room to err.
      right: 0,
      top: header,
      itemGap: LEGEND.gap,
      itemWidth: LEGEND.mark,
      textStyle: { fontSize: LEGEND.font, color: TEXT_COLOUR },
      data: lines.flatMap((line, i) => (i === 0 ? line : [{ name: '\n' }, ...line])),
    },
  };
  const legend = show ? HEADER.legend * lines.length : 0;
  const top = header + 10 + legend;
  return { option, area: { left, right: ROOM.right, top, bottom: ROOM.bottom } };
}

/** Lines without marks must not have any in the legend. */
function legendEntry(series: BarSeries | PlotSeries): ChartOption {
  const { name } = series;
  return 'points' in series && !hasMarks(series) ? { name, itemStyle: { opacity: 0 } } : { name };
}

/** Whether a line has marks at its points; many would hide it. */
export function hasMarks({ points, reference = false }: PlotSeries): boolean {
  return !reference && points.length <= MOST_MARKS;
}

/** Lines of the legend, filled as words fill lines; the library's own would be anybody's guess. */
function legendLines(series: readonly (BarSeries | PlotSeries)[], room: number): ChartOption[][] {
  const lines: ChartOption[][] = [];
  let used = room;
  for (const one of series) {
    const width = LEGEND.mark + 5 + textWidth(one.name, LEGEND.font) + LEGEND.gap;
    if (used + width > room) {
      lines.push([]);
      used = 0;
    }
    lines[lines.length - 1].push(legendEntry(one));
    used += width;
  }
  return lines;
}
