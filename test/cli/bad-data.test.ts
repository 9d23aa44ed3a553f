/** Broken data: each message names the file, the row and the column, and the status is 3. */
import { readFileSync } from 'node:fs';
import { GLN } from '../../lib/index';
import { at, csv, file, json, jsonl, run, TRAIN, useFolder } from './support';

useFolder();

/** The table with line number `number` (from 1, the names' line included) replaced. */
function withLine(text: string, number: number, line: string): string {
  const lines = text.split('\n');
  lines[number - 1] = line;
  return lines.join('\n');
}

const GOOD = csv(200);
const shown = (line: string) => withLine(GOOD, 101, line);

const SHORT = '99,3.5,Lisbon';
const TEXT = '99,cheap,Lisbon,user1,yes';

describe('a row is named', () => {
  it.each([
    [
      'a text among numbers',
      TEXT,
      /bad\.csv, row 100, column "price": expected a number, got "cheap"/,
    ],
    [
      'a huge number',
      '99,1e30,Lisbon,user1,yes',
      /row 100, column "price": .*within ± 10\^15, got/,
    ],
    [
      'an infinite number',
      '99,inf,Lisbon,user1,yes',
      /row 100, column "price": expected a number, got "inf"/,
    ],
    [
      'no class',
      '99,1,Lisbon,user1,',
      /row 100, column "clicked": expected one of .*no, yes, got nothing/,
    ],
    [
      'a line with too few columns',
      SHORT,
      /bad\.csv, line 101.*Expected Number of Columns: 5 Found: 3/,
    ],
    ['a line with too many', `${TEXT},1,2`, /bad\.csv, line 101.*Expected Number of Columns: 5/],
    ['a line with empty cells at its end', `${TEXT},,,`, /bad\.csv: expected lines of the same/],
  ])('in a file of CSV: %s', async (_, line, message) => {
    const path = file('bad.csv', shown(line));
    const ran = await run(['train', path, ...TRAIN, '-m', at('bad'), '--overwrite']);
    expect(ran.stderr).toMatch(message);
    expect(ran.status).toBe(3);
  });

  it.each([
    ['a text among numbers', TEXT, /standard input, line 101, column "price": expected a number/],
    ['no class', '99,1,Lisbon,user1,', /line 101, column "clicked": .* got nothing/],
    ['a line with too few columns', SHORT, /standard input, line 101: .*expect 5, got 3/],
    ['an open quote', '99,1,"Lisbon,user1,yes', /standard input, line 201: Quote/],
  ])('in CSV from standard input: %s', async (_, line, message) => {
    const ran = await run(['train', '-', ...TRAIN, '-m', at('in'), '--overwrite'], shown(line));
    expect(ran.stderr).toMatch(message);
    expect(ran.status).toBe(3);
  });

  it('in the second of two files, by its own number', async () => {
    await json(['train', file('fine.csv', GOOD), ...TRAIN, '-m', at('fine')]);
    const second = file('second.csv', shown('99,1,Lisbon,user1,maybe'));
    const ran = await run(['evaluate', at('fine.csv'), second, '-m', at('fine')]);
    expect(ran.stderr).toMatch(/second\.csv, row 100, column "clicked": .* got "maybe"/);
    const shuffled = await run(['evaluate', second, '-m', at('fine'), '--shuffle', '3']);
    expect(shuffled.stderr).toMatch(/second\.csv, row 100, column "clicked": .* got "maybe"/);
  });

  it('in JSON lines', async () => {
    const lines = withLine(jsonl(200), 100, '{"id": 1, "price": }');
    const ran = await run(['train', '-', '--format', 'jsonl', ...TRAIN, '-m', at('j')], lines);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.stderr).toMatch(/standard input, line 100: expected JSON/);
    const fromFile = await run(['train', file('bad.jsonl', lines), ...TRAIN, '-m', at('j')]);
    expect(fromFile).toMatchObject({ status: 3 });
    expect(fromFile.stderr).toMatch(/bad\.jsonl.*line 10\d/);
    const list = await run(['train', '-', '--format', 'jsonl', ...TRAIN], '[1, 2]\n');
    expect(list.stderr).toMatch(/line 1: expected an object, got \[1, 2\]/);
  });

  it('in sparse texts', async () => {
    const bad = async (format: string, text: string) => {
      const args = ['train', '-', '--format', format, '--sample-rows', '2', '-m', at('s')];
      const ran = await run([...args, '--overwrite'], text);
      expect(ran.status).toBe(3);
      return ran.stderr;
    };
    expect(await bad('libsvm', '1 1:2\n-1 2:x\n')).toMatch(/line 2: expected index:value .*"2:x"/);
    expect(await bad('libsvm', '1 1:2\n-1 2:1\n1 7:1\n')).toMatch(
      /line 3: .*1 to 2, got 7.*--features/,
    );
    expect(await bad('vw', '1 |a b\n-1 c d\n')).toMatch(/line 2: expected \| and features/);
    expect(await bad('vw', '1 |a b:x\n')).toMatch(/line 1: expected feature:value, got "b:x"/);
  });
});

