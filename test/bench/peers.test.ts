/** `npm run bench:peers`: its flags, tables, lines of JSON, what it skips and what it refuses. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEERS } from '../../bench/peers/catalogue';
import { compare } from '../../bench/peers/comparison';
import { type Dataset, openDataset } from '../../bench/peers/datasets';
import { agreementOf, type Figure, isSkipped, type Line } from '../../bench/peers/figures';
import { main } from '../../bench/peers/main';
import type { Run } from '../../bench/peers/run-peer';
import { Workspace } from '../../bench/peers/workspace';
import { Random } from '../support/random';

const root = join(__dirname, '..', '..');
const givenPython = process.env.GLN_PYTHON;
let folder = '';
let before: string[] = [];

/** Folders of comparisons, such as a killed one leaves behind. */
function workspaces(): string[] {
  const results = join(root, 'bench', 'results');
  const names = existsSync(results) ? readdirSync(results) : [];
  return names.filter((name) => name.startsWith('peers-'));
}

// Each of the processes needs a second on a machine that others use, too.
jest.setTimeout(120_000);

beforeAll(() => {
  // What `npm run bench:peers` does before: processes use the package as it is published.
  const script = join(root, 'scripts', 'build-typescript.mjs');
  execFileSync(process.execPath, [script, '--if-stale'], { cwd: root, stdio: 'ignore' });
  before = workspaces();
  folder = mkdtempSync(join(tmpdir(), 'gln-peers-'));
  // What is installed here must not decide what these tests see.
  process.env.GLN_PYTHON = join(folder, 'no-python');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (givenPython === undefined) delete process.env.GLN_PYTHON;
  else process.env.GLN_PYTHON = givenPython;
});

async function run(...args: string[]) {
  const outcome = { code: 0, stdout: '', stderr: '' };
  outcome.code = await main(args, {
    stdout: (text) => {
      outcome.stdout += text;
    },
    stderr: (text) => {
      outcome.stderr += text;
    },
  });
  return outcome;
}

function linesOf(text: string): Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function figureOf(lines: readonly Line[], peer: string): Figure {
  const line = lines.find((one) => one.peer === peer);
  if (line === undefined || isSkipped(line)) throw new Error(`${peer}: ${JSON.stringify(line)}`);
  return line;
}

it('prints a table of the models that run here, and why others do not', async () => {
  const report = join(folder, 'speeds.svg');
  const only = 'gln,gln-threads,numpy,sgd,tensorflow,brain';
  const args = ['--data', 'pima', '--rows', '90', '--samples', '2', '--only', only];
  const { code, stdout, stderr } = await run(...args, '--report', report);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^pima, 1 of 2: gln, \d+\.\d s$/m);
  expect(stderr).not.toMatch(/error/);
  expect(stdout).toMatch(/^pima: 90 rows to learn, 45 to test, 8 values, 2 classes; GLN 32-16-1/m);
  const [header, rule, ...rows] = stdout.split('\n').slice(3, 9);
  expect(rule).toMatch(/^[- ]+$/);
  for (const line of [header, ...rows]) expect(line).toHaveLength(rule.length);
  const cells = rows.map((line) => line.split(/ {2,}/));
  expect(cells.map(([model, , call]) => [model, call])).toEqual([
    ['GLN', '90'],
    ['GLN', '90'],
    ['MLP, TensorFlow.js', '32'],
    ['MLP, brain.js', '1'],
  ]);
  expect(
    cells.every((line) => line.length === 14 && line.slice(3).every((cell) => cell !== '')),
  ).toBe(true);
  expect(stdout).toContain(
    `skipped: the same GLN in NumPy (numpy): there is no ${process.env.GLN_PYTHON}\n`,
  );
  expect(stdout).toContain('skipped: SGDClassifier (sgd): there is no');
  expect(stdout).toMatch(/^with (scalar|avx2|avx512|neon), Node .*; tfjs .*; brain\.js /m);
  expect(stdout).toMatch(/^GLN +\d+ +90 +0 +0 +100\.00$/m);
  expect(stdout).toContain('online %, online loss: each call predicted before it was learned');
  expect(readFileSync(report, 'utf8')).toContain('Rows learned a second');
});

