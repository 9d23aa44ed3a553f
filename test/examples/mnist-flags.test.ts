/** The command line of the MNIST example: its defaults, and plain words for mistakes. */

import { type Flags, parseFlags } from '../../examples/mnist/options';
import { outputTo } from './run';

interface Outcome {
  result: Flags | number;
  stdout: string;
  stderr: string;
}

function parse(...args: string[]): Outcome {
  const texts = { stdout: '', stderr: '' };
  const result = parseFlags(args, outputTo(texts));
  return { result, ...texts };
}

it('has the defaults of the published example', () => {
  expect(parse().result).toEqual({
    layers: [16, 16],
    seed: 1,
    isa: 'auto',
    learningRate: 1e-3,
    halfspaces: 4,
    epochs: 1,
    deskew: true,
    json: false,
  });
});

it('reads every flag', () => {
  const line =
    '--layers 50,25 --seed 0 --isa avx2 --threads 2 --learning-rate 1e-2 --halfspaces 8 ' +
    '--epochs 3 --no-deskew --json --data folder';
  expect(parse(...line.split(' ')).result).toEqual({
    layers: [50, 25],
    seed: 0,
    isa: 'avx2',
    threads: 2,
    learningRate: 0.01,
    halfspaces: 8,
    epochs: 3,
    deskew: false,
    json: true,
    data: 'folder',
  });
});

it.each([
  ['--layers', '16,x'],
  ['--layers', ''],
  ['--seed', '-1'],
  ['--seed', '1.5'],
  ['--isa', 'mmx'],
  ['--threads', '0'],
  ['--learning-rate', '0'],
  ['--learning-rate', 'fast'],
  ['--epochs', '0'],
  ['--halfspaces', 'four'],
])('exits with 2 and names the flag: %s %s', (flag, value) => {
  const { result, stdout, stderr } = parse(flag, value);
  expect(result).toBe(2);
  expect(stderr).toContain(flag);
  expect(stdout).toBe('');
});

it('exits with 2 for what it does not know, and with 0 after help', () => {
  expect(parse('--colour').result).toBe(2);
  expect(parse('more').result).toBe(2);
  const help = parse('--help');
  expect(help.result).toBe(0);
  expect(help.stdout).toContain('--learning-rate <number>');
});
