/** `gln predict`: a class or a number for each row of a table, as CSV or JSON lines. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { GlnError } from '../../errors';
import { type CliContext, note, printResult } from '../context';
import { openData } from '../data/open';
import { checkedRows } from '../data/source';
import { startDisplay } from '../display';
import { usageError } from '../errors';
import { ExitCode } from '../exit-codes';
import {
  type DataFlags,
  dataFlags,
  modelFlag,
  number,
  openOptions,
  outputFlags,
  shuffleSeed,
} from '../flags';
import { withInterrupt } from '../interrupt';
import { loadCliModel } from '../model-file';
import { skippedText, thousands } from '../summary';
import type { AnswerColumns } from '../tasks/task';
import { countSkipped } from '../training';
import type { CliRun } from './command';

interface PredictFlags extends DataFlags {
  model: string;
  output?: string;
  outputFormat?: string;
  keep?: string[];
  probabilities?: boolean;
  interval?: number;
}

const FORMATS = ['csv', 'jsonl'] as const;
type Format = (typeof FORMATS)[number];

export function definePredict(program: Command, run: CliRun): void {
  const command = program
    .command('predict')
    .summary('predict the rows of a table')
    .description('Predicts a class, or a number, for each row. A target need not be there.');
  outputFlags(modelFlag(dataFlags(command)))
    .option('-o, --output <file>', 'where predictions go; standard output by default')
    .option('--output-format <name>', 'csv or jsonl; else as the output is called')
    .option('--keep <columns>', 'columns to write beside predictions', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--probabilities', 'the probability of every class')
    .option(
      '--interval <probability>',
      'ends of the intervals that hold a number with this probability, such as 0.9',
      number('interval', 'between 0 and 1', (x) => x > 0 && x < 1),
    )
    .action(async (files: string[], flags: PredictFlags) => {
      run.status = await predict(files, flags, run.context);
    });
}

function formatOf({ output, outputFormat }: PredictFlags): Format {
  const told = outputFormat ?? (extname(output ?? '').slice(1) || 'csv');
  const known = FORMATS.find((format) => format === told);
  if (known !== undefined) return known;
  throw usageError(`--output-format: expected csv or jsonl, got ${JSON.stringify(told)}`);
}

async function predict(files: string[], flags: PredictFlags, context: CliContext): Promise<number> {
  const format = formatOf(flags);
  if (flags.json === true && flags.output === undefined) {
    throw usageError('--json: expected --output too, since predictions go to standard output');
  }
  const { task } = await loadCliModel(flags.model);
  const { schema } = task;
  const { probabilities = false, interval } = flags;
  const columns = task.columns({ probabilities, interval });
  const source = await openData(openOptions(files, flags), context);
  const keep = flags.keep ?? [];
  const skipped = countSkipped();
  const started = performance.now();
  let rows = 0;
  try {
    return await withInterrupt(context, 'stopping', async (interrupt) => {
      const output = await openOutput(flags.output, context);
      const display = startDisplay(context, flags, 'predicting', undefined);
      const rate = () => rows / Math.max(1e-9, (performance.now() - started) / 1000);
      try {
        const lines = lineWriter(format, keep, columns);
        await output.write(lines.head);
        const plan = { schema, labelled: false, keep, shuffle: shuffleSeed(flags) };
        const policy = { skip: flags.skipInvalid === true, onSkip: skipped.onSkip.bind(skipped) };
        for await (const chunk of checkedRows(source, plan, policy)) {
          if (interrupt.signal.aborted) break;
          const answers = task.predict(chunk.rows);
          await output.write(lines.rows(answers, chunk.count, chunk.kept));
          rows += chunk.count;
          display.update({ rows, rowsPerSecond: rate(), metrics: {} });
        }
      } finally {
        display.stop();
        await output.close();
      }
      finish(context, flags, rows, rate(), skipped);
      return interrupt.status ?? ExitCode.ok;
    });
  } finally {
    await source.close();
  }
}

function finish(
  context: CliContext,
  flags: PredictFlags,
  rows: number,
  rowsPerSecond: number,
  skipped: { count: number; reasons: string[] },
): void {
  const { model, output } = flags;
  if (skipped.count > 0) note(context, flags, skippedText(skipped));
  if (output === undefined) return;
  const { count, reasons } = skipped;
  const result = { command: 'predict', model, output, rows, rowsPerSecond };
  printResult(context, flags, { ...result, skipped: { count, reasons } }, () => {
    return `predicted ${thousands(rows)} rows (${thousands(rowsPerSecond)} rows/s) into ${output}`;
  });
}

interface Output {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Writes no faster than what reads takes it; a closed pipe ends the writing. */
async function openOutput(path: string | undefined, { stdout }: CliContext): Promise<Output> {
  const stream: Writable = path === undefined ? stdout : createWriteStream(path);
  let failure: Error | undefined;
  const onError = (error: Error): void => {
    failure = error;
  };
  stream.on('error', onError);
  const check = (): void => {
    if (failure === undefined) return;
    throw new GlnError('ERR_GLN_IO', `${path ?? 'standard output'}: ${failure.message}`);
  };
  return {
    async write(text) {
      check();
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
      check();
    },
    async close() {
      stream.off('error', onError);
      if (path === undefined) return;
      stream.end();
      // What is wrong with the file was said by the writing.
      await finished(stream).catch(onError);
      check();
    },
  };
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function lineWriter<Answers>(
  format: Format,
  keep: readonly string[],
  columns: AnswerColumns<Answers>,
) {
  const names = [...keep, ...columns.names];
  const csv = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`;
  return {
    head: format === 'csv' ? csv(names) : '',
    rows(answers: Answers, count: number, kept: readonly (readonly string[])[]): string {
      const lines = Array.from({ length: count }, (_, row) => {
        const cells = [...(kept[row] ?? []), ...columns.cells(answers, row)];
        if (format === 'csv') return csv(cells.map(String));
        return `${JSON.stringify(Object.fromEntries(names.map((key, i) => [key, cells[i]])))}\n`;
      });
      return lines.join('');
    },
  };
}
