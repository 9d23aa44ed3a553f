/**
 * Labelled rows for accuracy comparisons: real MNIST, and the UCI tables that
 * stand in bench/data (exports of R's mlbench).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { gatherLabels, gatherRows, loadMnist, shuffledIndices } from 'gated-linear-networks';

/** Training and test rows of one data set. */
export interface Split {
  name: string;
  inputSize: number;
  numClasses: number;
  train: { rows: Float32Array; labels: Uint8Array };
  test: { rows: Float32Array; labels: Uint8Array };
}

/** A data set that can be split anew for every seed. */
export type Dataset = (seed: number) => Split;

const TRAIN_SHARE = 0.7;

/** A table with a header; every other column is a number. */
function table(name: string, labelColumn: string): Dataset {
  const text = readFileSync(join(__dirname, '..', 'data', `${name}.csv`), 'utf8');
  const records = parse(text, { columns: true }) as Record<string, string>[];
  const features = Object.keys(records[0]).filter((column) => column !== labelColumn);
  const classes = [...new Set(records.map((record) => record[labelColumn]))].sort();
  const rows = new Float32Array(records.length * features.length);
  records.forEach((record, r) => {
    features.forEach((feature, f) => {
      rows[r * features.length + f] = Number(record[feature]);
    });
  });
  const labels = Uint8Array.from(records, (record) => classes.indexOf(record[labelColumn]));
  const width = features.length;
  return (seed) => {
    const order = shuffledIndices(labels.length, seed);
    const cut = Math.floor(labels.length * TRAIN_SHARE);
    const part = (indices: Uint32Array) => ({
      rows: gatherRows(rows, width, indices),
      labels: Uint8Array.from(gatherLabels(labels, indices)),
    });
    const train = part(order.subarray(0, cut));
    const test = part(order.subarray(cut));
    standardise(train.rows, test.rows, width);
    return { name, inputSize: width, numClasses: classes.length, train, test };
  };
}

/** Both parts to the training part's mean 0 and deviation 1, feature by feature. */
function standardise(train: Float32Array, test: Float32Array, width: number): void {
  for (let f = 0; f < width; f++) {
    const count = train.length / width;
    let sum = 0;
    let squares = 0;
    for (let i = f; i < train.length; i += width) sum += train[i];
    const mean = sum / count;
    for (let i = f; i < train.length; i += width) squares += (train[i] - mean) ** 2;
    const deviation = Math.sqrt(squares / count) || 1;
    for (const rows of [train, test]) {
      for (let i = f; i < rows.length; i += width) rows[i] = (rows[i] - mean) / deviation;
    }
  }
}

/** The data sets by name, loaded when they are asked for. */
export const DATASETS: Readonly<Record<string, () => Promise<Dataset>>> = {
  mnist: async () => {
    const mnist = await loadMnist({ deskew: true });
    return (seed) => {
      const order = shuffledIndices(mnist.train.size, seed);
      return {
        name: 'mnist',
        inputSize: mnist.inputSize,
        numClasses: mnist.numClasses,
        train: {
          rows: gatherRows(mnist.train.images, mnist.inputSize, order),
          labels: Uint8Array.from(gatherLabels(mnist.train.labels, order)),
        },
        test: { rows: mnist.test.images, labels: mnist.test.labels },
      };
    };
  },
  letter: async () => table('LetterRecognition', 'lettr'),
  satellite: async () => table('Satellite', 'classes'),
};
