/**
 * Pictures of how a model learned and predicts, in one file: a page that opens
 * without a network, or one picture of all of them.
 */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { describe, GlnError } from '../errors';
import { checkPlot } from '../plots/check';
import type { ReportContent, ReportDocument } from './content';
import { htmlPage } from './page';
import { reportPlots } from './plots';
import { onePicture } from './sheet';
import { reportTables } from './tables';

export type { LearningPoint, ReportContent, ReportDocument } from './content';

const ENDINGS = ['.html', '.svg', '.png'] as const;

/**
 * Writes the report of a classifier, in the form that the file's name ends with.
 *
 * @param path ends with `.html`, `.svg` or `.png`
 * @throws GlnError as {@link writeDocument}
 */
export async function writeReport(path: string, given: ReportContent): Promise<void> {
  const classNames = given.classNames.map((name) => (name === '' ? '(empty)' : name));
  const content = { ...given, classNames };
  const { title, facts } = content;
  await writeDocument(path, {
    ...{ title, facts },
    plots: reportPlots(content),
    tables: reportTables(content),
  });
}

/**
 * Writes pictures and tables, in the form that the file's name ends with; a picture
 * has no tables.
 *
 * @param path ends with `.html`, `.svg` or `.png`
 * @throws GlnError `ERR_GLN_OPTION` for another ending, `ERR_GLN_DEPENDENCY` when
 *   `echarts` is not installed, or for PNG `@resvg/resvg-js` or any font;
 *   `ERR_GLN_IO` when the file cannot be written
 */
export async function writeDocument(path: string, document: ReportDocument): Promise<void> {
  const ending = ENDINGS.find((known) => known === extname(path).toLowerCase());
  if (ending === undefined) {
    const message = `expected a file name that ends with ${ENDINGS.join(', ')}`;
    throw new GlnError('ERR_GLN_OPTION', `path: ${message}, got ${describe(path)}`);
  }
  for (const { plot } of document.plots) checkPlot(plot);
  const bytes =
    ending === '.html'
      ? htmlPage(document)
      : onePicture(document, ending === '.svg' ? 'svg' : 'png');
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GlnError('ERR_GLN_IO', `${path}: could not be written: ${reason}`, { cause });
  }
}
