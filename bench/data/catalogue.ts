/**
 * The tables in this folder (data sets of the UCI collection, as R's package
 * mlbench exports them), and the one way in which all measurements split them.
 */
import { join } from 'node:path';
import { gatherLabels, gatherRows, shuffledIndices } from 'gated-linear-networks';
import { type ReadTableOptions, readTable, type Table } from './table';

const FILES: Readonly<Record<string, ReadTableOptions & { file: string }>> = {
  letter: { file: 'LetterRecognition', label: 'lettr' },
  satellite: { file: 'Satellite' },
  shuttle: { file: 'Shuttle' },
  pima: { file: 'PimaIndiansDiabetes' },
  'breast-cancer': { file: 'BreastCancer', drop: ['Id'] },
  ionosphere: { file: 'Ionosphere' },
  vehicle: { file: 'Vehicle' },
  vowel: { file: 'Vowel' },
};

/** The table whose target is a number: values of houses, in thousands of dollars. */
export const BOSTON_FILE = join(__dirname, 'BostonHousing.csv');

/** Names of all tables. */
export const TABLE_NAMES: readonly string[] = Object.keys(FILES);

/** Reads one of {@link TABLE_NAMES}. */
export function openTable(name: string): Table {
  const { file, ...options } = FILES[name];
  return readTable(join(__dirname, `${file}.csv`), { ...options, name });
}

/** Labelled rows in the order in which they are learned. */
export interface Part {
  rows: Float32Array;
  labels: Uint8Array;
}

/** Rows to learn and rows to test with. */
export interface TableSplit {
  train: Part;
  test: Part;
}

const TRAIN_SHARE = 0.7;

/** Row numbers of a split: 70 % to learn, in a random order, and the rest. */
export function splitIndices(
  size: number,
  seed: number,
): { train: Uint32Array; test: Uint32Array } {
  const order = shuffledIndices(size, seed);
  const cut = Math.floor(size * TRAIN_SHARE);
  return { train: order.subarray(0, cut), test: order.subarray(cut) };
}

/** The rows that `indices` names, in that order. */
export function gatherPart(
  { rows, labels, inputSize }: Pick<Table, 'rows' | 'labels' | 'inputSize'>,
  indices: Uint32Array,
): Part {
  return { rows: gatherRows(rows, inputSize, indices), labels: gatherLabels(labels, indices) };
}

/** Splits a table anew for a seed. */
export function splitTable(table: Table, seed: number): TableSplit {
  const { train, test } = splitIndices(table.labels.length, seed);
  return { train: gatherPart(table, train), test: gatherPart(table, test) };
}