it('prints one line of JSON a model, with figures that can be right', async () => {
  const only = 'gln,gln-row,gln-preset,torch,tensorflow-row,brain';
  const { code, stdout, stderr } = await run(
    ...['--quick', '--rows', '300', '--data', 'generated', '--only', only, '--json'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = linesOf(stdout);
  expect(lines.map(({ dataset, peer }) => `${dataset} ${peer}`)).toEqual(
    only.split(',').map((peer) => `generated ${peer}`),
  );
  expect(lines.filter(isSkipped)).toEqual([
    {
      dataset: 'generated',
      peer: 'torch',
      title: 'the same GLN in PyTorch',
      skipped: `there is no ${process.env.GLN_PYTHON}`,
    },
  ]);
  for (const line of lines) {
    if (isSkipped(line)) continue;
    expect(line).toMatchObject({ learnRows: 300, testRows: 150, threads: 1 });
    expect(line.learnRowsPerSecond.values).toEqual([line.learnRowsPerSecond.median]);
    expect(line.learnRowsPerSecond.median).toBeGreaterThan(0);
    expect(line.learnRowsPerCpuSecond.median).toBeGreaterThan(0);
    expect(line.predictRowsPerSecond.median).toBeGreaterThan(0);
    expect(line.testAccuracy).toBeGreaterThan(0.4);
    expect(line.testLogLoss).toBeGreaterThan(0);
    // A Node process with nothing in it takes tens of MiB, and none here holds a gibibyte.
    expect(line.peakBytes).toBeGreaterThan(2 ** 24);
    expect(line.peakBytes).toBeLessThan(2 ** 30);
    expect(line.addedBytes).toBeGreaterThanOrEqual(0);
  }
  // One row a call is the same algorithm, here with few inputs to the bit.
  const [ours, byRow] = [figureOf(lines, 'gln'), figureOf(lines, 'gln-row')];
  expect(byRow).toMatchObject({ rowsACall: 1, testLogLoss: ours.testLogLoss });
  expect(byRow.agreement).toEqual({ largest: 0, median: 0, share: 1 });
  expect(ours.oursTimesAsFast?.median).toBe(1);
  expect(figureOf(lines, 'brain').agreement).toBeNull();
});

it.each([
  [['--only', 'gln,pytorch'], /"pytorch" is none of gln, gln-threads/],
  [['--data', 'iris'], /"iris" is none of generated, letter/],
  [['--samples', '0'], /integer from 1 to 100/],
  [['--rows', 'many'], /integer from 1 to/],
  [['--report', 'speeds.pdf'], /\.svg or \.png/],
  [['--python', 'no-such-python'], /--python <path>.*there is no no-such-python/],
  [['--python', process.execPath], /is no Python/],
  [['--fast'], /unknown option/],
  [['rest'], /too many arguments/],
])('%j ends with 2 and a message', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(message);
});

/** A stand-in that follows the protocol of program.py; `body` sees the `job` and `fs`. */
function standIn(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!${process.execPath}
    const fs = require('node:fs');
    if (process.argv[2] === '-c') console.log(42);
    else { const job = JSON.parse(fs.readFileSync(0, 'utf8')); ${body} }`,
    { mode: 0o755 },
  );
  return path;
}

it.each([
  ['is not installed', "console.error('numpy is not installed'); process.exit(3);", 0],
  ['breaks', "console.error('Traceback\\nKeyError: x'); process.exit(1);", 1],
])('goes on with the others where a model %s', async (name, body, expected) => {
  const python = standIn(name.replaceAll(' ', '-'), body);
  const args = ['--data', 'vowel', '--rows', '50', '--quick', '--only', 'numpy,tensorflow'];
  const { code, stdout, stderr } = await run(...args, '--json', '--python', python);
  expect(code).toBe(expected);
  const lines = linesOf(stdout);
  const [skipped, ran] = lines;
  const why = expected === 0 ? 'numpy is not installed' : 'it failed: numpy: KeyError: x';
  expect(skipped).toMatchObject({ peer: 'numpy', skipped: why });
  expect(figureOf([ran], 'tensorflow').oursTimesAsFast).toBeNull();
  expect(stderr).toBe(expected === 0 ? '' : 'error: vowel: numpy: KeyError: x\n');
});

it('ends with 1 where a GLN predicts something else than ours', async () => {
  const python = standIn(
    'wrong-python',
    `for (const part of ['learn', 'test']) {
      fs.writeFileSync(job.out + '/' + part + '.f32', new Float32Array(job.counts[part]).fill(0.5));
      fs.writeFileSync(job.out + '/' + part + '.u8', new Uint8Array(job.counts[part]));
    }
    console.log(JSON.stringify({
      version: 'wrong 1.0', rowsACall: 1, online: true, learnSeconds: 1, learnCpuSeconds: 1, predictSeconds: 1,
      peakBytes: null, addedBytes: null,
    }));`,
  );
  const args = ['--data', 'pima', '--rows', '50', '--quick', '--only', 'gln,numpy'];
  const { code, stdout, stderr } = await run(...args, '--json', '--python', python);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: pima: numpy agrees with ours on \d+\.\d\d % of the rows, differs/,
  );
  const figure = figureOf(linesOf(stdout), 'numpy');
  expect(figure).toMatchObject({ version: 'wrong 1.0', peakBytes: null, addedBytes: null });
  expect(figure.agreement?.largest).toBeGreaterThan(0.01);
});

it('counts rows whose probabilities differ', () => {
  const predicted = (...probabilities: number[]) => ({
    probabilities: Float32Array.from(probabilities),
    classes: new Uint8Array(2),
  });
  const runOf = (learn: number[], test: number[]) =>
    ({ learn: predicted(...learn), test: predicted(...test) }) as Run;
  // Two rows of two values each: one differs much, one a little, two not at all.
  const ours = runOf([0.5, 0.5, 0.25, 0.5], [1, 0, 0.5, 0.5]);
  const other = runOf([0.5, 0.5, 0.25, 0.75], [1, 0.0005, 0.5, 0.5]);
  const { largest, median, share } = agreementOf(other, ours);
  expect([largest, share]).toEqual([0.25, 0.75]);
  expect(median).toBeCloseTo(0.00025, 6);
});

it('gives every model the same standardised rows, and leaves nothing behind', async () => {
  const { learn, test, inputSize } = await openDataset('satellite', 3, { learn: 4000 });
  expect([learn.labels.length, test.labels.length]).toEqual([4000, 1931]);
  const column = learn.rows.filter((_, i) => i % inputSize === 5);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  // 4,000 of the 4,504 rows that the mean and the deviation are of.
  expect(Math.abs(mean)).toBeLessThan(0.05);
  const again = await openDataset('satellite', 3, { learn: 10 });
  expect(again.learn.rows).toEqual(learn.rows.subarray(0, 10 * inputSize));
  expect(workspaces()).toEqual(before);
});

const python = givenPython || 'python3';
const has = (library: string) => spawnSync(python, ['-c', `import ${library}`]).status === 0;

describe.each([
  ['numpy', 'numpy'],
  ['torch', 'torch'],
])('the GLN in Python with %s', (id, library) => {
  const found = has(library);
  const name = 'predicts what ours predicts, with every base predictor';
  (found ? it : it.skip)(
    found ? name : `${name} (skipped: ${python} has no ${library})`,
    async () => {
      const random = new Random(5);
      const part = (count: number) => ({
        rows: random.floats(count * 6),
        labels: Uint8Array.from({ length: count }, () => random.below(3)),
      });
      const learn = part(200);
      // A row of equal values: min-max has nothing to divide by.
      learn.rows.fill(0.25, 12, 18);
      const workspace = new Workspace();
      try {
        for (const basePredictor of ['minMax', 'probabilities', 'logits'] as const) {
          const dataset: Dataset = {
            ...{ name: basePredictor, inputSize: 6, numClasses: 3, learn, test: part(50) },
            ...{ rates: { sgd: 1, adam: 1, brain: 1 }, preset: 'tabular' as const },
            network: {
              ...{ layerSizes: [5, 4], contextMapSize: 3, basePredictor, contextBias: true },
              // Weights that reach their bound within these rows.
              ...{ learningRate: 0.05, predClipping: 1e-3, weightClipping: 0.4 },
            },
          };
          const peers = PEERS.filter((peer) => ['gln', id].includes(peer.id));
          const plan = { peers, samples: 1, seed: 7, python, onRun: () => undefined };
          const { lines, failures } = await compare(dataset, workspace, plan);
          expect(failures).toEqual([]);
          // Single precision on both sides, summed in different orders.
          expect(figureOf(lines, id).agreement?.largest).toBeLessThan(1e-5);
        }
      } finally {
        workspace.remove();
      }
    },
  );
});
