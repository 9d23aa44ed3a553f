/** The command line inside this process: streams of text in and out, and a folder for files. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { CliContext } from '../../lib/cli/context';
import { runCli } from '../../lib/cli/program';
import { Random } from '../support/random';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

/** What a run left behind. */
export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/** A run that goes on. */
export interface Running {
  signals: EventEmitter;
  stderr: () => string;
  done: Promise<Ran>;
}

/** Starts a run; `signals.emit('SIGINT')` is Ctrl-C. */
export function start(
  args: readonly string[],
  stdin: Readable = Readable.from([]),
  kill: (status: number) => void = () => undefined,
): Running {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const signals = new EventEmitter();
  const context: CliContext = { stdin, stdout, stderr, signals, kill };
  const done = runCli(args, context).then((status) => ({
    ...{ status, stdout: stdout.text, stderr: stderr.text },
  }));
  return { signals, stderr: () => stderr.text, done };
}

/** Runs to the end, with a text as standard input. */
export function run(args: readonly string[], stdin?: string): Promise<Ran> {
  return start(args, Readable.from(stdin === undefined ? [] : [stdin])).done;
}

/** Runs with `--json` and gives what came, if all went well. */
export async function json<Result = Record<string, unknown>>(
  args: readonly string[],
  stdin?: string,
): Promise<Result> {
  const { status, stdout, stderr } = await run([...args, '--json', '--quiet'], stdin);
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Result;
}

let folder = '';

/** A folder for the tests of a file; call it at the top. */
export function useFolder(): void {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gln-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
}

/** A path in that folder. */
export const at = (name: string): string => join(folder, name);

/** Writes a file into that folder, and gives its path. */
export function file(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** A row of the table that tests learn: its last column follows from the others. */
export function cells(i: number): (string | number)[] {
  const price = ((i * 37) % 101) / 4;
  const city = ['Lisbon', 'Porto', 'Faro'][i % 3];
  return [i, i % 17 === 3 ? '' : price, city, `user${i % 40}`, price > 12 ? 'yes' : 'no'];
}

export const COLUMNS = ['id', 'price', 'city', 'user', 'clicked'];

/** That table as CSV. */
export function csv(rows: number, first = 0): string {
  const lines = Array.from({ length: rows }, (_, i) => cells(first + i).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** And as JSON lines, where what is missing is left out. */
export function jsonl(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const entries = cells(i).map((value, column) => [COLUMNS[column], value] as const);
    return JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== '')));
  });
  return `${lines.join('\n')}\n`;
}

/** Rents as CSV: they follow from size and district; an id says nothing, a count how much rows weigh. */
export function rents(rows: number, first = 0): string {
  const lines = Array.from({ length: rows }, (_, k) => {
    const i = first + k;
    const random = new Random(50 + i);
    const size = i % 23 === 7 ? '' : String(Math.round(200 + 800 * random.uniform()) / 10);
    const district = ['north', 'south', 'east'][random.below(3)];
    const base = 100 + 12 * Number(size || 60) + (district === 'south' ? 300 : 0);
    return [i, size, district, (base + 20 * random.normal()).toFixed(1), 1 + (i % 3)].join(',');
  });
  return `${['id,size,district,rent,count', ...lines].join('\n')}\n`;
}

/** Flags of a small and quick network. */
export const SMALL = ['--preset', 'plain', '--layers', '8,4', '--contexts', '3'];
/** Those, with what is to be learned. */
export const TRAIN = [...SMALL, '--target', 'clicked', '--ignore', 'id'];
