/** Pictures of a run (`--report`), with what the command line knows of columns. */
import { extname } from 'node:path';
import { describe } from '../errors';
import type { Fact } from '../report/content';
import { usageError } from './errors';
import type { CliTask, CurvePoint, RunMetrics } from './tasks/task';

/** What a report is made of. */
export interface ReportedRun {
  title: string;
  task: CliTask;
  /** Of all rows that were predicted. */
  metrics: RunMetrics<unknown>;
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
  const { title, task, metrics, curve, sample, rowsPerSecond, measured } = run;
  const { model, schema, layers } = task;
  const written = (value: number): string => value.toLocaleString('en-US');
  const facts: Fact[] = [
    ['target', schema.target.name],
    ['columns', written(schema.inputs.length)],
    ['layers', layers.join('-')],
    ['rows learned', written(model.rowsSeen)],
    ['rows a second', written(Math.round(rowsPerSecond))],
    ['measured on', measured],
  ];
  await task.report(path, { title, facts }, { metrics, curve, sample });
}
