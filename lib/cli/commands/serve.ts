/** `gln serve`: a model behind HTTP until a signal comes. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { type CliContext, note, type OutputOptions, printResult } from '../context';
import { ExitCode } from '../exit-codes';
import { integer, modelFlag, outputFlags } from '../flags';
import { withInterrupt } from '../interrupt';
import { cliExtra, loadCliModel } from '../model-file';
import { ModelServer } from '../serve/server';
import type { CliRun } from './command';

interface ServeFlags extends OutputOptions {
  model: string;
  host: string;
  port: number;
  maxBody: number;
  readOnly?: boolean;
  save: boolean;
  saveSeconds: number;
  threads?: number;
}

export function defineServe(program: Command, run: CliRun): void {
  const command = program
    .command('serve')
    .summary('answer over HTTP')
    .description(
      'Serves POST /predict, POST /learn, GET /health and GET /metrics. Rows are JSON objects of ' +
        'columns. What is learned is saved into the file of the model.',
    );
  outputFlags(modelFlag(command))
    .option(
      '--host <address>',
      'where to listen; others than this machine only if told',
      '127.0.0.1',
    )
    .option('--port <number>', '0 for any that is free', integer('port', 0, 65_535), 8080)
    .option('--max-body <bytes>', 'largest request', integer('max-body', 1, 2 ** 30), 2 ** 20)
    .option('--read-only', 'predict only')
    .option('--no-save', 'forget what was learned at the end')
    .option(
      '--save-seconds <seconds>',
      'save so often while rows are learned',
      integer('save-seconds', 1, 10 ** 6),
      60,
    )
    .option('--threads <count>', 'threads that a call may use', integer('threads', 1, 1024))
    .action(async (flags: ServeFlags) => {
      run.status = await serve(flags, run.context);
    });
}

async function serve(flags: ServeFlags, context: CliContext): Promise<number> {
  const { model: path, host, port, maxBody, readOnly, save, saveSeconds } = flags;
  const loaded = await loadCliModel(path, flags.threads);
  const { task, source, curve, served } = loaded;
  // Rows that come now are not those of the run that wrote the file: it cannot be resumed.
  const trained = loaded.fit ?? loaded.trained;
  const learns = readOnly !== true;
  const server = new ModelServer({
    ...{ task, host, port, mostBytes: maxBody, learns },
    served: served?.metrics,
  });
  let saved = 0;
  const keep = async (): Promise<void> => {
    if (!save || server.learned === saved) return;
    const now = server.learned;
    const extra = cliExtra({
      ...{ schema: task.schema, source, curve },
      ...(trained !== undefined && { trained }),
      served: { metrics: server.metrics.state() },
    });
    await task.model.save(path, { extra });
    saved = now;
  };
  const address = await server.listen();
  let saving = Promise.resolve();
  const saveNow = (): Promise<void> => {
    saving = saving
      .then(keep)
      .catch((error: Error) => note(context, {}, `error: ${error.message}`));
    return saving;
  };
  return withInterrupt(context, 'stopping: requests are being finished', async ({ signal }) => {
    const timer = setInterval(saveNow, 1000 * saveSeconds);
    try {
      const url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
      note(context, flags, `${path} at ${url}${learns ? '' : ', read only'}; Ctrl-C to stop`);
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      clearInterval(timer);
      await server.stop();
      await saving;
    }
    await keep();
    const { learned } = server;
    printResult(context, flags, { command: 'serve', learned, saved: saved > 0 }, () => {
      return `learned ${learned} rows${saved > 0 ? `, saved in ${path}` : ''}`;
    });
    return ExitCode.ok;
  });
}
