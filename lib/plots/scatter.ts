/** Clouds of points in the drawing library's terms, and what may be wrong with one. */

import { describe, GlnError } from '../errors';
import { NAME_GAP, ROOM } from './frame';
import {
  axisName,
  type ChartOption,
  commonOption,
  headerHeight,
  QUIET_COLOUR,
  SERIES_COLOURS,
  valueAxis,
} from './theme';
import type { ScatterPlot } from './types';

/** From the title to the drawing area, in pixels. */
const GAP = 12;

/** Points that show where many of them lie, above the line that they are compared with. */
export function scatterOption(plot: ScatterPlot): ChartOption {
  const { reference } = plot;
  const line = {
    type: 'line',
    name: reference?.name,
    data: reference?.points.map(([x, y]) => [x, y]),
    showSymbol: false,
    symbol: 'none',
    lineStyle: { type: 'dashed', width: 1.5, color: QUIET_COLOUR },
  };
  const points = {
    type: 'scatter',
    data: plot.points.map(([x, y]) => [x, y]),
    symbolSize: 6,
    itemStyle: { color: SERIES_COLOURS[0], opacity: 0.45 },
  };
  return {
    ...commonOption(plot),
    grid: { ...ROOM, top: headerHeight(plot) + GAP },
    xAxis: valueAxis(plot.x, NAME_GAP.x),
    yAxis: valueAxis(plot.y, NAME_GAP.y),
    series: reference === undefined ? [points] : [line, points],
    aria: { enabled: true, label: { description: `${plot.title}: ${axisName(plot.y)}` } },
  };
}

/** @throws GlnError `ERR_GLN_OPTION` without points, `ERR_GLN_VALUE` for one that is not finite */
export function checkPoints(name: string, points: ScatterPlot['points']): void {
  if (!Array.isArray(points) || points.length === 0) {
    const message = `expected an array of at least one, got ${describe(points)}`;
    throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
  }
  for (const [i, point] of points.entries()) {
    if (Number.isFinite(point[0]) && Number.isFinite(point[1])) continue;
    const message = `expected two finite numbers, got ${describe(point[0])} and ${describe(point[1])}`;
    throw new GlnError('ERR_GLN_VALUE', `${name}[${i}]: ${message}`);
  }
}
