/**
 * What learning costs those who predict: `npm run example:service:load`.
 *
 * The service runs in a process of its own; this one asks it for predictions, paced
 * and as fast as it can, while it learns nothing, a paced stream, or all it can.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../../../lib/terminal/table';
import { CONSOLE, type Output, runAsProgram } from '../../support/program';
import { startChild } from '../child';
import { type LoadFlags, parseLoadFlags } from './flags';
import { type Answers, FEATURES, learnUntil, predictFor } from './traffic';

/** What happens during a phase. */
interface Phase {
  predicting: 'paced' | 'unpaced';
  learning: 'none' | 'paced' | 'unpaced';
}

/** What was measured. */
export interface Measurement extends Phase, Answers {
  /** Milliseconds that the service's event loop came late. */
  eventLoop: { p50: number; p99: number; max: number };
  /** A second. */
  rowsLearned: number;
}

const PHASES: readonly Phase[] = [
  { predicting: 'paced', learning: 'none' },
  { predicting: 'paced', learning: 'paced' },
  { predicting: 'paced', learning: 'unpaced' },
  { predicting: 'unpaced', learning: 'none' },
  { predicting: 'unpaced', learning: 'paced' },
];

/**
 * Runs the load test.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the exit code: 0, 2 after a bad flag, 1 where a request failed
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const flags = parseLoadFlags(args, output);
  if (typeof flags === 'number') return flags;
  const folder = mkdtempSync(join(tmpdir(), 'gln-load-'));
  const service = await startChild([
    ...['--features', String(FEATURES), '--checkpoint', join(folder, 'model.safetensors')],
    ...['--checkpoint-seconds', '5'],
  ]);
  try {
    // Compiles what will be measured, and gives the model something to know.
    await measure(
      service.url,
      { predicting: 'unpaced', learning: 'paced' },
      { ...flags, seconds: Math.min(3, flags.seconds) },
    );
    const rounds: Measurement[][] = [];
    for (let round = 0; round < flags.rounds; round++) {
      const measured: Measurement[] = [];
      for (const phase of PHASES) measured.push(await measure(service.url, phase, flags));
      rounds.push(measured);
    }
    const measurements = PHASES.map((_, i) => medianOf(rounds.map((measured) => measured[i])));
    output.stdout(`${flags.json ? toJson(flags, measurements) : toTable(flags, measurements)}\n`);
    return measurements.some(({ failed }) => failed > 0) ? 1 : 0;
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measure(url: string, phase: Phase, flags: LoadFlags): Promise<Measurement> {
  const stop =
    phase.learning === 'none'
      ? async () => undefined
      : learnUntil(url, phase.learning === 'paced' ? flags.learnRows : undefined);
  // Reading the delays begins them anew.
  const before = await scrape(url);
  const rate = phase.predicting === 'paced' ? flags.rate : undefined;
  const answers = await predictFor(url, flags.seconds, flags.connections, rate);
  const after = await scrape(url);
  await stop();
  await emptied(url);
  const delay = (quantile: string) =>
    1000 * readMetric(after, `gln_event_loop_delay_seconds{quantile="${quantile}"}`);
  const learned = readMetric(after, 'gln_model_rows') - readMetric(before, 'gln_model_rows');
  return {
    ...{ ...phase, ...answers },
    eventLoop: { p50: delay('0.5'), p99: delay('0.99'), max: delay('1') },
    rowsLearned: learned / flags.seconds,
  };
}

/** Rounds take turns, and their median counts: what else the machine does comes and goes. */
function medianOf(rounds: readonly Measurement[]): Measurement {
  const median = (read: (measured: Measurement) => number) =>
    rounds.map(read).sort((a, b) => a - b)[rounds.length >> 1];
  const medians = (key: 'latency' | 'eventLoop') => ({
    p50: median((measured) => measured[key].p50),
    p99: median((measured) => measured[key].p99),
    max: median((measured) => measured[key].max),
  });
  return {
    predicting: rounds[0].predicting,
    learning: rounds[0].learning,
    requests: median(({ requests }) => requests),
    latency: medians('latency'),
    eventLoop: medians('eventLoop'),
    rowsLearned: median(({ rowsLearned }) => rowsLearned),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function scrape(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function readMetric(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** Waits until what was sent has been learned, which must not run into the next phase. */
async function emptied(url: string): Promise<void> {
  for (;;) {
    const metrics = await scrape(url);
    if (readMetric(metrics, 'gln_queue_rows') + readMetric(metrics, 'gln_batch_rows') === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function toJson(flags: LoadFlags, measurements: readonly Measurement[]): string {
  return JSON.stringify({ ...flags, cores: availableParallelism(), measurements });
}

function toTable(flags: LoadFlags, measurements: readonly Measurement[]): string {
  const header = [
    ...['predictions', 'learning', 'requests/s', 'p50 ms', 'p99 ms', 'max ms'],
    ...['loop p50 ms', 'loop p99 ms', 'rows learned/s', 'failed'],
  ];
  const digits = (value: number) => value.toFixed(1);
  const rows = measurements.map((measured) => [
    measured.predicting,
    measured.learning,
    measured.requests.toFixed(0),
    ...[measured.latency.p50, measured.latency.p99, measured.latency.max].map((ms) =>
      ms.toFixed(0),
    ),
    digits(measured.eventLoop.p50),
    digits(measured.eventLoop.p99),
    measured.rowsLearned.toFixed(0),
    String(measured.failed),
  ]);
  const title =
    `median of ${flags.rounds} rounds, ${flags.seconds} s a phase, ${flags.connections} connections, ${availableParallelism()} cores; ` +
    `paced: ${flags.rate} predictions/s, ${flags.learnRows} rows/s`;
  return `${title}\n${formatTable(header, rows, { leftColumns: 2 })}`;
}

if (require.main === module) runAsProgram(main);
