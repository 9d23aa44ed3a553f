/** The density example: small digits, a few rows, and a picture where it was told to. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { binarise } from '../../examples/density/images';
import { main } from '../../examples/density/main';
import { loadMnist } from '../../lib/index';
import { runnerOf } from './run';

// Seconds on two idle cores; a busy machine must not fail it.
jest.setTimeout(120_000);

const run = runnerOf(main);

const SMALL = [
  ...['--shrink', '4', '--binarise', 'threshold'],
  ...['--rows', '2000', '--test-rows', '500', '--json'],
];

/** What 49 pixels cost when each is predicted by its own frequency alone (the test below). */
const INDEPENDENT = -11.26;

it('learns small digits, and draws some', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gln-density-'));
  try {
    const picture = join(folder, 'digits.svg');
    const { code, stdout, stderr } = await run(...SMALL, '--out', picture);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ rows: 2000, testRows: 500, picture });
    // Measured: -9.74 at the end, -9.40 of the test images.
    expect(summary.onlineAtTheEnd).toBeGreaterThan(INDEPENDENT + 1);
    expect(summary.onlineAtTheEnd).toBeGreaterThan(summary.online);
    expect(summary.test).toBeGreaterThan(INDEPENDENT + 1);
    expect(summary.testOnline).toBeGreaterThan(summary.test);
    const svg = await readFile(picture, 'utf8');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts).toEqual(expect.arrayContaining(['Drawn', 'Test digits', 'Completed']));
    // One cell for each of 49 pixels of 60 digits.
    const cells = [...svg.matchAll(/<path d="[^"]*" fill="(rgb[^"]*)"/g)];
    expect(cells.length).toBeGreaterThanOrEqual(2940);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('makes bits of grey levels', async () => {
  const { train } = await loadMnist({ limit: 2000 });
  const drawn = binarise(train, { rows: 2000, shrink: 4, how: 'sample', seed: 1 });
  expect(drawn).toMatchObject({ count: 2000, side: 7 });
  const grey = train.images.reduce((a, b) => a + b, 0) / train.images.length;
  const ink = drawn.bits.reduce((a, b) => a + b, 0) / drawn.bits.length;
  // 98,000 draws: three deviations are below 0.004.
  expect(Math.abs(ink - grey)).toBeLessThan(0.004);
  const whole = binarise(train, { rows: 1, shrink: 1, how: 'threshold', seed: 1 });
  const first = train.images.subarray(0, 784);
  expect(whole.bits).toEqual(Uint8Array.from(first, (x) => Number(x > 0.5)));
  const sharp = binarise(train, { rows: 2000, shrink: 4, how: 'threshold', seed: 1 });
  let entropy = 0;
  for (let pixel = 0; pixel < 49; pixel++) {
    let ones = 0;
    for (let row = 0; row < 2000; row++) ones += sharp.bits[row * 49 + pixel];
    const p = ones / 2000;
    if (p > 0 && p < 1) entropy -= p * Math.log(p) + (1 - p) * Math.log(1 - p);
  }
  expect(entropy).toBeCloseTo(-INDEPENDENT, 2);
});

it('explains its flags and refuses others', async () => {
  expect((await run('--help')).stdout).toContain('--gate-bits <number>');
  expect((await run('--rows', '0')).code).toBe(2);
  expect((await run('--shrink', '3')).code).toBe(2);
  const { code, stderr } = await run('--data', '/nowhere');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: /);
});
