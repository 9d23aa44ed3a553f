/** All pictures of a report as one, in two columns below its title. */
import { rasterise, renderPlot } from '../plots/render';
import { escapeMarkup } from '../plots/svg';
import { shortened } from '../plots/text';
import { FONT_FAMILY, QUIET_COLOUR, TEXT_COLOUR } from '../plots/theme';
import type { PictureSize } from '../plots/types';
import type { ReportDocument, ReportPlot } from './content';
import { distinctIds } from './ids';

const GAP = 24;
const COLUMN = 640;
const WIDTH = 2 * COLUMN + 3 * GAP;
const NARROW: PictureSize = { width: COLUMN, height: 480 };
const WIDE: PictureSize = { width: WIDTH - 2 * GAP, height: 720 };
const HEADER = { height: 92, title: 26, facts: 14 } as const;
/** Pixels of a PNG file for each pixel of the picture, so that small letters are sharp. */
const PIXEL_RATIO = 2;

/** @throws GlnError `ERR_GLN_DEPENDENCY` */
export function onePicture(document: ReportDocument, format: 'svg' | 'png'): string | Uint8Array {
  const { title, facts, plots } = document;
  const cells: string[] = [];
  let top = HEADER.height;
  for (const [line, group] of linesOf(plots).entries()) {
    const size = group[0].wide === true ? WIDE : NARROW;
    for (const [column, { plot }] of group.entries()) {
      const place = `x="${GAP + column * (COLUMN + GAP)}" y="${top}"`;
      const svg = distinctIds(renderPlot(plot, size), 2 * line + column);
      cells.push(svg.replace('<svg ', `<svg ${place} `));
    }
    top += size.height + GAP;
  }
  const words = facts.map(([name, value]) => `${name}: ${value}`).join(' · ');
  const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`;
  const sheet =
    `${open} role="img" aria-label="${escapeMarkup(title)}" width="${WIDTH}" height="${top}" ` +
    `viewBox="0 0 ${WIDTH} ${top}"><rect width="100%" height="100%" fill="#fff"/>` +
    textLine(title, 44, HEADER.title, TEXT_COLOUR, 700) +
    textLine(words, 74, HEADER.facts, QUIET_COLOUR, 400) +
    `${cells.join('')}</svg>`;
  return format === 'svg' ? sheet : rasterise(sheet, PIXEL_RATIO);
}

/** Two pictures a line, wide ones alone. */
function linesOf(plots: readonly ReportPlot[]): ReportPlot[][] {
  const lines: ReportPlot[][] = [];
  for (const plot of plots) {
    const last = lines.at(-1);
    const fits = last?.length === 1 && last[0].wide !== true && plot.wide !== true;
    if (fits) last.push(plot);
    else lines.push([plot]);
  }
  return lines;
}

function textLine(text: string, y: number, size: number, colour: string, weight: number): string {
  const shown = escapeMarkup(shortened(text, WIDTH - 4 * GAP, size));
  const style = `font-size:${size}px;font-family:${FONT_FAMILY};font-weight:${weight};`;
  return `<text x="${GAP + 16}" y="${y}" fill="${colour}" style="${style}" xml:space="preserve">${shown}</text>`;
}
