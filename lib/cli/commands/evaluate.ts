/** `gln evaluate`: how good a model is, on rows that it has not learned. */
import type { Command } from 'commander';
import { type CliContext, printResult } from '../context';
import { openData } from '../data/open';
import { makeSchema } from '../data/profile';
import { checkedRows, type DataSource } from '../data/source';
import { startDisplay } from '../display';
import { DataError, usageError } from '../errors';
import { ExitCode } from '../exit-codes';
import {
  type ColumnFlags,
  columnFlags,
  type DataFlags,
  dataFlags,
  modelFlags,
  type NetworkFlags,
  networkFlags,
  number,
  openOptions,
  outputFlags,
  schemaFlags,
  shuffleSeed,
} from '../flags';
import { withInterrupt } from '../interrupt';
import { loadCliModel } from '../model-file';
import { makeModel } from '../models';
import { checkReportPath, reportTraining } from '../reports';
import { paragraphs, skippedText, thousands } from '../summary';
import type { CliTask, CurvePoint, RunMetrics } from '../tasks/task';
import { chosenRows, countSkipped, learnTable, type Skipped } from '../training';
import type { CliRun } from './command';

interface EvaluateFlags extends DataFlags, ColumnFlags, NetworkFlags {
  model?: string;
  prequential?: boolean;
  holdout?: number;
  report?: string;
}

export function defineEvaluate(program: Command, run: CliRun): void {
  const command = program
    .command('evaluate')
    .summary('measure a model')
    .description(
      'With --model: tests it on the data, learning nothing. With --prequential: each row is ' +
        'predicted, then learned. With --holdout: a new model learns one part of the rows and is ' +
        'tested on the rest. The file of a model is never changed.',
    );
  outputFlags(networkFlags(columnFlags(dataFlags(command))))
    .option('-m, --model <file>', 'the model to test; else a new one')
    .option('--prequential', 'predict, then learn each row')
    .option(
      '--holdout <fraction>',
      'part of the rows to test on',
      number('holdout', 'between 0 and 1', (x) => x > 0 && x < 1),
    )
    .option('--report <file>', 'pictures: .html, .svg or .png')
    .action(async (files: string[], flags: EvaluateFlags) => {
      run.status = await evaluateTable(files, flags, run.context);
    });
}

type Protocol = 'test' | 'prequential' | 'holdout';

function protocolOf(flags: EvaluateFlags): Protocol {
  const { model, prequential, holdout, report } = flags;
  if (report !== undefined) checkReportPath(report);
  if (prequential === true && holdout !== undefined) {
    throw usageError('evaluate: expected --prequential or --holdout, got both');
  }
  if (model !== undefined && holdout !== undefined) {
    throw usageError('--holdout: expected no --model, which may have learned those rows');
  }
  if (holdout !== undefined) return 'holdout';
  if (prequential === true) return 'prequential';
  if (model !== undefined) return 'test';
  throw usageError('evaluate: expected --model, --prequential or --holdout');
}

/** What every protocol works with. */
interface Evaluation {
  context: CliContext;
  flags: EvaluateFlags;
  source: DataSource;
  task: CliTask;
  rows: number | undefined;
  signal: AbortSignal;
}

interface Outcome {
  metrics: RunMetrics<unknown>;
  curve: readonly CurvePoint[];
  skipped: Skipped;
  sample: Float32Array;
  rowsPerSecond: number;
}

async function evaluateTable(
  files: string[],
  flags: EvaluateFlags,
  context: CliContext,
): Promise<number> {
  const protocol = protocolOf(flags);
  const location = openOptions(files, flags);
  const columns = flags.model === undefined ? schemaFlags(location, flags) : undefined;
  const source = await openData(location, context);
  try {
    if (protocol === 'holdout' && !source.reusable) {
      throw usageError('--holdout: expected data that can be read twice, got standard input');
    }
    const prepared = await prepare(source, columns, flags);
    return await withInterrupt(context, 'stopping', async (interrupt) => {
      const { signal } = interrupt;
      const evaluation = { context, flags, source, ...prepared, signal };
      const outcome = await PROTOCOLS[protocol](evaluation);
      if (outcome.metrics.numRows === 0) {
        throw new DataError({ source: source.name }, 'expected rows to test on');
      }
      await finish(evaluation, protocol, outcome);
      return interrupt.status ?? ExitCode.ok;
    });
  } finally {
    await source.close();
  }
}

