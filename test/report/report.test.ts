/** Reports: which pictures there are, and a page that needs nothing from elsewhere. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { AreaUnderCurve } from '../../lib/index';
import { type ReportContent, writeReport } from '../../lib/report';
import { reportPlots } from '../../lib/report/plots';
import { reportContent } from './content';

/** Pictures take about a second on an idle machine, a PNG of all of them another. */
const TIMEOUT = 60_000;

jest.setTimeout(TIMEOUT);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gln-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const titles = (given: ReportContent) => reportPlots(given).map(({ plot }) => plot.title);

async function written(name: string, content: ReportContent): Promise<string> {
  await writeReport(join(folder, name), content);
  return readFileSync(join(folder, name), 'utf8');
}

it('has a picture for all that is known, and none for what is not', () => {
  expect(titles(reportContent(2))).toEqual([
    'Learning curve',
    'Prequential log loss',
    'ROC curve',
    'Calibration',
    'Confusion matrix',
    'Contributions of columns',
  ]);
  expect(titles({ ...reportContent(2), learning: [], contributions: [] })).toEqual([
    'ROC curve',
    'Calibration',
    'Confusion matrix',
  ]);
  expect(titles(reportContent(30))).toContain('Confusion matrix');
  expect(titles(reportContent(51))).not.toContain('Confusion matrix');
  // One row is of one class, and no class can be told from others.
  expect(titles({ ...reportContent(3, 1), learning: [] })).toEqual([
    'Calibration',
    'Confusion matrix',
    'Contributions of columns',
  ]);
});

it('writes no more numbers into a confusion matrix than can be read', () => {
  const cells = (classes: number) => {
    const found = reportPlots(reportContent(classes)).find(({ plot }) => plot.type === 'heatMap');
    const plot = found?.plot;
    return { labels: plot?.type === 'heatMap' ? plot.labels : undefined, wide: found?.wide };
  };
  expect(cells(2).labels?.[0][0]).toMatch(/^\d+\n[\d.]+ %$/);
  expect(cells(5).labels?.flat().join('')).toMatch(/^\d+$/);
  expect(cells(20).labels).toBeDefined();
  expect(cells(21).labels).toBeUndefined();
  expect([2, 6, 7].map((classes) => cells(classes).wide)).toEqual([false, false, true]);
});

it('writes a page that opens without a network', async () => {
  const page = await written('page.html', reportContent(7));
  expect(page.match(/<figure[ >]/g)).toHaveLength(6);
  expect(page).not.toMatch(/<(?:script|link|img)|@import| src="|url\((?!#)| href="(?!#)/);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
  // The only addresses are names of SVG, which nobody looks up.
  const addresses = page.match(/\b\w+:\/\/[^"\s<]*/g) ?? [];
  expect(new Set(addresses)).toEqual(
    new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']),
  );
  expect(page).toContain('<title>a &lt;table&gt; &amp; its &quot;model&quot;</title>');
  // Names of clip paths and gradients: those of one picture must not catch another's.
  const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/(?:url\(#|href="#|labelledby=")([^)"]+)/g)) {
    expect(ids).toContain(id);
  }
});

it('writes pictures that are well-formed and named, with nothing for a mouse', async () => {
  const page = await written('pictures.html', reportContent(10, 500));
  const pictures = page.match(/<svg .*?<\/svg>/gs) ?? [];
  expect(pictures).toHaveLength(6);
  for (const picture of pictures) {
    // The rasteriser's parser refuses what is not well-formed.
    expect(new Resvg(picture).width).toBeGreaterThan(500);
    expect(picture).toMatch(/^<svg role="img" aria-label="[^"]+"/);
    expect(picture).not.toMatch(/<style|class=|pointer-events|ecmeta/);
  }
});

it('has a heading for each part and a table behind each picture', async () => {
  const page = await written('tables.html', reportContent(3));
  const headings = [...page.matchAll(/<(h[123])[^>]*>([^<]*)/g)].map(([, rank, text]) => [
    rank,
    text,
  ]);
  expect(headings.filter(([rank]) => rank === 'h1')).toHaveLength(1);
  expect(headings.filter(([rank]) => rank === 'h3').map(([, text]) => text)).toEqual([
    'All rows',
    'Classes',
    'Confusion matrix',
    'Calibration',
    'Learning curve',
    'Contributions of columns',
  ]);
  for (const table of page.match(/<table>.*?<\/table>/gs) ?? []) {
    const columns = table.match(/<th scope="col"/g)?.length;
    for (const row of table.match(/<tr>.*?<\/tr>/gs) ?? []) {
      expect(row.match(/<t[hd][ >]/g)).toHaveLength(columns ?? 0);
    }
  }
});

it('is small, and the same bytes each time', async () => {
  for (const [classes, kilobytes] of [
    [2, 100],
    [10, 180],
    [30, 250],
  ]) {
    const content = reportContent(classes, 2000);
    const page = await written('a.html', content);
    expect(page.length).toBeLessThan(1000 * kilobytes);
    expect(await written('b.html', content)).toBe(page);
  }
});

it('writes all pictures as one, wide ones in a line of their own', async () => {
  const svg = await written('all.svg', reportContent(2));
  expect(svg).toMatch(/^<svg [^>]*width="1352" height="1604"/);
  expect(svg).toContain('>a &lt;table&gt; &amp; its &quot;model&quot;</text>');
  await written('all.png', reportContent(2));
  const png = readFileSync(join(folder, 'all.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2704, 3208]);
  // Two lines of two, the matrix of ten classes, and what is left.
  expect(await written('wide.svg', reportContent(10))).toMatch(/ height="2348" /);
});

it('refuses other endings, and says when it cannot write', async () => {
  const to = (path: string) => writeReport(path, reportContent(2));
  await expect(to(join(folder, 'a.pdf'))).rejects.toMatchObject({ code: 'ERR_GLN_OPTION' });
  await expect(to(join(folder, 'no/a.html'))).rejects.toMatchObject({ code: 'ERR_GLN_IO' });
});

it('the area under the points of a ROC curve is the AUC', () => {
  const auc = new AreaUnderCurve(2);
  expect(auc.roc(1)).toEqual([]);
  for (let i = 0; i < 500; i++) {
    const score = 0.01 + ((i * 31) % 97) / 100;
    auc.update(i % 3 === 0 ? 1 : 0, [score], score > 0.5 ? 1 : 0);
  }
  const points = auc.roc(1);
  expect(points[0]).toEqual([0, 0]);
  expect(points.at(-1)).toEqual([1, 1]);
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    area += ((points[i][0] - points[i - 1][0]) * (points[i][1] + points[i - 1][1])) / 2;
  }
  // The same sums in another order.
  expect(area).toBeCloseTo(auc.value, 10);
});
