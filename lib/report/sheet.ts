/** All pictures of a report as one, in two columns. */
import { rasterise, renderPlot } from '../plots/render';
import { distinctIds } from './ids';
import type { ReportPlot } from './plots';

const WIDTH = 900;
const HEIGHT = 560;
const GAP = 24;
const COLUMNS = 2;

/** @throws GlnError `ERR_GLN_DEPENDENCY` */
export function onePicture(
  plots: readonly ReportPlot[],
  format: 'svg' | 'png',
): string | Uint8Array {
  const lines = Math.ceil(plots.length / COLUMNS);
  const width = COLUMNS * (WIDTH + GAP) + GAP;
  const height = lines * (HEIGHT + GAP) + GAP;
  const cells = plots.map(({ plot }, i) => {
    const x = GAP + (i % COLUMNS) * (WIDTH + GAP);
    const y = GAP + Math.floor(i / COLUMNS) * (HEIGHT + GAP);
    const svg = renderPlot(plot, { width: WIDTH, height: HEIGHT });
    return distinctIds(svg, i).replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`;
  const sheet =
    `${open} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="#fff"/>${cells.join('')}</svg>`;
  return format === 'svg' ? sheet : rasterise(sheet, 1);
}
