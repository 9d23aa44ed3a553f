/** Pictures of a run (`--report`), with what the command line knows of columns. */
import { extname } from 'node:path';
import { describe } from '../errors';
import type { GLN } from '../gln';
import type { RunningMetrics } from '../metrics/running';
import { writeReport } from '../report';
import { meanContributions } from './attribution';
import type { Schema } from './data/schema';
import { usageError } from './errors';
import type { CurvePoint } from './model-file';

/** What a report is made of. */
export interface ReportedRun {
  title: string;
  model: GLN;
  schema: Schema;
  /** Of all rows that were predicted. */
  metrics: RunningMetrics;
  curve: readonly CurvePoint[];
  /** Rows that the features' contributions are averaged over. */
  sample: Float32Array;
  rowsPerSecond: number;
  /** Which rows the metrics are of. */
  measured: string;
}

/** Before anything is learned. @throws GlnError `ERR_GLN_OPTION` */
export function checkReportPath(path: string): void {
  if (['.html', '.svg', '.png'].includes(extname(path).toLowerCase())) return;
  throw usageError(
    `--report: expected a name that ends with .html, .svg or .png, got ${describe(path)}`,
  );
}

/** Writes the pictures. @throws GlnError `ERR_GLN_DEPENDENCY`, `ERR_GLN_IO` */
export async function reportTraining(path: string, run: ReportedRun): Promise<void> {
  const { title, model, schema, metrics, curve, sample, rowsPerSecond, measured } = run;
  const written = (value: number): string => value.toLocaleString('en-US');
  await writeReport(path, {
    title,
    metrics,
    classNames: schema.target.classes,
    learning: curve,
    contributions: meanContributions(model, schema, sample),
    facts: [
      ['target', schema.target.name],
      ['columns', written(schema.inputs.length)],
      ['layers', [...model.options.layerSizes, 1].join('-')],
      ['rows learned', written(model.rowsSeen)],
      ['rows a second', written(Math.round(rowsPerSecond))],
      ['measured on', measured],
    ],
  });
}
