/**
 * Line and bar plots in the drawing library's terms.
 */

import { type DrawingArea, frame, hasMarks, NAME_GAP, ROOM } from './frame';
import { widestText } from './text';
import {
  AXIS_FONT_SIZE,
  type ChartOption,
  categoryAxis,
  QUIET_COLOUR,
  SERIES_COLOURS,
  SERIES_DASHES,
  SERIES_SYMBOLS,
  valueAxis,
} from './theme';
import { logTicks, shortTick, ticksUpTo } from './ticks';
import type { BarPlot, LinePlot, PictureSize, PlotAxis, PlotCounts, PlotSeries } from './types';

/** Height of the bars of counts, and their distance from the lines, in pixels. */
const COUNTS = { height: 56, gap: 16 } as const;
/** The part of a picture that names beside horizontal bars may take. */
const MOST_NAMES = 0.4;
const BAR_COLOUR = '#8aa9c0';

/** Lines, in the order given; the first colour goes to the first line that is no reference. */
export function lineOption(plot: LinePlot, size: PictureSize): ChartOption {
  const { option, area } = frame(plot, size);
  let drawn = 0;
  const series = plot.series.flatMap((line) => {
    if (line.reference === true) return [referenceLine(line)];
    const lines = [...rangeLines(line, drawn), markedLine(line, drawn)];
    drawn += 1;
    return lines;
  });
  const x = axisOf(plot.x, NAME_GAP.x, plot.series, 0);
  const y = axisOf(plot.y, NAME_GAP.y, plot.series, 1);
  const { counts } = plot;
  if (counts === undefined) return { ...option, grid: area, xAxis: x, yAxis: y, series };
  return { ...option, ...withCounts(counts, area, size, { x, y, series }) };
}

/** Bars of one category side by side, or end to end. */
export function barOption(plot: BarPlot, size: PictureSize): ChartOption {
  const { categories, categoryName, horizontal = false, stacked = false } = plot;
  const widest = Math.min(MOST_NAMES * size.width, widestText(categories, AXIS_FONT_SIZE) + 4);
  const left = horizontal ? widest + 40 : ROOM.left;
  const { option, area } = frame(plot, size, left);
  const width = horizontal ? widest : (size.width - left - ROOM.right) / categories.length - 6;
  // Bars stand for amounts, so their axis must contain 0.
  const amounts = { ...valueAxis(plot.y, horizontal ? NAME_GAP.x : NAME_GAP.y), scale: false };
  const names = {
    ...categoryAxis(categoryName, categories, horizontal ? widest + 14 : NAME_GAP.x, width),
    ...(horizontal && { inverse: true, axisTick: { show: false } }),
  };
  return {
    ...option,
    grid: area,
    xAxis: horizontal ? amounts : names,
    yAxis: horizontal ? names : amounts,
    series: plot.series.map(({ name, values }, index) => ({
      type: 'bar',
      name,
      data: [...values],
      itemStyle: { color: colour(index) },
      barMaxWidth: horizontal ? 28 : 64,
      barCategoryGap: '25%',
      ...(stacked && { stack: 'all' }),
    })),
  };
}

/** Lines above, bars of counts below, one x axis for both. */
function withCounts(
  { name, bins }: PlotCounts,
  area: DrawingArea,
  { height }: PictureSize,
  { x, y, series }: { x: ChartOption; y: ChartOption; series: ChartOption[] },
): ChartOption {
  const top = height - area.bottom - COUNTS.height;
  const most = Math.max(...bins.map(({ count }) => count));
  const side = valueAxis({ name, min: 0, max: most }, NAME_GAP.y, [0, most], shortTick);
  const corners = bins.map(({ low, high, count }) => ({
    // An area is drawn as a path: up, along, and down again.
    data: [low, low, high, high].map((at, i) => [at, i === 0 || i === 3 ? 0 : count]),
  }));
  return {
    grid: [
      { ...area, bottom: height - top + COUNTS.gap },
      { ...area, top },
    ],
    xAxis: [
      { ...x, name: '', axisLabel: { show: false }, axisTick: { show: false } },
      { ...x, gridIndex: 1, splitLine: { show: false } },
    ],
    yAxis: [y, { ...side, gridIndex: 1, splitLine: { show: false } }],
    series: [
      ...series,
      ...corners.map((corner) => ({
        ...corner,
        type: 'line',
        xAxisIndex: 1,
        yAxisIndex: 1,
        showSymbol: false,
        lineStyle: { width: 1, color: QUIET_COLOUR },
        areaStyle: { color: BAR_COLOUR, opacity: 1 },
      })),
    ],
  };
}

/**
 * A logarithmic axis shows the data's own range: whole powers of ten may leave half of
 * it empty. One that ends at a given number has a tick there.
 */
function axisOf(
  axis: PlotAxis,
  nameGap: number,
  series: readonly PlotSeries[],
  coordinate: 0 | 1,
): ChartOption {
  const isOpen = axis.max !== undefined && axis.min === undefined;
  if (axis.scale !== 'log' && !isOpen) return valueAxis(axis, nameGap);
  const values = series.flatMap(({ points }) => points.map((point) => point[coordinate]));
  const low = axis.min ?? values.reduce((least, value) => Math.min(least, value));
  const high = axis.max ?? values.reduce((most, value) => Math.max(most, value));
  if (axis.scale !== 'log') {
    const ticks = ticksUpTo(high, low);
    return valueAxis({ ...axis, min: ticks[0] }, nameGap, ticks);
  }
  // One value alone stands in the middle.
  const [min, max] = low < high ? [low, high] : [low / 2, low * 2];
  return valueAxis({ ...axis, min, max }, nameGap, logTicks(min, max));
}

function referenceLine({ name, points }: PlotSeries): ChartOption {
  return {
    type: 'line',
    name,
    data: points.map(([x, y]) => [x, y]),
    showSymbol: false,
    symbol: 'none',
    itemStyle: { color: QUIET_COLOUR },
    lineStyle: { type: 'dashed', width: 1.5, color: QUIET_COLOUR },
  };
}

function markedLine(line: PlotSeries, index: number): ChartOption {
  const { name, points, ranges } = line;
  const showSymbol = hasMarks(line);
  // Where each point has its own uncertainty, the line between them says little.
  const width = ranges === undefined ? 2.5 : 1.25;
  return {
    type: 'line',
    name,
    data: points.map(([x, y]) => [x, y]),
    showSymbol,
    // The legend shows what the line has.
    symbol: showSymbol ? SERIES_SYMBOLS[index % SERIES_SYMBOLS.length] : 'none',
    symbolSize: 8,
    itemStyle: { color: colour(index) },
    lineStyle: { width, type: dash(index, showSymbol), color: colour(index) },
  };
}

/** Marks tell lines apart until all colours were used; without them dashes do from the start. */
function dash(index: number, marked: boolean): (typeof SERIES_DASHES)[number] {
  const place = marked ? Math.floor(index / SERIES_COLOURS.length) : index;
  return SERIES_DASHES[place % SERIES_DASHES.length];
}

/** One line with gaps: from the lowest to the highest value of each point. */
function rangeLines({ points, ranges }: PlotSeries, index: number): ChartOption[] {
  if (ranges === undefined) return [];
  const data = points.flatMap(([x], i) => [
    [x, ranges[i][0]],
    [x, ranges[i][1]],
    [x, '-'],
  ]);
  return [
    {
      type: 'line',
      data,
      showSymbol: false,
      lineStyle: { width: 1.25, color: colour(index), opacity: 0.75 },
    },
  ];
}

function colour(index: number): string {
  return SERIES_COLOURS[index % SERIES_COLOURS.length];
}
