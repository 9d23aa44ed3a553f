/** Pictures: whole files of the right form and size, with every name in them. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { Resvg } from '@resvg/resvg-js';
import { renderPlot, savePlot } from '../../lib/plots/render';
import type { ImageGridPlot, Plot } from '../../lib/plots/types';
import { bar, heatMap, imageGrid, line } from './plots';

/** Texts of an SVG file, in their order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

function pngSize(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The unpacked (still filtered) pixels of a PNG file. */
function pixels(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let start = 8; start < bytes.length; ) {
    const length = bytes.readUInt32BE(start);
    const type = bytes.toString('latin1', start + 4, start + 8);
    if (type === 'IDAT') parts.push(bytes.subarray(start + 8, start + 8 + length));
    start += length + 12;
  }
  return inflateSync(Buffer.concat(parts));
}

const cases: [string, Plot, string[]][] = [
  [
    'line',
    line,
    ['Learning curves', 'one pass', 'Rows learned (log scale)', 'Accuracy (%)', 'network'],
  ],
  ['bar', bar, ['Data sets', 'Data set', 'Accuracy (%)', 'letter', 'adult', 'trees']],
  [
    'heat map',
    heatMap,
    ['Confusion', 'Actual class', 'Predicted class', 'cat', '253', '% of the row'],
  ],
  ['image grid', imageGrid, ['Maps', 'first', 'second', 'weight', '2', '-2']],
];

it.each(cases)('draws a %s plot as SVG that can be parsed, with its texts', (_, plot, expected) => {
  const svg = renderPlot(plot);
  // The rasteriser's parser refuses what is not well-formed.
  const parsed = new Resvg(svg);
  expect([parsed.width, parsed.height].every((side) => side >= 150)).toBe(true);
  expect(texts(svg)).toEqual(expect.arrayContaining(expected));
});

it.each(cases)('draws a %s plot as PNG of the size asked for', (_, plot) => {
  const png = renderPlot(plot, { format: 'png', width: 400, height: 300, pixelRatio: 1.5 });
  expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(pngSize(png)).toEqual({ width: 600, height: 450 });
  // Anti-aliased letters and lines make many shades; an empty picture has one.
  expect(new Set(pixels(png)).size).toBeGreaterThan(50);
});

it('puts the title into the pixels of a PNG', () => {
  const draw = (title: string): Buffer =>
    pixels(renderPlot({ ...bar, title }, { format: 'png', pixelRatio: 1 }));
  expect(draw('One title').equals(draw('Another'))).toBe(false);
  expect(draw('One title').equals(draw('One title'))).toBe(true);
});

it('draws each line in a colour of its own', () => {
  const points = [[1, 2] as const, [3, 4] as const];
  const svg = renderPlot({
    ...line,
    series: ['a', 'b', 'c'].map((name) => ({ name, points })),
  });
  for (const colour of ['#0072b2', '#d55e00', '#009e73']) expect(svg).toContain(colour);
});

const fillsOf = (svg: string): Set<string> =>
  new Set([...svg.matchAll(/fill="(#[0-9a-f]{6}|rgb\([^)]*\))"/g)].map(([, fill]) => fill));

/** The colour of an image of one pixel that one of another value lacks. */
function colourOf(value: number, other: number, colours: ImageGridPlot['colours']): string[] {
  const draw = (only: number): Set<string> =>
    fillsOf(
      renderPlot({
        ...imageGrid,
        imageWidth: 1,
        imageHeight: 1,
        images: [{ title: 'one', values: [only] }],
        limit: 1,
        colours,
      }),
    );
  const others = draw(other);
  // The colour bar is the same in both, so what differs is the cell.
  return [...draw(value)].filter((fill) => !others.has(fill));
}

it('colours an image by the sign of its values', () => {
  expect(colourOf(1, -1, undefined)).toEqual(['rgb(138,42,6)']);
  expect(colourOf(-1, 1, 'diverging')).toEqual(['rgb(5,60,107)']);
});

it('colours an image from 0 up', () => {
  expect(colourOf(1, 0, 'sequential')).toEqual(['rgb(8,48,107)']);
  expect(colourOf(0, 1, 'sequential')).toEqual(['rgb(247,251,255)']);
});

it('draws intervals, rows below, and bars from left to right', () => {
  const points = [[20, 10] as const, [80, 90] as const];
  const axis = { name: 'p', min: 0, max: 100 };
  const plain: Plot = {
    type: 'line',
    title: 'a',
    x: axis,
    y: axis,
    series: [{ name: 'b', points }],
  };
  const ranges = [[5, 30] as const, [60, 95] as const];
  const svg = renderPlot({
    ...plain,
    series: [{ name: 'b', points, ranges }],
    counts: { name: 'Rows', bins: [{ low: 0, high: 50, count: 1234 }] },
  });
  expect(texts(svg)).toEqual(expect.arrayContaining(['Rows', '1.2K']));
  expect(svg.match(/<path /g)?.length).toBeGreaterThan(
    renderPlot(plain).match(/<path /g)?.length ?? 0,
  );
  const long = 'a category with a name that is too long to stand beside its bar, whatever the font';
  const bars = { ...bar, categories: ['letter', long], horizontal: true, stacked: true };
  const names = texts(renderPlot(bars));
  expect(names).toContain('letter');
  expect(names).not.toContain(long);
  expect(names.some((name) => /^a cat.*….*font$/.test(name))).toBe(true);
});

it('leaves the title to a heading where asked, and says it to those who do not see', () => {
  expect(texts(renderPlot(line))).toContain('Learning curves');
  const svg = renderPlot(line, { title: false });
  expect(texts(svg)).not.toContain('Learning curves');
  expect(texts(svg)).not.toContain('one pass');
  expect(svg).toMatch(/^<svg role="img" aria-label="Learning curves, one pass" /);
});

it('draws the same bytes again', () => {
  expect(renderPlot(heatMap)).toBe(renderPlot(heatMap));
});

it('writes a file in the format that its name says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gln-plots-'));
  try {
    await savePlot(join(folder, 'a.svg'), line, { width: 500, height: 400 });
    await savePlot(join(folder, 'a.PNG'), line, { width: 500, height: 400 });
    const svg = await readFile(join(folder, 'a.svg'), 'utf8');
    expect(svg).toContain('width="500" height="400"');
    expect(pngSize(await readFile(join(folder, 'a.PNG')))).toEqual({ width: 1000, height: 800 });
    await expect(savePlot(join(folder, 'no', 'a.svg'), line)).rejects.toMatchObject({
      code: 'ERR_GLN_IO',
      message: expect.stringContaining('a.svg: could not be written'),
    });
    await expect(savePlot(join(folder, 'a.gif'), line)).rejects.toMatchObject({
      code: 'ERR_GLN_OPTION',
      message: expect.stringMatching(/^path: expected a file name that ends with \.svg or \.png/),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
