/**
 * Pictures of how a model learned and predicts, in one file: a page that opens
 * without a network, or one picture of all of them.
 */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { describe, GlnError } from '../errors';
import { checkPlot } from '../plots/check';
import { htmlPage } from './page';
import { type ReportContent, reportPlots } from './plots';
import { onePicture } from './sheet';

export type { ReportContent } from './plots';

const ENDINGS = ['.html', '.svg', '.png'] as const;

/**
 * Writes a report, in the form that the file's name ends with.
 *
 * @param path ends with `.html`, `.svg` or `.png`
 * @throws GlnError `ERR_GLN_OPTION` for another ending, `ERR_GLN_DEPENDENCY` when
 *   `echarts` is not installed, or for PNG `@resvg/resvg-js` or any font;
 *   `ERR_GLN_IO` when the file cannot be written
 */
export async function writeReport(path: string, content: ReportContent): Promise<void> {
  const ending = ENDINGS.find((known) => known === extname(path).toLowerCase());
  if (ending === undefined) {
    const message = `expected a file name that ends with ${ENDINGS.join(', ')}`;
    throw new GlnError('ERR_GLN_OPTION', `path: ${message}, got ${describe(path)}`);
  }
  const plots = reportPlots(content);
  for (const { plot } of plots) checkPlot(plot);
  const bytes =
    ending === '.html'
      ? htmlPage(content, plots)
      : onePicture(plots, ending === '.svg' ? 'svg' : 'png');
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GlnError('ERR_GLN_IO', `${path}: could not be written: ${reason}`, { cause });
  }
}
