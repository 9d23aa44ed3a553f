/** The report's page in a real browser: it is whole, fits, and asks for nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ReportContent, writeReport } from '../../lib/report';
import { Browser, findBrowser, type View } from './browser';
import { reportContent } from './content';

/** Starting a browser takes seconds on a busy machine. */
const TIMEOUT = 120_000;
const path = findBrowser();
const run = path === undefined ? describe.skip : describe;
const without = path === undefined ? ' (not run: no Chromium was found)' : '';

/** Texts of pictures that are cut off, or that touch another text. */
const CLUTTER = `
  [...document.querySelectorAll('figure svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')]
      .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    const cut = texts.filter(({ box }) =>
      box.left < frame.left - 1 || box.right > frame.right + 1 ||
      box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    const touching = texts.filter((one, i) => texts.some((other, j) => j > i &&
      Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1 &&
      Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 3));
    const name = svg.getAttribute('aria-label');
    return [...cut.map(({ text }) => name + ' cuts off ' + text),
      ...touching.map(({ text }) => name + ' writes over ' + text)];
  })`;

/** Contrast of the text with what is behind it, as WCAG 2 defines it. */
const CONTRAST = `
  (() => {
    const luminance = (colour) => {
      const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const back = luminance(getComputedStyle(document.body).backgroundColor);
    return ['body', 'dt', 'figcaption', 'thead th'].map((selector) => {
      const ink = luminance(getComputedStyle(document.querySelector(selector)).color);
      return (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    });
  })()`;

run(`a report in a browser${without}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gln-report-'));
    browser = await Browser.start(path ?? '');
  }, TIMEOUT);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  }, TIMEOUT);

  async function show(content: ReportContent, view: View): Promise<string> {
    const file = join(folder, 'report.html');
    await writeReport(file, content);
    browser.requests.length = 0;
    browser.complaints.length = 0;
    await browser.open(file, view);
    return pathToFileURL(file).href;
  }

  it(
    'asks for nothing but itself, runs nothing, and has no complaints',
    async () => {
      const url = await show(reportContent(7), { width: 1280 });
      expect(browser.requests).toEqual([url]);
      expect(browser.complaints).toEqual([]);
      // Names that try to be markup are texts.
      expect(await browser.evaluate('document.title')).toBe('a <table> & its "model"');
      expect(await browser.evaluate("document.querySelectorAll('script, img, link').length")).toBe(
        0,
      );
    },
    TIMEOUT,
  );

  it(
    'would be caught if it did, and its policy would stop it',
    async () => {
      const file = join(folder, 'report.html');
      const address = 'http://example.invalid/a.png';
      await show(reportContent(2), { width: 1280 });
      await browser.evaluate(
        `document.body.append(Object.assign(new Image(), { src: '${address}' })), 0`,
      );
      await browser.complaint(/Content Security Policy/);
      expect(browser.requests).toContain(address);
      browser.complaints.length = 0;
      writeFileSync(file, `<img src="${address}">`);
      await browser.open(file, { width: 1280 });
      await browser.complaint(/ERR_NAME_NOT_RESOLVED/);
      expect(browser.complaints.join()).not.toContain('Content Security Policy');
    },
    TIMEOUT,
  );

  it(
    'shows every picture with a name, a heading and a caption, and all numbers',
    async () => {
      const content = reportContent(3);
      await show(content, { width: 1280 });
      const figures = await browser.evaluate<
        { width: number; height: number; drawn: number; label: string; title: string }[]
      >(`[...document.querySelectorAll('figure')].map((figure) => {
        const svg = figure.querySelector('svg[role=img]');
        const { width, height } = svg.getBoundingClientRect();
        const title = document.getElementById(figure.getAttribute('aria-labelledby')).textContent;
        const drawn = svg.querySelectorAll('path').length;
        const label = svg.getAttribute('aria-label');
        return { width, height, drawn, label, title: figure.querySelector('figcaption') && title };
      })`);
      expect(figures.map(({ title }) => title)).toEqual([
        'Learning curve',
        'Prequential log loss',
        'ROC curves, each class against the rest',
        'Calibration',
        'Confusion matrix',
        'Contributions of columns',
      ]);
      for (const { width, height, drawn, label, title } of figures) {
        expect(width).toBeGreaterThan(400);
        expect(height).toBeGreaterThan(300);
        expect(drawn).toBeGreaterThan(5);
        expect(label).toBe(title);
      }
      const text = await browser.evaluate<string>('document.body.innerText');
      const { accuracy, logLoss, classes } = content.metrics.snapshot();
      expect(text).toContain(`${(100 * accuracy).toFixed(2)} %`);
      expect(text).toContain(logLoss.toFixed(4));
      for (const { recall } of classes) expect(text).toContain((100 * recall).toFixed(2));
      expect(await browser.evaluate('document.documentElement.lang')).toBe('en');
      expect(await browser.evaluate("document.querySelectorAll('h1').length")).toBe(1);
    },
    TIMEOUT,
  );

  it.each([
    ['2 classes', reportContent(2)],
    ['3 classes', reportContent(3)],
    ['10 classes', reportContent(10, 2000)],
    ['30 classes', reportContent(30, 3000)],
    ['one row', { ...reportContent(3, 1), learning: [] }],
    ['many rows', { ...reportContent(2, 500), learning: learning(10_000_000) }],
  ])(
    'fits screens wide and narrow, with no text cut off or written over: %s',
    async (_, content) => {
      for (const width of [1280, 400, 320]) {
        await show(content, { width });
        const page = 'document.documentElement';
        expect(await browser.evaluate(`${page}.scrollWidth - ${page}.clientWidth`)).toBe(0);
        expect(await browser.evaluate(CLUTTER)).toEqual([]);
      }
    },
    TIMEOUT,
  );

  it(
    'can be read in light and dark schemes, and is light on paper',
    async () => {
      const content = reportContent(3);
      const backgrounds: string[] = [];
      for (const view of [
        { width: 1280, scheme: 'light' },
        { width: 1280, scheme: 'dark' },
        { width: 800, scheme: 'dark', media: 'print' },
      ] as const) {
        await show(content, view);
        for (const contrast of await browser.evaluate<number[]>(CONTRAST)) {
          expect(contrast).toBeGreaterThanOrEqual(4.5);
        }
        const background = 'getComputedStyle(document.body).backgroundColor';
        backgrounds.push(await browser.evaluate(background));
      }
      const white = 'rgb(255, 255, 255)';
      expect(backgrounds).toEqual([white, expect.not.stringMatching(white), white]);
    },
    TIMEOUT,
  );

  it(
    'prints on a few pages',
    async () => {
      await show(reportContent(3), { width: 1280 });
      const pdf = (await browser.pdf()).toString('latin1');
      expect(pdf.slice(0, 5)).toBe('%PDF-');
      const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length;
      expect(pages).toBeGreaterThanOrEqual(2);
      expect(pages).toBeLessThanOrEqual(4);
    },
    TIMEOUT,
  );
});

/** A long run's curve, its points ever further apart. */
function learning(rows: number): ReportContent['learning'] {
  const points: { rows: number; accuracy: number; logLoss: number }[] = [];
  for (let seen = 512; seen < rows; seen += Math.max(512, Math.ceil(seen / 64))) {
    points.push({ rows: seen, accuracy: 0.9 - 0.2 / Math.log(seen), logLoss: 0.3 });
  }
  return points;
}
