/** The benchmark's command line, its lines of JSON, and the arithmetic behind them. */

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseFlags } from '../../bench/flags';
import {
  gatingOperations,
  gluForwardOperations,
  gluStepOperations,
  learningOperations,
  mixingOperations,
  parameterBytes,
  touchedBytes,
} from '../../bench/operations';
import type { Line } from '../../bench/protocol';
import { comparisons, type Outcome, toLines } from '../../bench/report';
import { interquartileRange, median } from '../../bench/statistics';
import { buildInfo } from '../../lib';

const root = join(__dirname, '..', '..');

function run(...args: string[]) {
  const script = join(root, 'bench', 'main.ts');
  const { GLN_ISA: _ignored, ...env } = process.env;
  return spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', script, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
}

describe('npm run bench', () => {
  beforeAll(() => {
    // What `npm run bench` does before: the benchmark measures the package as it is published.
    const script = join(root, 'scripts', 'build-typescript.mjs');
    execFileSync(process.execPath, [script, '--if-stale'], { cwd: root, stdio: 'ignore' });
  }, 60_000);

  it('prints a line of JSON for each figure', () => {
    const isa = buildInfo().available.at(-1) ?? 'scalar';
    const flags = ['--only', 'call,gate', '--json', '--quick', '--repeats', '1'];
    const { status, stdout, stderr } = run(...flags, '--isa', isa, '--threads', '1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
    for (const line of lines) {
      expect(line).toEqual({
        case: expect.stringMatching(/^(call|gate)$/),
        isa,
        threads: 1,
        metric: expect.any(String),
        value: expect.any(Number),
        unit: expect.any(String),
        spread: expect.any(Number),
      });
      expect(Object.keys(line).join()).toBe('case,isa,threads,metric,value,unit,spread');
      expect(line.value).toBeGreaterThan(0);
    }
    const units = (name: string) =>
      lines.filter((line) => line.case === name).map((line) => line.unit);
    expect(units('gate')).toEqual(expect.arrayContaining(['peak', 'GFLOP/s', 'rows/s']));
    expect(new Set(units('call'))).toEqual(new Set(['ns/call']));
  }, 60_000);

  it('compares the gated linear unit with TensorFlow.js', () => {
    const isa = buildInfo().available.at(-1) ?? 'scalar';
    const flags = ['--only', 'glu', '--json', '--quick', '--repeats', '1'];
    const { status, stdout, stderr } = run(...flags, '--isa', isa, '--threads', '1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
    for (const work of ['forward', 'training step']) {
      const of = lines.filter(({ metric }) => metric.startsWith(work));
      expect(of.map(({ metric, unit }) => `${metric}, ${unit}`)).toEqual([
        `${work}, peak`,
        `${work}, GFLOP/s`,
        `${work}, rows/s`,
        `${work} against TensorFlow.js wasm, times`,
        `${work} against TensorFlow.js cpu, times`,
      ]);
      expect(of.every(({ value }) => value > 0)).toBe(true);
    }
  }, 120_000);

  it('ends with 2 after a mistake', () => {
    const { status, stdout, stderr } = run('--only', 'gates');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*"gates" is none of gate, learn/);
  });
});

describe('flags', () => {
  const parse = (...args: string[]) => parseFlags(args, ['gate', 'learn'], ['scalar', 'avx2']);

  it('keep the order of cases, put the fastest instruction set first', () => {
    expect(parse('--only', 'learn,gate', '--threads', '2,1', '--quick')).toMatchObject({
      json: false,
      only: ['gate', 'learn'],
      isa: ['avx2', 'scalar'],
      threads: [1, 2],
      repeats: 3,
      quick: true,
    });
  });

  it.each([
    ['--isa', 'mmx'],
    ['--threads', '0'],
    ['--repeats', 'many'],
    ['--slow', ''],
  ])('%s %s is a mistake', (flag, value) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(parse(flag, value)).toBe(2);
    expect(write.mock.calls.join('')).toMatch(/^error: /);
    write.mockRestore();
  });
});

it('counts the useful operations and the bytes of a network', () => {
  // Two networks of 3-2-1: weights a row 2 · (3 · 4 + 2 · 4 + 1 · 3), one halfspace of 5 values each.
  const shape = {
    inputSize: 3,
    layerSizes: [3, 2],
    networks: 2,
    contextMapSize: 1,
    sideInfoSize: 5,
  };
  const weights = 2 * (3 * 4 + 2 * 4 + 1 * 3);
  const planes = 2 * 6 * 5;
  expect(mixingOperations(shape)).toBe(2 * weights);
  expect(learningOperations(shape)).toBe(4 * weights);
  expect(gatingOperations(shape)).toBe(2 * planes);
  expect(touchedBytes(shape)).toBe(4 * (planes + 2 * weights));
  expect(parameterBytes(shape)).toBe(4 * (planes + 2 * weights));
});

it('counts the operations of a gated linear unit', () => {
  // Two products of 2 rows, 3 inputs and 5 units; backward, twice as many.
  const shape = { rows: 2, inputs: 3, units: 5 };
  expect(gluForwardOperations(shape)).toBe(2 * 2 * (2 * 3 * 5));
  expect(gluStepOperations(shape)).toBe(6 * 2 * (2 * 3 * 5));
});

it('takes medians and interquartile ranges', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(interquartileRange([1, 2, 3, 4, 5])).toBe(2);
  expect(interquartileRange([7])).toBe(0);
});

it('compares rows a second with one thread and with the portable kernels', () => {
  const outcome = (isa: string, threads: number, values: number[]): Outcome => ({
    case: 'learn',
    threads,
    answer: {
      isa,
      digest: '',
      measurements: [{ metric: `learn ${isa}`, quantity: 'learn', unit: 'rows/s', values }],
    },
  });
  const outcomes = [outcome('avx2', 1, [50]), outcome('avx2', 2, [80]), outcome('scalar', 1, [10])];
  expect(outcomes.flatMap(toLines).map((line) => line.value)).toEqual([50, 80, 10]);
  expect(
    comparisons(outcomes).map(({ isa, threads, metric, value }) => [isa, threads, metric, value]),
  ).toEqual([
    ['avx2', 1, 'learn against scalar', 5],
    ['avx2', 2, 'learn against one thread', 1.6],
  ]);
});