async function prepare(
  source: DataSource,
  columns: ReturnType<typeof schemaFlags> | undefined,
  flags: EvaluateFlags,
): Promise<Pick<Evaluation, 'task' | 'rows'>> {
  if (columns === undefined) {
    const { task } = await loadCliModel(flags.model ?? '', flags.threads);
    return { task, rows: undefined };
  }
  const profile = await source.profile(columns.request);
  const schema = makeSchema(source.name, profile, columns.schema);
  const learned =
    profile.rows === undefined ? undefined : Math.ceil(profile.rows * (1 - (flags.holdout ?? 0)));
  return { task: makeModel(schema, modelFlags(flags, learned)), rows: profile.rows };
}

const PROTOCOLS: Record<Protocol, (evaluation: Evaluation) => Promise<Outcome>> = {
  test: (evaluation) => test(evaluation, undefined),
  prequential: (evaluation) => learn(evaluation, undefined),
  async holdout(evaluation) {
    const isHeldOut = split(evaluation.flags.holdout ?? 0);
    const { curve } = await learn(evaluation, (row) => !isHeldOut(row));
    return { ...(await test(evaluation, isHeldOut)), curve };
  },
};

/** Which rows are held out: by a hash of their number, the same in every run. */
function split(fraction: number): (row: number) => boolean {
  return (row) => {
    let hash = Math.imul(row ^ 0x9e3779b9, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < fraction;
  };
}

async function learn(
  evaluation: Evaluation,
  learns: ((row: number) => boolean) | undefined,
): Promise<Outcome> {
  const { context, flags, source, task, rows, signal } = evaluation;
  const { report, ...result } = await learnTable({
    ...{ context, output: flags, source, task, rows, signal },
    shuffle: shuffleSeed(flags),
    skipInvalid: flags.skipInvalid === true,
    resume: undefined,
    curve: flags.report === undefined ? undefined : [],
    ...(learns !== undefined && { learns }),
  });
  return { ...result, metrics: report.metrics, rowsPerSecond: report.rowsPerSecond };
}

async function test(
  { context, flags, source, task, rows, signal }: Evaluation,
  tests: ((row: number) => boolean) | undefined,
): Promise<Outcome> {
  const skipped = countSkipped();
  const { schema } = task;
  const metrics = task.metrics();
  const plan = { schema, labelled: true, keep: [], shuffle: shuffleSeed(flags) };
  const policy = { skip: flags.skipInvalid === true, onSkip: skipped.onSkip.bind(skipped) };
  const display = startDisplay(context, flags, 'testing', rows);
  const started = performance.now();
  const rate = () => metrics.numRows / Math.max(1e-9, (performance.now() - started) / 1000);
  let sample = new Float32Array(0);
  let first = 0;
  try {
    for await (const chunk of checkedRows(source, plan, policy)) {
      if (signal.aborted) break;
      const block = tests === undefined ? chunk : chosenRows(chunk, first, tests);
      first += chunk.count;
      if (block.targets.length > 0) {
        metrics.count(block, task.predict(block.rows));
        sample = block.rows.slice(-SAMPLE_ROWS * schema.inputs.length);
      }
      display.update({ rows: first, rowsPerSecond: rate(), metrics: {} });
    }
  } finally {
    display.stop();
  }
  return { metrics, curve: [], skipped, sample, rowsPerSecond: rate() };
}

/** Rows that the contributions of columns are averaged over. */
const SAMPLE_ROWS = 256;

const WORDS: Record<Protocol, string> = {
  test: 'tested, nothing learned',
  prequential: 'each row predicted before it was learned',
  holdout: 'tested on rows that were not learned',
};

/** The same in a report, of the rows. */
const MEASURED: Record<Protocol, string> = {
  test: 'rows of this data, nothing learned',
  prequential: 'all rows, each predicted before it was learned',
  holdout: 'rows that were held out and not learned',
};

async function finish(
  { context, flags, source, task }: Evaluation,
  protocol: Protocol,
  { metrics, curve, skipped, sample, rowsPerSecond }: Outcome,
): Promise<void> {
  const { report } = flags;
  if (report !== undefined) {
    const title = `${source.name}: ${task.schema.target.name}`;
    const parts = { task, metrics, curve, sample, rowsPerSecond };
    await reportTraining(report, { title, ...parts, measured: MEASURED[protocol] });
  }
  const { count, reasons } = skipped;
  const result = {
    ...{ command: 'evaluate', protocol, source: source.name },
    ...{ rows: metrics.numRows, skipped: { count, reasons }, rowsPerSecond },
    ...(report !== undefined && { report }),
    metrics: metrics.json(),
  };
  printResult(context, flags, result, () =>
    paragraphs(
      `${WORDS[protocol]}:\n${metrics.text()}`,
      skippedText(skipped),
      `${thousands(rowsPerSecond)} rows/s`,
    ),
  );
}
