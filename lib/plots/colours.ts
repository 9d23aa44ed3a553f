/** Scales of colours: the bar that explains one, and letters that can be read on it. */

import { type ChartOption, SEQUENTIAL_COLOURS, TEXT_COLOUR } from './theme';

/** Room for a colour bar with its numbers, in pixels. */
export const BAR_ROOM = 116;
const BAR_MARGIN = 24;

/** The bar beside a picture. */
export function colourBar(
  name: string,
  low: number,
  high: number,
  colours: readonly string[],
  itemHeight = 220,
): ChartOption {
  return {
    type: 'continuous',
    min: low,
    max: high,
    orient: 'vertical',
    right: BAR_MARGIN,
    top: 'middle',
    itemWidth: 16,
    itemHeight,
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

/**
 * The colour of letters on the sequential scale: the one, dark or white, that
 * differs more in lightness.
 *
 * @param part where on the scale, from 0 to 1
 */
export function readableOn(part: number): string {
  const background = luminance(sequentialColour(part));
  const onDark = contrast(1, background);
  return onDark > contrast(luminance(channelsOf(TEXT_COLOUR)), background)
    ? '#ffffff'
    : TEXT_COLOUR;
}

/** Contrast as the accessibility guidelines (WCAG 2) define it, from 1 to 21. */
function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function sequentialColour(part: number): number[] {
  const place = Math.min(1, Math.max(0, part)) * (SEQUENTIAL_COLOURS.length - 1);
  const first = Math.min(Math.floor(place), SEQUENTIAL_COLOURS.length - 2);
  const [from, to] = [first, first + 1].map((i) => channelsOf(SEQUENTIAL_COLOURS[i]));
  return from.map((value, i) => value + (place - first) * (to[i] - value));
}

/** Red, green and blue of `#rrggbb`, from 0 to 1. */
function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255);
}

/** Relative luminance of sRGB, as in the same guidelines. */
function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
