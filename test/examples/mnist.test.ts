/** The MNIST example, run in this process on a small folder in MNIST's form. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../../examples/mnist/main';
import { runnerOf } from './run';

let folder: string;
const isaBefore = process.env.GLN_ISA;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gln-example-'));
  for (const [prefix, size] of [
    ['train', 200],
    ['t10k', 50],
  ] as const) {
    const images = Buffer.alloc(16 + size * 784);
    images.set([0, 0, 8, 3, 0, 0, 0, size, 0, 0, 0, 28, 0, 0, 0, 28]);
    const labels = Buffer.alloc(8 + size);
    labels.set([0, 0, 8, 1, 0, 0, 0, size]);
    for (let row = 0; row < size; row++) {
      // Class k is a filled block of two rows of pixels, another for every class.
      const label = row % 10;
      labels[8 + row] = label;
      images.fill(255, 16 + row * 784 + label * 56, 16 + row * 784 + label * 56 + 56);
    }
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), images);
    await writeFile(join(folder, `${prefix}-labels-idx1-ubyte`), labels);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

afterEach(() => {
  if (isaBefore === undefined) delete process.env.GLN_ISA;
  else process.env.GLN_ISA = isaBefore;
});

const run = runnerOf(main);

it('prints one line of JSON and nothing else', async () => {
  const { code, stdout } = await run('--json', '--data', folder, '--layers', '4', '--no-deskew');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\{.*\}\n$/);
  const result = JSON.parse(stdout);
  expect(Object.keys(result)).toEqual(['accuracy', 'seconds', 'rowsPerSecond', 'isa']);
  expect(result.accuracy).toBeGreaterThanOrEqual(0);
  expect(result.accuracy).toBeLessThanOrEqual(1);
  expect(result.rowsPerSecond).toBeCloseTo(200 / result.seconds, 3);
  expect(typeof result.isa).toBe('string');
});

it('prints the accuracy, the table of classes, the confusion matrix and the time', async () => {
  const { code, stdout } = await run('--data', folder, '--layers', '4', '--epochs', '2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^test set: 50 rows, accuracy \d+\.\d\d %/);
  expect(stdout).toContain('precision %');
  expect(stdout).toContain('actual \\ predicted');
  expect(stdout).toMatch(/learned 400 rows in .* s \(\d+ rows\/s, \w+\)\n$/);
});

it('explains mistakes: 2 for a flag, 1 for missing data', async () => {
  expect(await run('--layers', 'wide')).toMatchObject({ code: 2, stdout: '' });
  const missing = await run('--data', join(folder, 'missing'));
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^error: .*missing/);
});
