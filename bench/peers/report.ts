/** What people read: a table a data set, what its columns mean, and a picture. */
import type { Plot } from 'gated-linear-networks';
import { formatTable } from '../../lib/terminal/table';
import type { Dataset } from './datasets';
import { type Figure, isSkipped, LEAST_SHARE, type Line, TOLERANCE } from './figures';

const MEBIBYTE = 2 ** 20;

/** Said once, under all tables. */
export const LEGEND = [
  'Every model learned the same rows once, in the same order, in a process of its own, and was',
  'then tested on the same other rows. Medians over the samples; ± is their interquartile range.',
  'a call: rows that one call learned. GLNs learn them one after the other all the same; an MLP',
  '  makes one step with them; 1 is strictly online, and boosted trees need all rows at once.',
  'learn rows/s: rows by seconds of learning, predictions from before included where online.',
  'GLN is ×: how many times as fast the first row of the table learned, round by round. CPU ×: the',
  '  same of processor time, of all threads; what else the machine does hardly moves it.',
  'online %, online loss: each call predicted before it was learned; nothing for batch learners.',
  'test %, test loss: rows never learned. loss: mean -ln p of the true class, probabilities',
  '  divided by their sum.',
  'peak MiB: largest resident memory of the process with its runtime and the rows; added MiB: how',
  '  much of it came after libraries were loaded and rows were read.',
].join('\n');

/** Head, table, and agreement of one data set. */
export function formatDataset(dataset: Dataset, lines: readonly Line[]): string {
  const { name, inputSize, numClasses, learn, test, network } = dataset;
  const layers = [...network.layerSizes, 1].join('-');
  const head =
    `${name}: ${learn.labels.length} rows to learn, ${test.labels.length} to test, ` +
    `${inputSize} values, ${numClasses} classes; GLN ${layers}, ` +
    `${network.contextMapSize} halfspaces, rate ${network.learningRate}`;
  const figures = lines.filter((line): line is Figure => !isSkipped(line));
  const parts = [head, formatFigures(figures)];
  const skipped = lines.filter(isSkipped);
  if (skipped.length > 0) {
    parts.push(
      skipped
        .map(({ peer, title, skipped: why }) => `skipped: ${title} (${peer}): ${why}`)
        .join('\n'),
    );
  }
  const versions = [...new Set(figures.map(({ version }) => version))];
  if (versions.length > 0) parts.push(`with ${versions.join('; ')}`);
  const agreement = formatAgreement(figures);
  if (agreement !== '') parts.push(agreement);
  return parts.join('\n\n');
}

function formatFigures(figures: readonly Figure[]): string {
  const header = [
    ...['model', 'threads', 'a call', 'learn rows/s', '± %', 'GLN is ×', 'CPU ×', 'predict rows/s'],
    ...['online %', 'online loss', 'test %', 'test loss', 'peak MiB', 'added MiB'],
  ];
  const rows = figures.map((figure) => [
    figure.title,
    String(figure.threads),
    String(figure.rowsACall),
    digits(figure.learnRowsPerSecond.median),
    ((100 * figure.learnRowsPerSecond.spread) / figure.learnRowsPerSecond.median).toFixed(0),
    figure.oursTimesAsFast === null ? '' : digits(figure.oursTimesAsFast.median),
    figure.oursTimesLessCpu === null ? '' : digits(figure.oursTimesLessCpu.median),
    digits(figure.predictRowsPerSecond.median),
    percent(figure.prequentialAccuracy),
    loss(figure.prequentialLogLoss),
    percent(figure.testAccuracy),
    loss(figure.testLogLoss),
    mebibytes(figure.peakBytes),
    mebibytes(figure.addedBytes),
  ]);
  return formatTable(header, rows);
}

/** How far implementations of the same network are from ours. */
function formatAgreement(figures: readonly Figure[]): string {
  const [, ...rows] = figures.flatMap(({ title, threads, rowsACall, agreement }) => {
    if (agreement === null) return [];
    const { largest, median, share } = agreement;
    return [
      [
        title,
        String(threads),
        String(rowsACall),
        difference(median),
        difference(largest),
        (100 * share).toFixed(2),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const header = ['same network', 'threads', 'a call', 'median', 'largest', 'rows %'];
  return [
    "Differences of probabilities from the table's first row, and the share of rows on which all",
    `agree to ${TOLERANCE}; at least ${100 * LEAST_SHARE} % must:`,
    '',
    formatTable(header, rows),
  ].join('\n');
}

/** Learning speeds of all data sets, in powers of ten. */
export function speedPlot(lines: readonly Line[]): Plot {
  const figures = lines.filter((line): line is Figure => !isSkipped(line));
  const datasets = [...new Set(figures.map(({ dataset }) => dataset))];
  const peers = [...new Set(figures.map(({ peer }) => peer))].filter((peer) =>
    datasets.every((name) => figures.some((one) => one.peer === peer && one.dataset === name)),
  );
  return {
    type: 'bar',
    title: 'Rows learned a second',
    subtitle: 'Powers of ten: 3 is a thousand rows a second, 6 is a million',
    categories: peers,
    categoryName: 'Model',
    y: { name: 'Rows learned', unit: 'log10 rows/s', min: 0 },
    series: datasets.map((name) => ({
      name,
      values: peers.map((peer) => {
        const found = figures.find((one) => one.peer === peer && one.dataset === name);
        return Math.log10(found?.learnRowsPerSecond.median ?? 1);
      }),
    })),
  };
}

/** Three digits that count, or all before the point. */
function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

function percent(value: number | null): string {
  return value === null ? '' : (100 * value).toFixed(2);
}

function loss(value: number | null): string {
  return value === null ? '' : value.toFixed(4);
}

function mebibytes(value: number | null): string {
  return value === null ? '' : (value / MEBIBYTE).toFixed(0);
}

function difference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
