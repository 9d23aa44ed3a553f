/** `gln inspect`: what is in a model's file. */
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { RunningMetrics } from '../../metrics/running';
import { formatTable } from '../../terminal/table';
import { type CliContext, type OutputOptions, printResult } from '../context';
import type { InputColumn } from '../data/schema';
import { ExitCode } from '../exit-codes';
import { modelFlag, outputFlags } from '../flags';
import { loadCliModel } from '../model-file';
import { metricsJson, metricsText, paragraphs, thousands } from '../summary';
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

async function inspect(path: string, flags: OutputOptions, context: CliContext): Promise<number> {
  const { model, schema, source, fit } = await loadCliModel(path);
  const metrics = fit === undefined ? undefined : RunningMetrics.restore(fit.metrics).snapshot();
  const { threads: _, basePredictor, sideInfo, ...options } = model.options;
  const result = {
    ...{ command: 'inspect', model: path, bytes: statSync(path).size, memory: model.memory },
    ...{ rowsSeen: model.rowsSeen, source, target: schema.target, columns: schema.inputs },
    options: { ...options, basePredictor, sideInfo },
    ...(fit !== undefined && { position: fit.position, rows: fit.rows, skipped: fit.skipped }),
    metrics: metrics === undefined || fit?.rows === 0 ? null : metricsJson(metrics, schema),
  };
  printResult(context, flags, result, () => {
    const { target } = schema;
    const facts = [
      ['file', `${path}, ${thousands(result.bytes)} bytes`],
      ['learned from', source],
      ['rows seen', thousands(model.rowsSeen)],
      ['target', `${target.name} (${target.task})`],
      ['classes', target.classes.join(', ')],
      ['layers', [...options.layerSizes, 1].join('-')],
      ['memory', `${thousands(model.memory)} bytes`],
      ...Object.entries(options).map(([name, value]) => [name, JSON.stringify(value) ?? '']),
    ];
    const columns = schema.inputs.map((input) => [input.name, input.kind, categoriesOf(input)]);
    return paragraphs(
      formatTable(['model', ''], facts, { leftColumns: 2 }),
      formatTable(['column', 'kind', 'categories'], columns, { leftColumns: 3 }),
      metrics === undefined || fit?.rows === 0
        ? ''
        : `the run that wrote it, each row predicted before it was learned:\n${metricsText(metrics, schema)}`,
    );
  });
  return ExitCode.ok;
}

function categoriesOf(input: InputColumn): string {
  return input.kind === 'oneHot' ? input.categories.join(', ') : '';
}
