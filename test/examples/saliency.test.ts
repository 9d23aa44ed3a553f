/** The saliency example: ten maps from a few rows, drawn where it was told to. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../../examples/saliency/main';
import { runnerOf } from './run';

// Seconds on two idle cores; a busy machine must not fail it.
jest.setTimeout(120_000);

const run = runnerOf(main);

it('draws one map for each digit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gln-saliency-'));
  try {
    const picture = join(folder, 'maps.svg');
    const { code, stdout } = await run('--quick', '--json', '--rows', '3', '--out', picture);
    expect(code).toBe(0);
    const { accuracy, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ rowsPerClass: 3, picture });
    // Measured 93.7 % after 3,000 rows; a broken model or wrong pixels give far less.
    expect(accuracy).toBeGreaterThan(0.88);
    const svg = await readFile(picture, 'utf8');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts).toEqual(
      expect.arrayContaining(['What speaks for each digit', ...Array.from('0123456789')]),
    );
    // One cell a pixel and digit, and not all of one colour.
    const fills = [...svg.matchAll(/<path d="[^"]*" fill="(rgb[^"]*)"/g)].map(([, fill]) => fill);
    expect(fills.length).toBeGreaterThanOrEqual(7840);
    expect(new Set(fills).size).toBeGreaterThan(200);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('explains its flags and refuses others', async () => {
  expect((await run('--help')).stdout).toContain('--out <file>');
  expect((await run('--rows', '0')).code).toBe(2);
  const { code, stderr } = await run('--quick', '--data', '/nowhere');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: /);
});
