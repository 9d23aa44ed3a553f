/**
 * The preset for tables: features of any scale, some of them categories, some
 * missing (docs/accuracy.md says how it was found, and what each piece brings).
 */
import { checkedInteger, fail } from '../checks';
import type { GLNOptions } from '../options';
import type { PreprocessingStage } from '../preprocessing/stages';
import type { LearningRate } from '../schedules';
import { linesAndCurves } from './lines-and-curves';

/** What the tabular preset needs to know. */
export interface TabularPresetOptions {
  /** Values a row. */
  inputSize: number;
  /** Classes; 2 or more. */
  numClasses: number;
  /** Columns that hold categories: numbers that stand for names. */
  categories?: readonly number[];
  /**
   * Columns that hold few categories, numbered 0 to `size` - 1, all known beforehand:
   * each category gets an input of its own, where those of `categories` are hashed.
   */
  oneHot?: readonly OneHotColumn[];
  /** Rows that will be learned, where that is known: the rate then falls to the end. */
  rows?: number;
  /** Neurons of each layer but the last; default 192 and 32. */
  layerSizes?: readonly number[];
}

/** A column of numbered categories. */
export interface OneHotColumn {
  /** Its position in the row, from 0. */
  column: number;
  /** How many categories, at least 1. */
  size: number;
}

const LAYERS = [192, 32] as const;
/** Features beyond which products of all pairs cost too much. */
const LARGEST_WHITENED = 128;
/** Below it a falling rate leaves too little time to learn. */
const FEWEST_ROWS_TO_FALL = 2000;
/** Buckets that each column of categories adds. */
const BUCKETS = 16;
/** More categories than that are for `categories`. */
const MOST_ONE_HOT = 2 ** 16;

/** Intervals of each feature's rank: finer where there are few features to tell apart. */
function binsFor(features: number): number {
  if (features <= 8) return 12;
  return features <= 20 ? 8 : 4;
}

/** Base logits of numbers: additive functions of each, then lines, then curves. */
function numericBase(features: number): PreprocessingStage[][] {
  return [
    [{ type: 'bins', bins: binsFor(features) }],
    ...linesAndCurves(features <= LARGEST_WHITENED),
  ];
}

function categoryBase(columns: readonly number[]): PreprocessingStage[] {
  return [
    { type: 'select', columns },
    // A category that is missing adds to no bucket: nothing remains to be filled in,
    // but rows with missing values are taken only where a stage does that.
    { type: 'hash', columns: columns.map((_, i) => i), size: BUCKETS * columns.length },
    { type: 'impute', indicators: false },
  ];
}

/** Rates go by the size of a row's base logits, |l|² ≈ 1 + 1.8 for each feature. */
function rateOf(scale: number, rows: number | undefined): LearningRate {
  const maximum = 4 / scale;
  if (rows !== undefined && rows >= FEWEST_ROWS_TO_FALL) {
    return { type: 'linear', initial: maximum, final: maximum / 50, rows };
  }
  return { type: 'inverseSquareRoot', numerator: 60 / scale, maximum, minimum: 2 / scale };
}

function oneHotBase({ column, size }: OneHotColumn): PreprocessingStage[] {
  return [
    { type: 'select', columns: [column] },
    { type: 'oneHot', columns: [0], size },
    { type: 'impute', indicators: false },
  ];
}

/** Deeper layers' inputs are more alike than a row's features, and want smaller steps. */
function layerRatesOf(scale: number, layers: readonly number[]): number[] {
  return [1, ...layers.map((size, i) => ((i === 0 ? 0.5 : 0.1) * scale) / size)];
}

function oneHotOf(inputSize: number, columns: unknown, taken: readonly number[]): OneHotColumn[] {
  if (columns === undefined) return [];
  if (!Array.isArray(columns)) fail('oneHot', 'an array of { column, size }', columns);
  const seen = new Set(taken);
  return columns.map((entry: unknown, i) => {
    const { column, size } = (entry ?? {}) as Partial<OneHotColumn>;
    const checked = checkedInteger(`oneHot[${i}].column`, column, 0, inputSize - 1);
    if (seen.has(checked)) fail(`oneHot[${i}].column`, 'a column that is named once', column);
    seen.add(checked);
    return { column: checked, size: checkedInteger(`oneHot[${i}].size`, size, 1, MOST_ONE_HOT) };
  });
}

function columnsOf(inputSize: number, categories: unknown): number[] {
  if (categories === undefined) return [];
  if (!Array.isArray(categories)) fail('categories', 'an array of column numbers', categories);
  const columns = new Set<number>();
  for (const [i, column] of categories.entries()) {
    columns.add(checkedInteger(`categories[${i}]`, column, 0, inputSize - 1));
  }
  return [...columns];
}

/** `tabular`; every statistic is that of the rows learned so far. */
export function tabularPreset(options: TabularPresetOptions): GLNOptions {
  const inputSize = checkedInteger('inputSize', options.inputSize, 1, 2 ** 31 - 1);
  const categories = columnsOf(inputSize, options.categories);
  if (options.rows !== undefined) {
    checkedInteger('rows', options.rows, 1, Number.MAX_SAFE_INTEGER);
  }
  const oneHot = oneHotOf(inputSize, options.oneHot, categories);
  const other = new Set([...categories, ...oneHot.map(({ column }) => column)]);
  const numbers = Array.from({ length: inputSize }, (_, i) => i).filter(
    (column) => !other.has(column),
  );
  const select: PreprocessingStage[] =
    other.size === 0 ? [] : [{ type: 'select', columns: numbers }];
  const base: PreprocessingStage[][] = [];
  const gates: PreprocessingStage[][] = [];
  if (numbers.length > 0) {
    for (const stages of numericBase(numbers.length)) base.push([...select, ...stages]);
    gates.push([...select, { type: 'normalScore' }]);
  }
  if (categories.length > 0) {
    base.push(categoryBase(categories));
    gates.push(categoryBase(categories));
  }
  for (const column of oneHot) {
    base.push(oneHotBase(column));
    gates.push(oneHotBase(column));
  }
  const scale = 1 + 1.8 * inputSize;
  // A wrong list is refused as an option of the model.
  const layers = Array.isArray(options.layerSizes) ? options.layerSizes : LAYERS;
  return {
    inputSize,
    numClasses: options.numClasses,
    layerSizes: [...layers],
    contextMapSize: 5,
    // Halfspaces along the axes, as trees cut: useless features stay out of the rest.
    gateFeatures: 1,
    contextBias: true,
    shareContexts: true,
    basePredictor: [{ type: 'branches', branches: base }],
    sideInfo: [{ type: 'branches', branches: gates }],
    learningRate: rateOf(scale, options.rows),
    layerRates: layerRatesOf(scale, layers),
    aggregation: 'average',
    weightClipping: 20,
  };
}
