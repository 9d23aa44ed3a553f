/** Reports: which pictures there are, and a page that needs nothing from elsewhere. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AreaUnderCurve, RunningMetrics } from '../../lib/index';
import { type ReportContent, writeReport } from '../../lib/report';
import { reportPlots } from '../../lib/report/plots';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gln-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function content(classes: number, rows = 200): ReportContent {
  const metrics = new RunningMetrics(classes);
  for (let i = 0; i < rows; i++) {
    const label = i % classes;
    const sure = 0.3 + (0.6 * ((i * 7) % 10)) / 10;
    const probabilities = Array.from({ length: classes }, (_, c) =>
      c === label ? sure : 1 - sure,
    );
    const answer = classes === 2 ? [probabilities[1]] : probabilities;
    metrics.update(label, answer, sure > 0.5 ? label : (label + 1) % classes);
  }
  return {
    title: 'a <table> & its "model"',
    metrics,
    classNames: Array.from({ length: classes }, (_, i) => `<class ${i}>`),
    learning: [1, 2, 4].map((rows) => ({
      ...{ rows, accuracy: 0.5, logLoss: 0.7, recentAccuracy: 0.6, recentLogLoss: 0.6 },
    })),
    contributions: [
      { column: 'price', contribution: 1.5 },
      { column: 'city', contribution: 0.5 },
    ],
    facts: [['layers', '8-1']],
  };
}

const titles = (given: ReportContent) => reportPlots(given).map(({ plot }) => plot.title);

it('has a picture for all that is known, and none for what is not', () => {
  expect(titles(content(2))).toEqual([
    'Learning curve',
    'Prequential log loss',
    'ROC curve',
    'Calibration',
    'Confusion matrix',
    'Contributions of columns',
  ]);
  expect(titles({ ...content(2), learning: [], contributions: [] })).toEqual([
    'ROC curve',
    'Calibration',
    'Confusion matrix',
  ]);
  expect(titles(content(30))).not.toContain('Confusion matrix');
});

it('writes a page that opens without a network', async () => {
  const path = join(folder, 'page.html');
  await writeReport(path, content(3));
  const page = readFileSync(path, 'utf8');
  expect(page.match(/<figure><svg/g)).toHaveLength(6);
  expect(page).not.toMatch(/<script|<link|<img|@import|src=|url\(http/);
  expect(page).toContain('a &lt;table&gt; &amp; its &quot;model&quot;');
  expect(page).not.toContain('<class 1>');
  // Names of clip paths and gradients: those of one picture must not catch another's.
  const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
});

it('writes all pictures as one', async () => {
  await writeReport(join(folder, 'all.svg'), content(2));
  const svg = readFileSync(join(folder, 'all.svg'), 'utf8');
  expect(svg).toMatch(/^<svg [^>]*width="1872" height="1776"/);
  await writeReport(join(folder, 'all.png'), content(2));
  const png = readFileSync(join(folder, 'all.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1872, 1776]);
});

it('refuses other endings, and says when it cannot write', async () => {
  const to = (path: string) => writeReport(path, content(2));
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
