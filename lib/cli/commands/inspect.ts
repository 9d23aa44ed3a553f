/** `gln inspect`: what is in a model's file. */
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { formatTable } from '../../terminal/table';
import { type CliContext, type OutputOptions, printResult } from '../context';
import type { InputColumn } from '../data/schema';
import { ExitCode } from '../exit-codes';
import { modelFlag, outputFlags } from '../flags';
import { loadCliModel } from '../model-file';
import { paragraphs, thousands } from '../summary';
import type { CliRun } from './command';

export function defineInspect(program: Command, run: CliRun): void {
  const command = program
    .command('inspect')
    .argument('[model]', "the model's file; as --model")
    .summary('say what is in a model file')
    .description(
      'Shows options, columns, sizes, rows seen and metrics of a model that gln trained.',
    );
  outputFlags(modelFlag(command)).action(
    async (file: string | undefined, flags: OutputOptions & { model: string }) => {
      run.status = await inspect(file ?? flags.model, flags, run.context);
    },
  );
}

/** Options that say how rows are made ready: too long to be read in a line. */
const STAGES = ['basePredictor', 'preprocessing', 'sideInfo'];

async function inspect(path: string, flags: OutputOptions, context: CliContext): Promise<number> {
  const { task, source, fit, trained, served } = await loadCliModel(path);
  const { model, schema, options, layers } = task;
  const run = fit ?? trained;
  const metrics = run === undefined || run.rows === 0 ? undefined : task.metrics(run.metrics);
  const service = served === undefined ? undefined : task.metrics(served.metrics);
  const result = {
    ...{ command: 'inspect', model: path, bytes: statSync(path).size, memory: model.memory },
    ...{ rowsSeen: model.rowsSeen, source, target: schema.target, columns: schema.inputs },
    ...(schema.weight !== undefined && { weight: schema.weight }),
    options,
    ...(run !== undefined && { position: run.position, rows: run.rows, skipped: run.skipped }),
    metrics: metrics?.json() ?? null,
    ...(service !== undefined && { served: { rows: service.numRows, metrics: service.json() } }),
  };
  printResult(context, flags, result, () => {
    const { target, weight } = schema;
    const short = Object.entries(options).filter(([name]) => !STAGES.includes(name));
    const facts = [
      ['file', `${path}, ${thousands(result.bytes)} bytes`],
      ['learned from', source],
      ['rows seen', thousands(model.rowsSeen)],
      ['target', `${target.name} (${target.task})`],
      ...(target.classes.length > 0 ? [['classes', target.classes.join(', ')]] : []),
      ...(weight !== undefined ? [['weight', weight]] : []),
      ['layers', layers.join('-')],
      ['memory', `${thousands(model.memory)} bytes`],
      ...short.map(([name, value]) => [name, JSON.stringify(value) ?? '']),
    ];
    const columns = schema.inputs.map((input) => [input.name, input.kind, categoriesOf(input)]);
    const before = 'each row predicted before it was learned';
    return paragraphs(
      formatTable(['model', ''], facts, { leftColumns: 2 }),
      formatTable(['column', 'kind', 'categories'], columns, { leftColumns: 3 }),
      metrics === undefined ? '' : `the run that wrote it, ${before}:\n${metrics.text()}`,
      service === undefined ? '' : `learned while serving, ${before}:\n${service.text()}`,
    );
  });
  return ExitCode.ok;
}

function categoriesOf(input: InputColumn): string {
  return input.kind === 'oneHot' ? input.categories.join(', ') : '';
}
