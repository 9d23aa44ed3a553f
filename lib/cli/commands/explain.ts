/** `gln explain`: what each column says for the prediction of one row, exactly. */
import type { Command } from 'commander';
import { formatTable } from '../../terminal/table';
import { type CliContext, printResult } from '../context';
import { openData } from '../data/open';
import { checkedRows } from '../data/source';
import { DataError } from '../errors';
import { ExitCode } from '../exit-codes';
import { type DataFlags, dataFlags, integer, modelFlag, openOptions, outputFlags } from '../flags';
import { loadCliModel } from '../model-file';
import type { CliTask } from '../tasks/task';
import { countSkipped } from '../training';
import type { CliRun } from './command';

interface ExplainFlags extends DataFlags {
  model: string;
  row: number;
  class?: string;
}

export function defineExplain(program: Command, run: CliRun): void {
  const command = program
    .command('explain')
    .summary('say what a prediction is made of')
    .description(
      "Splits one row's logit, or predicted number, into one contribution for each column. With " +
        'its gates fixed a network is linear in what its first layer mixes, so the sum is exact.',
    );
  outputFlags(modelFlag(dataFlags(command)))
    .option('--row <number>', 'which row, from 1', integer('row', 1), 1)
    .option('--class <name>', 'the class to explain; the predicted one by default')
    .action(async (files: string[], flags: ExplainFlags) => {
      run.status = await explainRow(files, flags, run.context);
    });
}

/** One row: its values as a model takes them, and as texts. */
async function readRow(
  files: string[],
  flags: ExplainFlags,
  { schema }: CliTask,
  context: CliContext,
): Promise<{ row: Float32Array; texts: readonly string[] }> {
  const source = await openData(openOptions(files, flags), context);
  try {
    const keep = schema.sparse ? [] : schema.inputs.map(({ name }) => name);
    const plan = { schema, labelled: false, keep, shuffle: undefined };
    const width = schema.inputs.length;
    let first = 0;
    for await (const chunk of checkedRows(source, plan, { skip: false, ...countSkipped() })) {
      const at = flags.row - 1 - first;
      first += chunk.count;
      if (at >= chunk.count) continue;
      return { row: chunk.rows.slice(at * width, (at + 1) * width), texts: chunk.kept[at] ?? [] };
    }
    throw new DataError({ source: source.name }, `expected a row ${flags.row}, got ${first} rows`);
  } finally {
    await source.close();
  }
}

async function explainRow(
  files: string[],
  flags: ExplainFlags,
  context: CliContext,
): Promise<number> {
  const { task } = await loadCliModel(flags.model);
  const { inputs } = task.schema;
  const { row, texts } = await readRow(files, flags, task, context);
  const { facts, sum, bias, contributions, head } = task.explain(row, flags.class);
  const values = new Map(inputs.map(({ name }, i) => [name, texts[i] ?? String(row[i])]));
  const parts = contributions
    .map(({ column, contribution }) => ({ column, value: values.get(column), contribution }))
    .sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
  const result = { command: 'explain', row: flags.row, ...facts, bias, contributions: parts };
  printResult(context, flags, result, () => {
    const lines = parts.map(({ column, value, contribution }) => [
      column,
      value ?? '',
      contribution.toFixed(4),
    ]);
    const [name, total] = sum;
    const sums = [
      ['(bias)', '', bias.toFixed(4)],
      [name, '', total.toFixed(4)],
    ];
    const table = formatTable(['column', 'value', 'contribution'], [...lines, ...sums]);
    return `row ${flags.row}: ${head}:\n${table}`;
  });
  return ExitCode.ok;
}
