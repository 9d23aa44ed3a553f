/**
 * The rows that all models get: the same numbers, in the same order, cut at the
 * same place into rows to learn and rows to test with.
 */
import { gatherRows, loadMnist, shuffledIndices } from 'gated-linear-networks';
import { openTable, type Part, splitTable, TABLE_NAMES } from '../data/catalogue';
import { randomFloats } from '../random';
import type { Job, NetworkOptions } from './protocol';

/** Rows of one data set, with what suits them. */
export interface Dataset {
  name: string;
  inputSize: number;
  numClasses: number;
  learn: Part;
  test: Part;
  network: NetworkOptions;
  rates: Job['rates'];
  preset: Job['preset'];
}

/** How many rows, where there are more. */
export interface Limits {
  learn: number;
  test: number;
}

/** Share of a table's rows that is learned, as elsewhere in these measurements. */
const LEARN_SHARE = 0.7;
const GENERATED_ROWS = 10_000;
const GENERATED_COLUMNS = 40;
/** MNIST in short: slower models would take an hour for all of it. */
const MNIST_ROWS: Limits = { learn: 3000, test: 1500 };

/** Of PyGLN's defaults all that tables leave alone. */
const NETWORK = { contextMapSize: 4, predClipping: 1e-3, weightClipping: 5 } as const;

const TABLE_NETWORK: NetworkOptions = {
  ...NETWORK,
  layerSizes: [32, 16],
  basePredictor: 'logits',
  contextBias: true,
  learningRate: 0.01,
};

const IMAGE_NETWORK: NetworkOptions = {
  ...NETWORK,
  layerSizes: [16, 16],
  basePredictor: 'probabilities',
  contextBias: false,
  // Larger ones overshoot, and then programs that round differently part.
  learningRate: 1e-4,
};

/** Chosen out of four or five by the online log loss on these rows (docs/performance.md). */
const RATES = { sgd: 0.03, adam: 0.01, brain: 1 } as const;

/** Tables of numbers without gaps: what every model takes as it is. */
const TABLES = TABLE_NAMES.filter((name) => name !== 'breast-cancer');

/** Names of all data sets. */
export const DATASET_NAMES: readonly string[] = ['generated', ...TABLES, 'mnist'];

/** Those that are measured when nobody says which. */
export const DEFAULT_DATASETS: readonly string[] = ['generated', 'satellite', 'mnist'];

/**
 * Opens one of {@link DATASET_NAMES}.
 *
 * @param seed of the order of the rows
 * @throws GlnError `ERR_GLN_DEPENDENCY` where MNIST's package is missing
 */
export async function openDataset(
  name: string,
  seed: number,
  limits: Partial<Limits> = {},
): Promise<Dataset> {
  if (name === 'mnist') return mnist(seed, { ...MNIST_ROWS, ...limits });
  return cut(name === 'generated' ? generated(seed) : table(name, seed), limits);
}

/** Columns to the mean 0 and the deviation 1 that the rows to learn have. */
function standardize(learn: Part, test: Part, inputSize: number): void {
  const count = learn.labels.length;
  for (let column = 0; column < inputSize; column++) {
    let sum = 0;
    let squares = 0;
    for (let r = 0; r < count; r++) sum += learn.rows[r * inputSize + column];
    const centre = sum / count;
    for (let r = 0; r < count; r++) squares += (learn.rows[r * inputSize + column] - centre) ** 2;
    const scale = squares > 0 ? Math.sqrt(count / squares) : 1;
    for (const { rows } of [learn, test]) {
      for (let at = column; at < rows.length; at += inputSize) {
        rows[at] = (rows[at] - centre) * scale;
      }
    }
  }
}

function table(name: string, seed: number): Dataset {
  const whole = openTable(name);
  const { inputSize } = whole;
  const { train: learn, test } = splitTable(whole, seed);
  standardize(learn, test, inputSize);
  const common = { network: TABLE_NETWORK, rates: RATES, preset: 'tabular' } as const;
  return { name, inputSize, numClasses: whole.classes.length, learn, test, ...common };
}

/** Uniform columns; the class is a matter of some of them, of a product, and of luck. */
function generated(seed: number): Dataset {
  const count = GENERATED_ROWS;
  const inputSize = GENERATED_COLUMNS;
  const rows = randomFloats(count * inputSize, seed);
  const noise = randomFloats(count, seed + 1);
  const labels = Uint8Array.from({ length: count }, (_, r) => {
    const [a, b, c, d] = rows.subarray(r * inputSize, r * inputSize + 4);
    return Number(a + 2 * b * c + 0.5 * d + 0.3 * noise[r] > 0);
  });
  const middle = Math.floor(count * LEARN_SHARE);
  const part = (from: number, to: number) => ({
    rows: rows.slice(from * inputSize, to * inputSize),
    labels: labels.slice(from, to),
  });
  const [learn, test] = [part(0, middle), part(middle, count)];
  standardize(learn, test, inputSize);
  // What a line cannot tell makes large steps costly.
  const rates = { ...RATES, sgd: 0.003 };
  const common = { network: TABLE_NETWORK, rates, preset: 'tabular' } as const;
  return { name: 'generated', inputSize, numClasses: 2, learn, test, ...common };
}

async function mnist(seed: number, limits: Limits): Promise<Dataset> {
  const data = await loadMnist({ deskew: true, limit: limits.learn });
  const { inputSize, numClasses, train, test } = data;
  const order = shuffledIndices(train.size, seed);
  const learn = {
    rows: gatherRows(train.images, inputSize, order),
    labels: Uint8Array.from(order, (r) => train.labels[r]),
  };
  const common = { network: IMAGE_NETWORK, rates: RATES, preset: 'mnist-online' } as const;
  const all = { rows: test.images, labels: Uint8Array.from(test.labels) };
  return cut({ name: 'mnist', inputSize, numClasses, learn, test: all, ...common }, limits);
}

/** No more rows than asked for. */
function cut(dataset: Dataset, limits: Partial<Limits>): Dataset {
  const { inputSize } = dataset;
  const first = ({ rows, labels }: Part, most = labels.length): Part => ({
    rows: rows.subarray(0, most * inputSize),
    labels: labels.subarray(0, most),
  });
  const learn = first(dataset.learn, limits.learn);
  return { ...dataset, learn, test: first(dataset.test, limits.test) };
}