it('leaves what is before the fault in the file of the model', async () => {
  const path = file('late.csv', withLine(csv(3000), 2901, '99,cheap,Lisbon,user1,yes'));
  const ran = await run(['train', path, ...TRAIN, '-m', at('late')]);
  expect(ran.status).toBe(3);
  expect((await GLN.load(at('late'))).rowsSeen).toBe(2899);
});

it('leaves out rows that are wrong, counts them, and learns the rest as if they were not there', async () => {
  const lines = GOOD.split('\n');
  const without = (...numbers: number[]) =>
    lines.filter((_, i) => !numbers.includes(i + 1)).join('\n');
  await json(['train', file('less.csv', without(51, 101)), ...TRAIN, '-m', at('less')]);
  const faulty = withLine(shown(TEXT), 51, SHORT);
  const args = ['train', file('faulty.csv', faulty), ...TRAIN, '-m', at('faulty')];
  const result = await json<{ skipped: { count: number; reasons: string[] } }>([
    ...args,
    '--skip-invalid',
  ]);
  expect(result.skipped.count).toBe(2);
  expect(result.skipped.reasons.join('\n')).toMatch(/column "price".*line 51/s);
  const [one, other] = await Promise.all([at('less'), at('faulty')].map((path) => GLN.load(path)));
  expect(one.toBuffer()).toEqual(other.toBuffer());
});

it.each([
  ['no file at all', () => at('nothing.csv'), /No files found/],
  ['a file that is no Parquet', () => file('no.parquet', 'garbage garbage'), /no\.parquet/],
  ['a Parquet file that is cut', () => cutParquet(), /cut\.parquet/],
  ['an empty file', () => file('empty.csv', ''), /empty\.csv|--target/],
])('refuses %s', async (_, path, message) => {
  const ran = await run(['train', path(), ...TRAIN, '-m', at('never')]);
  expect(ran.stderr).toMatch(message);
  expect([2, 3]).toContain(ran.status);
});

function cutParquet(): string {
  const whole = Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 7), Buffer.from('PAR1')]);
  return file('cut.parquet', whole.toString('latin1'));
}

it('refuses files that are no model, and damaged ones', async () => {
  const path = file('some.csv', GOOD);
  expect(await run(['predict', path, '-m', file('x.st', 'nonsense')])).toMatchObject({ status: 3 });
  await new GLN({ inputSize: 2, layerSizes: [2] }).save(at('plain.st'));
  const plain = await run(['predict', path, '-m', at('plain.st')]);
  expect(plain.stderr).toContain('the file names no columns');
  expect(plain.status).toBe(3);
  await json(['train', path, ...TRAIN, '-m', at('whole.st')]);
  const bytes = readFileSync(at('whole.st'));
  bytes[bytes.length - 9] ^= 1;
  expect(await run(['inspect', file('damaged.st', bytes.toString('latin1'))])).toMatchObject({
    status: 3,
  });
  expect(await run(['inspect', at('absent.st')])).toMatchObject({ status: 2 });
});
