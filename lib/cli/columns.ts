/** The columns of a table in the terms of preprocessing: numbers, and categories of both kinds. */
import type { PreprocessingStage } from '../preprocessing/stages';
import type { InputColumn } from './data/schema';

/** Places of columns in a row, by what they hold. */
export interface ColumnKinds {
  numbers: readonly number[];
  /** Categories that are hashed. */
  categories: readonly number[];
  /** Numbered categories that are all known. */
  oneHot: readonly { column: number; size: number }[];
}

/** Sorts columns by what they hold. */
export function columnKinds(inputs: readonly InputColumn[]): ColumnKinds {
  const numbers: number[] = [];
  const categories: number[] = [];
  const oneHot: { column: number; size: number }[] = [];
  for (const [column, input] of inputs.entries()) {
    if (input.kind === 'hash') categories.push(column);
    else if (input.kind === 'oneHot') oneHot.push({ column, size: input.categories.length });
    else numbers.push(column);
  }
  return { numbers, categories, oneHot };
}

/** Buckets that each hashed column adds. */
const BUCKETS = 16;

/** Without indicators: what is missing counts as what is usual. */
export const FILLED: PreprocessingStage = { type: 'impute', indicators: false };

/** Branches that give an indicator, or a bucket, for each category. */
export function categoryBranches({ categories, oneHot }: ColumnKinds): PreprocessingStage[][] {
  const branches = oneHot.map(({ column, size }): PreprocessingStage[] => [
    { type: 'select', columns: [column] },
    { type: 'oneHot', columns: [0], size },
    FILLED,
  ]);
  if (categories.length === 0) return branches;
  const columns = categories.map((_, i) => i);
  return [
    ...branches,
    [
      { type: 'select', columns: categories },
      { type: 'hash', columns, size: BUCKETS * columns.length },
      FILLED,
    ],
  ];
}

/** The given stages for numbers, indicators for categories. */
export function columnStages(
  kinds: ColumnKinds,
  ofNumbers: readonly (readonly PreprocessingStage[])[],
): PreprocessingStage[] {
  const { numbers, categories, oneHot } = kinds;
  const mixed = categories.length + oneHot.length > 0;
  if (!mixed && ofNumbers.length === 1) return [...ofNumbers[0]];
  const select: PreprocessingStage[] = mixed ? [{ type: 'select', columns: numbers }] : [];
  const branches = numbers.length === 0 ? [] : ofNumbers.map((stages) => [...select, ...stages]);
  return [{ type: 'branches', branches: [...branches, ...categoryBranches(kinds)] }];
}
