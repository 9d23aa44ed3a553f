/** Training: the same rows from anywhere are the same model, also when a run is cut in two. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { fitState, GLN } from '../../lib/index';
import { at, cells, csv, file, json, jsonl, run, start, TRAIN, useFolder } from './support';

useFolder();

const ROWS = 1500;

/** Everything that a file holds of a model, but for where its rows were from. */
async function weights(path: string): Promise<string> {
  return (await GLN.load(path)).toBuffer().toString('base64');
}

describe('the same rows', () => {
  let expected: string;

  beforeAll(async () => {
    const path = file('rows.csv', csv(ROWS));
    await json(['train', path, ...TRAIN, '-m', at('csv')]);
    expected = await weights(at('csv'));
  });

  it('as Parquet', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (FROM '${at('rows.csv')}') TO '${at('rows.parquet')}'`);
    connection.closeSync();
    await json(['train', at('rows.parquet'), ...TRAIN, '-m', at('parquet')]);
    expect(await weights(at('parquet'))).toBe(expected);
  });

  it('as JSON lines', async () => {
    await json(['train', file('rows.jsonl', jsonl(ROWS)), ...TRAIN, '-m', at('jsonl')]);
    expect(await weights(at('jsonl'))).toBe(expected);
  });

  it('by a query', async () => {
    const query = `SELECT * FROM '${at('rows.csv')}';`;
    await json(['train', '--sql', query, ...TRAIN, '-m', at('query')]);
    expect(await weights(at('query'))).toBe(expected);
  });

  it('out of two files', async () => {
    file('part1.csv', csv(1000));
    file('part2.csv', csv(ROWS - 1000, 1000));
    await json(['train', at('part*.csv'), ...TRAIN, '-m', at('parts')]);
    expect(await weights(at('parts'))).toBe(expected);
  });

  it('as CSV from standard input', async () => {
    await json(['train', '-', ...TRAIN, '-m', at('stdin')], csv(ROWS));
    expect(await weights(at('stdin'))).toBe(expected);
  });

  it('as CSV with semicolons from standard input', async () => {
    await json(['train', '-', ...TRAIN, '-m', at('semicolons')], csv(ROWS).replaceAll(',', ';'));
    expect(await weights(at('semicolons'))).toBe(expected);
  });

  it('as JSON lines from standard input', async () => {
    const args = ['train', '-', '--format', 'jsonl', ...TRAIN, '-m', at('lines')];
    await json(args, jsonl(ROWS));
    expect(await weights(at('lines'))).toBe(expected);
  });

  it('with a look at the first rows alone', async () => {
    const args = ['train', '-', '--sample-rows', '200', ...TRAIN, '-m', at('sampled')];
    await json(args, csv(ROWS));
    expect(await weights(at('sampled'))).toBe(expected);
  });

  it('in another order are another model, the same for the same seed', async () => {
    const shuffled = (seed: string, name: string) =>
      json(['train', at('rows.csv'), ...TRAIN, '--shuffle', seed, '-m', at(name)]);
    await shuffled('1', 'one');
    await shuffled('1', 'again');
    expect(await weights(at('one'))).toBe(await weights(at('again')));
    expect(await weights(at('one'))).not.toBe(expected);
  });
});

it('says what it learned, and how well', async () => {
  const path = file('said.csv', csv(ROWS));
  const result = await json<{
    rows: number;
    metrics: { accuracy: number; classes: { name: string }[]; confusion: number[][] };
  }>(['train', path, ...TRAIN, '-m', at('said')]);
  expect(result).toMatchObject({ command: 'train', rows: ROWS, learned: ROWS, interrupted: false });
  expect(result.metrics.classes.map(({ name }) => name)).toEqual(['no', 'yes']);
  // One column decides: whoever read it wrongly would be near one half.
  expect(result.metrics.accuracy).toBeGreaterThan(0.85);
  expect(result.metrics.confusion.flat().reduce((a, b) => a + b)).toBe(ROWS);
});

it('prints aligned text for people, and says on stderr what it makes', async () => {
  const path = file('text.csv', csv(300));
  const { status, stdout, stderr } = await run(['train', path, ...TRAIN, '-m', at('text')]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^class +precision %/m);
  expect(stdout).toContain(`model in ${at('text')}`);
  expect(stderr).toBe(
    '3 columns (1 number, 1 oneHot, 1 hash), 2 classes of "clicked", layers 8-4-1\n',
  );
  const quiet = await run(['train', path, ...TRAIN, '-m', at('quiet'), '--quiet']);
  expect(quiet.stderr).toBe('');
});

it('does not overwrite a model unless told', async () => {
  const path = file('twice.csv', csv(100));
  await json(['train', path, ...TRAIN, '-m', at('twice')]);
  const before = readFileSync(at('twice'));
  const refused = await run(['train', path, ...TRAIN, '-m', at('twice')]);
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toContain('expected --resume, --continue or --overwrite');
  expect(readFileSync(at('twice'))).toEqual(before);
  await json(['train', path, ...TRAIN, '-m', at('twice'), '--overwrite']);
});

it('learns other data with a model that is there', async () => {
  await json(['train', file('a.csv', csv(500)), ...TRAIN, '-m', at('more')]);
  const result = await json([
    'train',
    file('b.csv', csv(300, 500)),
    '-m',
    at('more'),
    '--continue',
  ]);
  expect(result).toMatchObject({ rows: 300, rowsSeen: 800 });
});

describe('a run that is stopped', () => {
  /** Rows as text, a few at a time, with a stop in between that waits to be let go on. */
  async function* slowly(text: string, stop: number, reached: () => void): AsyncGenerator<string> {
    const lines = text.split(/(?<=\n)/);
    yield lines.slice(0, stop).join('');
    reached();
    await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
    yield lines.slice(stop).join('');
  }

  it('saves what it learned, and goes on to the same bits', async () => {
    await json(['train', file('whole.csv', csv(ROWS)), ...TRAIN, '-m', at('whole')]);
    let stdin: Readable | undefined;
    const stopped = await new Promise<{ status: number; stderr: string; stdout: string }>(
      (resolve) => {
        const reached = (): void => {
          // Time for what was read to be learned in part.
          setTimeout(() => running.signals.emit('SIGINT'), 300);
        };
        stdin = Readable.from(slowly(csv(ROWS), 1300, reached));
        const args = ['train', '-', '--sample-rows', '100', ...TRAIN, '-m', at('cut'), '--json'];
        const running = start(args, stdin);
        void running.done.then(resolve);
      },
    );
    stdin?.destroy();
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain('the model is being saved');
    const result = JSON.parse(stopped.stdout) as { rows: number; interrupted: boolean };
    expect(result.interrupted).toBe(true);
    const half = await GLN.load(at('cut'));
    expect(fitState(half)?.position).toBe(result.rows);
    expect(result.rows).toBeLessThan(ROWS);

    await json(['train', at('whole.csv'), '-m', at('cut'), '--resume']);
    expect(await weights(at('cut'))).toBe(await weights(at('whole')));
    const [resumed, straight] = await Promise.all(
      [at('cut'), at('whole')].map(async (path) => fitState(await GLN.load(path))),
    );
    expect(resumed).toEqual(straight);
  }, 30_000);

  it('ends at once at the second signal', async () => {
    const kills: number[] = [];
    const endless = Readable.from(
      (async function* () {
        yield csv(200);
        for (let i = 200; ; i++) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield `${cells(i).join(',')}\n`;
        }
      })(),
    );
    const args = ['train', '-', '--sample-rows', '100', ...TRAIN, '-m', at('killed')];
    const running = start(args, endless, (status) => kills.push(status));
    await new Promise((resolve) => setTimeout(resolve, 300));
    running.signals.emit('SIGTERM');
    running.signals.emit('SIGTERM');
    expect((await running.done).status).toBe(143);
    expect(kills).toEqual([143]);
  });
});

it('keeps checkpoints on the way', async () => {
  const path = file('points.csv', csv(5000));
  const args = ['train', path, ...TRAIN, '-m', at('points'), '--checkpoint-rows', '1024'];
  const { checkpoints } = await json<{ checkpoints: number }>(args);
  expect(checkpoints).toBeGreaterThan(1);
});
