/**
 * How much of the engine's speed is left when rows come from files: the same rows
 * are learned from memory, from Parquet and from CSV, and DuckDB's reading alone is
 * measured too. Shares within one round are what counts; `npm run bench:throughput`.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { classifierOptions } from '../../lib/cli/class-options';
import type { CliContext } from '../../lib/cli/context';
import { openData } from '../../lib/cli/data/open';
import { makeSchema } from '../../lib/cli/data/profile';
import type { Schema } from '../../lib/cli/data/schema';
import { checkedRows } from '../../lib/cli/data/source';
import type { PresetChoice } from '../../lib/cli/models';
import { runCli } from '../../lib/cli/program';
import { buildInfo, GLN } from '../../lib/index';
import { formatTable } from '../../lib/terminal/table';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    columns: { type: 'string', default: '40' },
    layers: { type: 'string', default: '32,16' },
    preset: { type: 'string', default: 'plain' },
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'gln-throughput') },
    'no-csv': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rows = Number(flags.rows);
const columns = Number(flags.columns);
const times = Number(flags.times);

/** Rows held in memory for the engine alone; a flat stretch of learning needs no more. */
const MEMORY_ROWS = 500_000;

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

function sinkContext(stdout: Writable): CliContext {
  const stderr = new Sink();
  return { stdin: process.stdin, stdout, stderr, signals: process, kill: () => undefined };
}

/** Writes the files, once for each size and seed. */
async function makeFiles(): Promise<{ parquet: string; csv: string | undefined }> {
  mkdirSync(flags.folder, { recursive: true });
  const name = join(flags.folder, `${rows}x${columns}-${flags.seed}`);
  const parquet = `${name}.parquet`;
  const csv = flags['no-csv'] ? undefined : `${name}.csv`;
  if (existsSync(parquet) && (csv === undefined || existsSync(csv))) return { parquet, csv };
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // Uniform in [-1, 1), out of a hash of row, column and seed.
  const value = (column: number): string =>
    `CAST((hash(i, ${column}, ${flags.seed}) % 2000000) / 1e6 - 1 AS FLOAT)`;
  const list = Array.from({ length: columns }, (_, i) => `${value(i)} AS x${i}`).join(', ');
  const table = `SELECT ${list} FROM range(${rows}) t(i)`;
  // A class that two columns and noise decide.
  const labelled = `SELECT *, x0 + 0.5 * x1 * x2 + 0.2 * x3 > 0 AS y FROM (${table})`;
  await connection.run(`COPY (${labelled}) TO '${parquet}' (FORMAT parquet)`);
  if (csv !== undefined) await connection.run(`COPY (FROM '${parquet}') TO '${csv}'`);
  connection.closeSync();
  instance.closeSync();
  return { parquet, csv };
}

async function secondsOf(body: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await body();
  return (performance.now() - start) / 1000;
}

/** The middle one, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

async function load(
  path: string,
): Promise<{ schema: Schema; values: Float32Array; labels: Uint32Array }> {
  const location = { files: [path], attach: [], missing: [''], skipInvalid: false };
  const options = { ...location, features: undefined, sampleRows: undefined };
  const source = await openData(options, sinkContext(new Sink()));
  const profile = await source.profile({
    ...{ target: 'y', targetKnown: false, categories: [], ignored: [], mostOneHot: 16 },
  });
  const empty = { ignore: [], categories: [], numbers: [], classes: undefined, task: undefined };
  const schema = makeSchema(source.name, profile, { target: 'y', ...empty });
  const count = Math.min(rows, MEMORY_ROWS);
  const values = new Float32Array(count * columns);
  const labels = new Uint32Array(count);
  let first = 0;
  const plan = { schema, labelled: true, keep: [], shuffle: undefined };
  for await (const chunk of checkedRows(source, plan, { skip: false, onSkip: () => undefined })) {
    const taken = Math.min(chunk.count, count - first);
    values.set(chunk.rows.subarray(0, taken * columns), first * columns);
    labels.set(chunk.targets.subarray(0, taken), first);
    first += taken;
    if (first === count) break;
  }
  await source.close();
  return { schema, values, labels };
}

/** Rows a second that DuckDB gives, as chunks that nobody looks into. */
async function readingSpeed(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false' });
  const connection = await instance.connect();
  let count = 0;
  const seconds = await secondsOf(async () => {
    const list = Array.from({ length: columns }, (_, i) => `CAST(x${i} AS FLOAT)`).join(', ');
    const result = await connection.stream(`SELECT ${list}, y FROM '${path}'`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      count += chunk.rowCount;
    }
  });
  connection.closeSync();
  instance.closeSync();
  return count / seconds;
}

