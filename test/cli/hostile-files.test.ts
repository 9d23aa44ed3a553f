/** Files of strangers: each is read, or refused with a word on what is wrong with it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { attachmentError } from '../../lib/cli/data/attachments';
import { at, csv, file, json, jsonl, run, TRAIN, useFolder } from './support';

useFolder();

/** Writes bytes into the tests' folder, and gives the path. */
function bytes(name: string, content: Buffer): string {
  writeFileSync(at(name), content);
  return at(name);
}

async function sql(statement: string, database = ':memory:'): Promise<void> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

/** A Parquet file of rows with the number `a`, a column `x`, and the target `y`. */
async function parquet(name: string, x: string, y = 'i % 2 = 0'): Promise<string> {
  const table = `SELECT i::FLOAT AS a, ${x} AS x, ${y} AS y FROM range(300) t(i)`;
  await sql(`COPY (${table}) TO '${at(name)}' (FORMAT parquet)`);
  return at(name);
}

const GOOD = csv(300);
const withZero = (text: string, line: number): string =>
  text
    .split('\n')
    .map((content, i) => (i === line - 1 ? `\0${content}` : content))
    .join('\n');

it.each([
  ['empty', () => file('empty.csv', ''), /empty\.csv: expected rows, got an empty file/],
  ['UTF-16', () => bytes('wide.csv', Buffer.from(`\ufeff${GOOD}`, 'utf16le')), /got UTF-16/],
  ['binary', () => file('zero.csv', withZero(GOOD, 40)), /zero\.csv, line 40: .* a byte 0/],
  ['a folder', () => folder('folder.csv'), /folder\.csv: expected a file, got a folder/],
  [
    'not compressed',
    () => file('plain.csv.gz', GOOD),
    /plain\.csv\.gz: expected a whole compressed file/,
  ],
  [
    'with a line of two million characters',
    () => file('long.csv', `${GOOD}1,${'z'.repeat(2_100_000)},Faro,user1,no\n`),
    /^.*\n?error: .{0,500}Maximum line size/s,
  ],
])('a file that is %s', async (_, path, message) => {
  const ran = await run(['train', path(), ...TRAIN, '-m', at('never')]);
  expect(ran.stderr).toMatch(message);
  expect(ran.status).toBe(3);
  expect(existsSync(at('never'))).toBe(false);
});

function folder(name: string): string {
  mkdirSync(at(name), { recursive: true });
  return at(name);
}

it('a compressed file that ends in the middle, also one of several', async () => {
  const whole = gzipSync(csv(20_000));
  const cut = bytes('cut.csv.gz', whole.subarray(0, whole.length >> 1));
  const ran = await run(['train', cut, ...TRAIN, '-m', at('never')]);
  expect(ran).toMatchObject({ status: 3 });
  expect(ran.stderr).toMatch(/cut\.csv\.gz: expected a whole compressed file/);
  const fine = bytes('fine.csv.gz', gzipSync(GOOD));
  expect(await json(['train', fine, ...TRAIN, '-m', at('cut')])).toMatchObject({ rows: 300 });
  const pattern = await run(['evaluate', at('c*t.csv.gz'), '-m', at('cut')]);
  expect(pattern.stderr).toMatch(/cut\.csv\.gz: expected a whole compressed file/);
});

it('a line of JSON that is cut, by its own number', async () => {
  const lines = jsonl(300).split('\n');
  lines[150] = '{"id": 1, "price":';
  const ran = await run(['train', file('cut.jsonl', lines.join('\n')), ...TRAIN, '-m', at('j')]);
  expect(ran).toMatchObject({ status: 3 });
  expect(ran.stderr).toMatch(/cut\.jsonl, line 151: expected JSON/);
});

