/** `gln train`: learns a table in one pass and keeps the model in a file. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { buildInfo } from '../../native';
import type { CliContext } from '../context';
import { note, printResult } from '../context';
import { openData } from '../data/open';
import { makeSchema } from '../data/profile';
import type { Schema } from '../data/schema';
import type { DataSource } from '../data/source';
import { usageError } from '../errors';
import { ExitCode } from '../exit-codes';
import {
  type ColumnFlags,
  columnFlags,
  type DataFlags,
  dataFlags,
  integer,
  modelFlag,
  modelFlags,
  type NetworkFlags,
  networkFlags,
  openOptions,
  outputFlags,
  schemaFlags,
  shuffleSeed,
} from '../flags';
import { withInterrupt } from '../interrupt';
import { cliExtra, type LoadedCliModel, loadCliModel } from '../model-file';
import { makeModel } from '../models';
import { checkReportPath, reportTraining } from '../reports';
import { paragraphs, skippedText, thousands } from '../summary';
import { learnTable, type TrainingResult } from '../training';
import type { CliRun } from './command';

interface TrainFlags extends DataFlags, ColumnFlags, NetworkFlags {
  model: string;
  resume?: boolean;
  continue?: boolean;
  overwrite?: boolean;
  checkpointRows?: number;
  checkpointSeconds?: number;
  report?: string;
}

export function defineTrain(program: Command, run: CliRun): void {
  const command = program
    .command('train')
    .summary('learn a table')
    .description('Learns a table in one pass, row after row, and keeps the model in a file.');
  outputFlags(modelFlag(networkFlags(columnFlags(dataFlags(command)))))
    .option('--resume', 'go on where the run that wrote the model stopped, with the same data')
    .option('--continue', 'learn other data with the model that is there')
    .option('--overwrite', 'replace a model that is there')
    .option(
      '--checkpoint-rows <rows>',
      'save the model each time so many rows were learned',
      integer('checkpoint-rows', 1),
    )
    .option(
      '--checkpoint-seconds <seconds>',
      'the same in seconds; default 60',
      integer('checkpoint-seconds', 1, 10 ** 9),
    )
    .option('--report <file>', 'pictures of the run: .html, .svg or .png')
    .action(async (files: string[], flags: TrainFlags) => {
      run.status = await train(files, flags, run.context);
    });
}

/** What there is before a run: a new model, or one that goes on. */
type Prepared = Pick<LoadedCliModel, 'task' | 'fit' | 'curve'> & { rows: number | undefined };

async function train(files: string[], flags: TrainFlags, context: CliContext): Promise<number> {
  checkFlags(flags);
  const location = openOptions(files, flags);
  const goesOn = flags.continue === true || (flags.resume === true && existsSync(flags.model));
  const columns = goesOn ? undefined : schemaFlags(location, flags);
  const source = await openData(location, context);
  try {
    const prepared = await prepare(source, columns, flags);
    describeModel(context, flags, prepared);
    return await withInterrupt(
      context,
      'stopping: the model is being saved; Ctrl-C again to end at once',
      async (interrupt) => {
        const result = await learn(source, prepared, flags, context, interrupt.signal);
        await finish(source, prepared, flags, context, result);
        return interrupt.status ?? ExitCode.ok;
      },
    );
  } finally {
    await source.close();
  }
}

function checkFlags(flags: TrainFlags): void {
  const { resume, continue: goesOn, overwrite, model, report } = flags;
  if ([resume, goesOn, overwrite].filter((flag) => flag === true).length > 1) {
    throw usageError('train: expected one of --resume, --continue and --overwrite');
  }
  if (report !== undefined) checkReportPath(report);
  // Not to be found out when everything has been learned.
  const folder = dirname(model);
  if (!existsSync(folder)) {
    throw usageError(`--model: expected a folder that is there, got ${JSON.stringify(folder)}`);
  }
  if (resume === true || goesOn === true || overwrite === true || !existsSync(model)) return;
  throw usageError(
    `--model: ${model} is there already: expected --resume, --continue or --overwrite`,
  );
}

