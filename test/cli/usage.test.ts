/** The command line itself: help, wrong flags, exit status, JSON. */
import { Readable } from 'node:stream';
import { versionOf } from '../../lib/cli/commands/doctor';
import { loadCliPeer } from '../../lib/cli/peers';
import { at, csv, file, json, run, start, TRAIN, useFolder } from './support';

useFolder();

const COMMANDS = 'train predict evaluate explain inspect serve bench mnist doctor'.split(' ');

it.each(COMMANDS)('%s tells what it does and its flags', async (command) => {
  const { status, stdout, stderr } = await run([command, '--help']);
  expect(status).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain(`Usage: gln ${command} [options]`);
  expect(stdout).toMatch(/^ {2}--json +print one JSON document/m);
  expect(stdout).toMatch(/^ {2}-q, --quiet/m);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('names every command, and the meaning of its exit status', async () => {
  const { status, stdout } = await run(['--help']);
  expect(status).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  expect(stdout).toContain('130 and 143 interrupted');
  expect(await run(['--version'])).toMatchObject({
    status: 0,
    stdout: `${versionOf('gated-linear-networks')}\n`,
  });
  expect(await run([])).toMatchObject({ status: 2, stdout: '' });
});

it.each([
  [['nothing'], /unknown command 'nothing'/],
  [['train', '--nothing'], /unknown option '--nothing'/],
  [['train', 'x.csv'], /--target: expected the name of the column/],
  [['train', '-t', 'y'], /data: expected files/],
  [['train', 'x.unknown', '-t', 'y'], /x\.unknown: expected a name that tells the format/],
  [['train', 'x.csv', '-t', 'y', '--format', 'xml'], /--format: expected one of .*got "xml"/],
  [['train', 'x.csv', 'y.parquet', '-t', 'y'], /expected files of one format, got csv and parquet/],
  [['train', 'x.csv', '-t', 'y', '--sql', 'select 1'], /--sql: expected no files/],
  [['train', '-', 'x.csv', '-t', 'y'], /expected nothing beside -/],
  [['train', 'x.csv', '-t', 'y', '--layers', '8,x'], /--layers: expected an integer.*got "x"/],
  [['train', 'x.csv', '-t', 'y', '--rate', '0'], /--rate: expected a number above 0, got "0"/],
  [['train', 'x.csv', '-t', 'y', '--preset', 'best'], /--preset: expected tabular or plain/],
  [['train', 'x.csv', '-t', 'y', '--report', 'a.pdf'], /--report: expected a name that ends/],
  [['train', 'x.csv', '-t', 'y', '--resume', '--continue'], /expected one of --resume/],
  [['evaluate', 'x.csv', '-t', 'y'], /expected --model, --prequential or --holdout/],
  [['evaluate', 'x.csv', '--holdout', '2'], /--holdout: expected a number between 0 and 1/],
  [['evaluate', '-', '-t', 'y', '--holdout', '0.5'], /data that can be read twice/],
  [['predict', 'x.csv', '-m', 'absent', '--json'], /--json: expected --output too/],
  [['predict', 'x.csv', '-m', 'absent'], /--model: expected a file that is there, got absent/],
  [['serve', '--port', '70000'], /--port: expected an integer 0 to 65535/],
  [['mnist', '--preset', 'x'], /--preset: expected one of mnist/],
])('%j is wrong', async (args, message) => {
  const { status, stderr } = await run(args);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

it('says which columns there are where one is not', async () => {
  const path = file('columns.csv', csv(20));
  const absent = await run(['train', path, '-t', 'klicked']);
  expect(absent.stderr).toMatch(
    /--target: expected a column of .*\(id, price, city, user, clicked\)/,
  );
  expect(absent.status).toBe(2);
  expect((await run(['train', path, '-t', 'clicked', '--ignore', 'x'])).stderr).toMatch(/--ignore/);
  const weight = await run(['train', path, '-t', 'clicked', '--weight', 'mass']);
  expect(weight.stderr).toMatch(/--weight: expected a column of .*got "mass"/);
  const same = await run(['train', path, '-t', 'clicked', '--weight', 'clicked']);
  expect(same.stderr).toContain('--weight: expected another column than the target');
  expect(same.status).toBe(2);
  const one = await run(['train', '--sql', "select 1 as a, 'b' as y", '-t', 'y']);
  expect(one.stderr).toMatch(/at least 2 different values to tell apart, got 1/);
  const list = await run([
    'train',
    '--sql',
    "select [1] as a, 'b' as y",
    '-t',
    'y',
    '--classes',
    'a,b',
  ]);
  expect(list.stderr).toMatch(
    /column "a": expected numbers.*got INTEGER\[\]; leave it out by --ignore/,
  );
});

it('with --json tells programs of failures too', async () => {
  const path = file('fail.csv', csv(50).replace(/,no\n/, ',perhaps\n'));
  await json(['train', file('ok.csv', csv(50)), ...TRAIN, '-m', at('ok')]);
  const { status, stdout } = await run(['evaluate', path, '-m', at('ok'), '--json']);
  expect(status).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'ERR_GLN_SOURCE',
      status: 3,
      place: { source: path, column: 'clicked' },
    },
  });
});

it('says what to install where a package is missing', () => {
  const missing = (): never => {
    throw new Error('Cannot find module');
  };
  expect(() => loadCliPeer('@duckdb/node-api', missing)).toThrow(
    'reading files and queries: the package @duckdb/node-api could not be loaded: ' +
      'run `npm install @duckdb/node-api`',
  );
});

it('any option of a model can be set', async () => {
  const path = file('set.csv', csv(100));
  const args = ['train', path, ...TRAIN, '-m', at('set'), '--set', 'weightClipping=3'];
  await json([...args, '--set', 'aggregation=average', '--rate', '0.05', '--seed', '9']);
  expect(await json(['inspect', at('set')])).toMatchObject({
    options: { weightClipping: 3, aggregation: 'average', learningRate: 0.05, seed: 9 },
  });
  const wrong = await run([...args.slice(0, -1), 'weightClipping=-1', '--overwrite']);
  expect(wrong.stderr).toMatch(/weightClipping: expected/);
  expect(wrong.status).toBe(2);
  expect((await run([...args.slice(0, -1), 'x', '--overwrite'])).stderr).toMatch(/option=value/);
});

it('the doctor finds everything here', async () => {
  const result = await json<{
    ok: boolean;
    addon: object;
    peers: { name: string; version: string }[];
  }>(['doctor']);
  expect(result).toMatchObject({ ok: true, addon: { loaded: true } });
  expect(result.peers.find(({ name }) => name === 'commander')?.version).toMatch(/^14\./);
  expect((await run(['doctor'])).stdout).toContain('a row was learned');
});

it('bench measures', async () => {
  const args = ['bench', '--rows', '500', '--inputs', '6', '--class-count', '3', '--layers', '4'];
  const result = await json<Record<string, number>>(args);
  expect(result.learnRowsPerSecond).toBeGreaterThan(0);
  expect(result.predictRowsPerSecond).toBeGreaterThan(0);
  expect((await run(args)).stdout).toMatch(/^learn +[\d ]+ rows\/s$/m);
});

it('mnist learns digits', async () => {
  const args = ['mnist', '--rows', '600', '--preset', 'pygln', '--no-deskew'];
  const { accuracy } = await json<{ accuracy: number }>(args);
  // Guessing gets 0.1; 600 digits of these settings about 0.6.
  expect(accuracy).toBeGreaterThan(0.3);
});

it('an unreadable standard input is an error of the data', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('the pipe broke'));
    },
  });
  const { status, stderr } = await start(['train', '-', '-t', 'y'], broken).done;
  expect(stderr).toContain('standard input: could not be read: the pipe broke');
  expect(status).toBe(3);
});