describe('Parquet', () => {
  it.each(['[i]', "{'p': i}", "('b' || i)::BLOB", 'to_days(i::INT)'])(
    'refuses a column of %s, which a model cannot take, as input and as target',
    async (values) => {
      const input = await run(['train', await parquet('in.parquet', values), '-t', 'y']);
      expect(input).toMatchObject({ status: 2 });
      expect(input.stderr).toMatch(
        /column "x": expected numbers, texts, .* leave it out by --ignore/,
      );
      const target = await run(['train', await parquet('t.parquet', '1', values), '-t', 'y']);
      expect(target).toMatchObject({ status: 2 });
      expect(target.stderr).toMatch(
        /column "y": expected classes or numbers to predict, got [A-Z]/,
      );
    },
  );

  it.each([
    ['NULL::FLOAT', 'NULL::VARCHAR'],
    ['(i / 7)::DECIMAL(12, 3)', 'uuid()'],
    ["('u' || i % 40)", 'i::HUGEINT'],
    ["DATE '2020-01-01' + i::INT", "'only'"],
  ])('learns columns of %s and of %s', async (one, other) => {
    const path = await parquet('mixed.parquet', `${one} AS x, ${other}`);
    const flags = ['-t', 'y', '--preset', 'plain', '--layers', '4', '-m', at('p'), '--overwrite'];
    expect(await json(['train', path, ...flags])).toMatchObject({ rows: 300 });
  });

  it('reads rows of nothing but hashed texts as rows of their own', async () => {
    const text = (column: number) => `('t' || hash(i, ${column}) % 50)`;
    const path = at('texts.parquet');
    const columns = `${text(1)} AS a, ${text(2)} AS b, hash(i, 1) % 50 < 25 AS y`;
    await sql(`COPY (SELECT ${columns} FROM range(3000) t(i)) TO '${path}' (FORMAT parquet)`);
    const flags = [
      '-t',
      'y',
      '--preset',
      'plain',
      '--layers',
      '8',
      '--one-hot',
      '2',
      '-m',
      at('h'),
    ];
    const { metrics } = await json<{ metrics: { accuracy: number } }>(['train', path, ...flags]);
    // Column a decides; were all rows taken for one, nothing could be learned.
    expect(metrics.accuracy).toBeGreaterThan(0.65);
  });

  it('has no classes that are infinite or not a number', async () => {
    const classes = "CASE i % 4 WHEN 0 THEN 'inf' WHEN 1 THEN 'nan' WHEN 2 THEN '1' ELSE '0' END";
    const path = await parquet('inf.parquet', 'i', `(${classes})::DOUBLE`);
    const ran = await run(['train', path, '-t', 'y', '-m', at('inf')]);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.stderr).toMatch(/row 1, column "y": expected one of the classes 0, 1, got "inf"/);
  });
});

describe('an attached database', () => {
  it('of DuckDB is read, whatever it is called', async () => {
    await sql(`CREATE TABLE clicks AS FROM '${file('clicks.csv', GOOD)}'`, at('data.db'));
    const args = ['--sql', 'from db.clicks', '--attach', at('data.db'), '-m', at('attached')];
    expect(await json(['train', ...args, ...TRAIN])).toMatchObject({ rows: 300 });
  });

  it('that is none is named', async () => {
    const attach = (place: string) =>
      run(['train', '--sql', 'from db.t', '--attach', place, ...TRAIN]);
    const absent = await attach(at('absent.db'));
    expect(absent.stderr).toMatch(/--attach: expected a database, got no file at .*absent\.db/);
    expect(absent.status).toBe(2);
    const other = await attach(file('other.db', GOOD));
    expect(other.stderr).toMatch(/other\.db: expected a database of SQLite or DuckDB/);
    expect(other.status).toBe(3);
  });

  it('whose extension cannot be fetched says what to do, and no password', () => {
    const place = 'postgresql://me:…@there/db';
    const failure = new Error(
      'IO Error: Failed to download extension "postgres_scanner" at URL ' +
        '"http://extensions.duckdb.org/v1.5.5/linux_amd64/postgres_scanner.duckdb_extension.gz"',
    );
    const { code, message } = attachmentError(place, failure);
    expect(code).toBe('ERR_GLN_DEPENDENCY');
    expect(message).toContain(`extension postgres_scanner for ${place}`);
    expect(message).toContain(
      '~/.duckdb/extensions/v1.5.5/linux_amd64/postgres_scanner.duckdb_ext',
    );
    const refused = new Error('IO Error: no connection to "postgresql://me:secret@there/db"');
    expect(attachmentError(place, refused).message).not.toContain('secret');
  });
});

it('a folder for the model that is not there is found out before anything is learned', async () => {
  const path = file('some.csv', GOOD);
  const ran = await run(['train', path, ...TRAIN, '-m', join(at('nowhere'), 'model')]);
  expect(ran.stderr).toMatch(/--model: expected a folder that is there/);
  expect(ran.status).toBe(2);
});

// There is no such device elsewhere.
const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'a full disk behind standard output is an error in words, and no stack',
  async () => {
    const root = join(__dirname, '..', '..');
    const program = ['-r', 'ts-node/register/transpile-only', join(root, 'lib', 'cli', 'main.ts')];
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [...program, '--help'], {
      cwd: root,
      stdio: ['ignore', full, 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += String(text);
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(1);
    expect(said).toMatch(/^error: standard output: ENOSPC.*\n$/);
  },
  60_000,
);
