/**
 * The one look of all pictures: colours, fonts and spacing.
 *
 * Series colours are those of Okabe and Ito, which people with any common colour
 * vision can tell apart; lines differ in their marks and dashes as well, for
 * black-and-white print.
 */

import { shortened } from './text';
import { tickText } from './ticks';
import type { PlotAxis } from './types';

/** An option object of the drawing library; it checks nothing, so neither does its type. */
export type ChartOption = Record<string, unknown>;

/** Asked for in SVG files: the first one that the viewer has is used. */
export const FONT_FAMILY = 'Open Sans, Helvetica Neue, Arial, DejaVu Sans, sans-serif';

export const SERIES_COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#8c8c00',
] as const;
export const SERIES_SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const;
/** Lengths of dashes and gaps in pixels, for lines without marks too: no two look alike in grey. */
export const SERIES_DASHES = [
  'solid',
  [9, 4],
  [2, 3],
  [12, 3, 2, 3],
  [5, 3],
  [14, 5],
  [12, 3, 2, 3, 2, 3],
  [2, 6],
] as const;

/** From nothing to much: light to dark blue, so that it also reads in grey. */
export const SEQUENTIAL_COLOURS = ['#f7fbff', '#c6dbef', '#6baed6', '#2171b5', '#08306b'] as const;
/** From below 0 (blue) over 0 (white) to above (vermilion). */
export const DIVERGING_COLOURS = ['#053c6b', '#4a98cf', '#ffffff', '#ee8450', '#8a2a06'] as const;

export const TEXT_COLOUR = '#222222';
export const QUIET_COLOUR = '#555555';
const GRID_COLOUR = '#dddddd';

/** Where the drawing area begins below title, subtitle and legend. */
export const HEADER = { title: 44, untitled: 10, subtitle: 22, legend: 32 } as const;
/** Of the names and numbers beside an axis. */
export const AXIS_FONT_SIZE = 13;

/** Options that every chart has. */
export function commonOption(plot: { title: string; subtitle?: string }): ChartOption {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    color: [...SERIES_COLOURS],
    textStyle: { fontFamily: FONT_FAMILY, fontSize: 13, color: TEXT_COLOUR },
    title: {
      text: plot.title,
      subtext: plot.subtitle ?? '',
      left: 16,
      top: 10,
      itemGap: 5,
      textStyle: { fontFamily: FONT_FAMILY, fontSize: 18, fontWeight: 700, color: TEXT_COLOUR },
      subtextStyle: { fontFamily: FONT_FAMILY, fontSize: 13, color: QUIET_COLOUR },
    },
  };
}

/** Height of title and subtitle. */
export function headerHeight(plot: { title: string; subtitle?: string }): number {
  const title = plot.title === '' ? HEADER.untitled : HEADER.title;
  return title + (plot.subtitle === undefined ? 0 : HEADER.subtitle);
}

/** `name (unit)`, or `name (unit, logarithmic)`. */
export function axisName({ name, unit, scale }: PlotAxis): string {
  const notes = [...(unit === undefined ? [] : [unit]), ...(scale === 'log' ? ['log scale'] : [])];
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
}

/**
 * A numeric axis.
 *
 * @param nameGap room between the axis and its name
 * @param ticks where it has numbers; by default the library chooses
 * @param text how they are written
 */
export function valueAxis(
  axis: PlotAxis,
  nameGap: number,
  ticks?: readonly number[],
  text: (value: number) => string = tickText,
): ChartOption {
  const base = axisBase(axisName(axis), nameGap);
  const custom = ticks === undefined ? {} : { customValues: [...ticks] };
  return {
    ...base,
    axisLabel: { ...base.axisLabel, formatter: text, ...custom },
    axisTick: { show: true, ...custom },
    type: axis.scale === 'log' ? 'log' : 'value',
    // The data's own range: accuracies near 100 % would be squeezed against 0.
    scale: true,
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
  };
}

/** An axis of names; those that take more than `width` pixels are shortened. */
export function categoryAxis(
  name: string,
  categories: readonly string[],
  nameGap: number,
  width: number,
): ChartOption & { axisLabel: ChartOption } {
  const base = axisBase(name, nameGap);
  const shown = categories.map((category) => shortened(category, width, AXIS_FONT_SIZE));
  return {
    ...base,
    type: 'category',
    // Numbers, since two names may be alike once they are short.
    data: categories.map((_, index) => index),
    axisLabel: {
      ...base.axisLabel,
      interval: 0,
      formatter: (index: number | string) => shown[Number(index)] ?? '',
    },
  };
}

function axisBase(name: string, nameGap: number): ChartOption & { axisLabel: ChartOption } {
  return {
    name,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: { fontFamily: FONT_FAMILY, fontSize: 14, color: TEXT_COLOUR },
    axisLabel: {
      fontFamily: FONT_FAMILY,
      fontSize: AXIS_FONT_SIZE,
      color: QUIET_COLOUR,
    },
    axisLine: { show: true, lineStyle: { color: QUIET_COLOUR } },
    axisTick: { show: true },
    splitLine: { lineStyle: { color: GRID_COLOUR } },
  };
}