async function prepare(
  source: DataSource,
  columns: ReturnType<typeof schemaFlags> | undefined,
  flags: TrainFlags,
): Promise<Prepared> {
  if (columns === undefined) {
    const loaded = await loadCliModel(flags.model, flags.threads);
    const { schema } = loaded.task;
    requireSame('target', flags.target, schema.target.name);
    requireSame('weight', flags.weight, schema.weight);
    if (flags.resume === true && loaded.fit === undefined) {
      throw usageError(
        '--resume: expected a model that has learned nothing since its run, but it has; ' +
          '--continue learns on',
      );
    }
    const rows = await countRows(source, schema);
    // Other data begin at their first row, and are counted by themselves.
    return { ...loaded, rows, ...(flags.continue === true && { fit: undefined, curve: [] }) };
  }
  const profile = await source.profile(columns.request);
  const schema = makeSchema(source.name, profile, columns.schema);
  const task = makeModel(schema, modelFlags(flags, profile.rows));
  return { task, rows: profile.rows, fit: undefined, curve: [] };
}

/** What is told again must be what the model has. */
function requireSame(flag: string, told: string | undefined, known: string | undefined): void {
  if (told === undefined || told === known) return;
  throw usageError(`--${flag}: expected ${known ?? 'none'}, as the model has it`);
}

async function countRows(source: DataSource, schema: Schema): Promise<number | undefined> {
  const { rows } = await source.profile({
    target: schema.target.name,
    targetKnown: true,
    categories: [],
    ignored: schema.inputs.map(({ name }) => name),
    mostOneHot: 0,
  });
  return rows;
}

function describeModel(context: CliContext, flags: TrainFlags, { task }: Prepared): void {
  const { predicts, layers } = task;
  const { inputs } = task.schema;
  const kinds = new Map<string, number>();
  for (const { kind } of inputs) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const columns = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  note(
    context,
    flags,
    `${inputs.length} columns (${columns}), ${predicts}, layers ${layers.join('-')}`,
  );
}

function learn(
  source: DataSource,
  prepared: Prepared,
  flags: TrainFlags,
  context: CliContext,
  signal: AbortSignal,
): Promise<TrainingResult> {
  const { task, rows, fit, curve } = prepared;
  const { schema } = task;
  return learnTable({
    ...{ context, output: flags, source, task, signal, rows, resume: fit },
    shuffle: shuffleSeed(flags),
    skipInvalid: flags.skipInvalid === true,
    checkpoint: {
      path: flags.model,
      ...(flags.checkpointRows !== undefined && { everyRows: flags.checkpointRows }),
      ...(flags.checkpointSeconds !== undefined && { everySeconds: flags.checkpointSeconds }),
    },
    extra: (points) => cliExtra({ schema, source: source.name, curve: points }),
    curve: flags.report === undefined ? undefined : curve,
  });
}

async function finish(
  source: DataSource,
  { task, fit }: Prepared,
  flags: TrainFlags,
  context: CliContext,
  { report, curve, skipped, sample }: TrainingResult,
): Promise<void> {
  const { rows, learned, seconds, rowsPerSecond, metrics, aborted, checkpoints } = report;
  const pictures = flags.report;
  if (pictures !== undefined && rows > 0) {
    const title = `${source.name}: ${task.schema.target.name}`;
    const parts = { task, metrics, curve, sample, rowsPerSecond };
    const measured = 'rows of this run, each predicted before it was learned';
    await reportTraining(pictures, { title, ...parts, measured });
  }
  const result = {
    ...{ command: 'train', model: flags.model, source: source.name },
    ...{ rows, learned, skipped, seconds, rowsPerSecond, interrupted: aborted },
    ...{ rowsSeen: task.model.rowsSeen, checkpoints },
    ...(pictures !== undefined && { report: pictures }),
    metrics: rows > 0 ? metrics.json() : null,
  };
  printResult(context, flags, result, () => {
    const here = rows - (fit?.rows ?? 0);
    const { isa } = buildInfo();
    const speed = `${thousands(here)} rows in ${seconds.toFixed(2)} s`;
    return paragraphs(
      rows > 0 ? `each row predicted before it was learned:\n${metrics.text()}` : '',
      skippedText(skipped),
      `learned ${speed} (${thousands(rowsPerSecond)} rows/s, ${isa})` +
        `${aborted ? ', stopped before the end' : ''}; model in ${flags.model}`,
    );
  });
}