/** Rows a second of `gln train`, the look at the data beforehand included. */
async function trainingSpeed(path: string): Promise<number> {
  const model = join(flags.folder, 'model.safetensors');
  rmSync(model, { force: true });
  const stdout = new Sink();
  const network = ['--layers', flags.layers, '--preset', flags.preset];
  const args = ['train', path, '-t', 'y', '-m', model, ...network, '--json', '-q'];
  let status = 0;
  const seconds = await secondsOf(async () => {
    status = await runCli(args, sinkContext(stdout));
  });
  if (status !== 0) throw new Error(`gln train: status ${status}: ${stdout.text}`);
  return rows / seconds;
}

const MEMORY_MILLISECONDS = 500;

/** The most mebibytes that are resident while something runs. */
async function mostResident(body: () => Promise<void>): Promise<number> {
  let most = 0;
  const sample = (): void => {
    most = Math.max(most, Math.round(process.memoryUsage().rss / 2 ** 20));
  };
  const timer = setInterval(sample, MEMORY_MILLISECONDS);
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  sample();
  return most;
}

interface Speeds {
  engine: number;
  readParquet: number;
  fromParquet: number;
  readCsv: number;
  fromCsv: number;
  /** While learning from Parquet, beside the rows in memory that the engine learns. */
  residentMegabytes: number;
}

/** What is measured in a round, one after the other: whatever slows one down slows all. */
async function measure(): Promise<Speeds[]> {
  const { parquet, csv } = await makeFiles();
  const { schema, values, labels } = await load(parquet);
  const kind = {
    preset: flags.preset as PresetChoice,
    options: { layerSizes: flags.layers.split(',').map(Number) },
    rows: undefined,
  };
  const out = new Float32Array(labels.length);
  const outClasses = new Uint32Array(labels.length);
  /** The same model on the same rows in one call, with the prediction of each row. */
  const engineSpeed = async (): Promise<number> => {
    const model = new GLN(classifierOptions(schema, kind));
    const wanted = { returnProbs: true, out, outClasses } as const;
    const seconds = await secondsOf(() => void model.learn(values, labels, wanted));
    model.dispose();
    return labels.length / seconds;
  };
  const rounds: Speeds[] = [];
  for (let i = 0; i < times; i++) {
    const engine = await engineSpeed();
    let fromParquet = 0;
    const residentMegabytes = await mostResident(async () => {
      fromParquet = await trainingSpeed(parquet);
    });
    rounds.push({
      ...{ engine, fromParquet, residentMegabytes },
      readParquet: await readingSpeed(parquet),
      fromCsv: csv === undefined ? Number.NaN : await trainingSpeed(csv),
      readCsv: csv === undefined ? Number.NaN : await readingSpeed(csv),
    });
  }
  return rounds;
}

async function main(): Promise<void> {
  const rounds = await measure();
  const middle = (of: (round: Speeds) => number): number => median(rounds.map(of));
  const result = {
    ...{ rows, columns, layers: flags.layers, preset: flags.preset, isa: buildInfo().isa },
    engine: middle(({ engine }) => engine),
    readParquet: middle(({ readParquet }) => readParquet),
    fromParquet: middle(({ fromParquet }) => fromParquet),
    readCsv: middle(({ readCsv }) => readCsv),
    fromCsv: middle(({ fromCsv }) => fromCsv),
    parquetOfEngine: middle(({ fromParquet, engine }) => fromParquet / engine),
    csvOfLower: middle(({ fromCsv, readCsv, engine }) => fromCsv / Math.min(engine, readCsv)),
    rounds,
  };
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const speed = (value: number): string => String(Math.round(value));
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const lines = [
    ['engine, rows in memory', speed(result.engine), ''],
    ['DuckDB reads Parquet', speed(result.readParquet), ''],
    [
      'gln train, Parquet',
      speed(result.fromParquet),
      `${share(result.parquetOfEngine)} of the engine`,
    ],
    ['DuckDB reads CSV', speed(result.readCsv), ''],
    [
      'gln train, CSV',
      speed(result.fromCsv),
      `${share(result.csvOfLower)} of the slower of engine and reading`,
    ],
  ];
  const table = formatTable(['', 'rows/s', 'share'], flags['no-csv'] ? lines.slice(0, 3) : lines);
  const head = `${rows} rows of ${columns} columns, layers ${flags.layers}-1, ${flags.preset}`;
  const most = rounds.map(({ residentMegabytes }) => residentMegabytes).join(', ');
  const memory = `resident MiB at most while learning Parquet: ${most}`;
  process.stdout.write(`${head}; medians of ${times} rounds\n${table}\n${memory}\n`);
}

void main();
