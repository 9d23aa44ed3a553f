/**
 * Which model predicts which kind of target: one entry for each. A kind without an
 * entry is refused with a word on what can be done.
 */
import { GLN } from '../gln';
import type { GLNOptions } from '../options';
import type { Preprocessing, PreprocessingStage } from '../preprocessing/stages';
import { presetOptions } from '../presets';
import type { Schema, Task } from './data/schema';
import { usageError } from './errors';

/** What the command line says of a model. */
export interface ModelFlags {
  preset: PresetChoice;
  /** Any options of a model, which override the preset's. */
  options: Partial<GLNOptions>;
  /** Rows that will be learned, where the rate is to fall to the end. */
  rows: number | undefined;
}

/** `tabular`, for accuracy; `plain`, standardised values alone, for speed. */
export const PRESETS = ['tabular', 'plain'] as const;
export type PresetChoice = (typeof PRESETS)[number];

interface ModelKind {
  make(schema: Schema, flags: ModelFlags): GLN;
}

const classifier: ModelKind = {
  make: (schema, flags) => new GLN(classifierOptions(schema, flags)),
};

const MODELS: { readonly [Kind in Task]?: ModelKind } = {
  binary: classifier,
  classes: classifier,
};

/** Makes a new model for a table. @throws GlnError `ERR_GLN_OPTION` */
export function makeModel(schema: Schema, flags: ModelFlags): GLN {
  const { task, name } = schema.target;
  const kind = MODELS[task];
  if (kind !== undefined) return kind.make(schema, flags);
  throw usageError(
    `target: expected classes, got numbers in ${JSON.stringify(name)}, which gln does not ` +
      'predict (GaussianGLN does, in programs); make classes of them in a query (--sql), or ' +
      'say --task classes',
  );
}

function classifierOptions(schema: Schema, { preset, options, rows }: ModelFlags): GLNOptions {
  const inputSize = schema.inputs.length;
  const numClasses = schema.target.classes.length;
  const categories: number[] = [];
  const oneHot: { column: number; size: number }[] = [];
  for (const [column, input] of schema.inputs.entries()) {
    if (input.kind === 'hash') categories.push(column);
    if (input.kind === 'oneHot') oneHot.push({ column, size: input.categories.length });
  }
  if (preset === 'tabular') {
    return presetOptions('tabular', {
      ...{ inputSize, numClasses, categories, oneHot, rows },
      ...options,
    });
  }
  const stages = plainStages(inputSize, categories, oneHot);
  return {
    ...{ inputSize, numClasses, layerSizes: PLAIN_LAYERS },
    ...{ basePredictor: stages, sideInfo: stages, contextBias: true },
    learningRate: { type: 'inverseSquareRoot', numerator: 1, maximum: 0.02, minimum: 0.002 },
    ...options,
  };
}

const PLAIN_LAYERS = [32, 16];
/** Buckets that each hashed column adds. */
const BUCKETS = 16;

/** Standardised numbers with missing ones filled in, and indicators of categories. */
function plainStages(
  inputSize: number,
  categories: readonly number[],
  oneHot: readonly { column: number; size: number }[],
): Preprocessing {
  const other = new Set([...categories, ...oneHot.map(({ column }) => column)]);
  const numbers = Array.from({ length: inputSize }, (_, i) => i).filter((i) => !other.has(i));
  const filled: PreprocessingStage = { type: 'impute', indicators: false };
  const branches: PreprocessingStage[][] = [];
  if (numbers.length > 0) {
    branches.push([{ type: 'select', columns: numbers }, { type: 'standardize' }, filled]);
  }
  for (const { column, size } of oneHot) {
    const encoded: PreprocessingStage = { type: 'oneHot', columns: [0], size };
    branches.push([{ type: 'select', columns: [column] }, encoded, filled]);
  }
  if (categories.length > 0) {
    const columns = categories.map((_, i) => i);
    const hashed: PreprocessingStage = { type: 'hash', columns, size: BUCKETS * columns.length };
    branches.push([{ type: 'select', columns: categories }, hashed, filled]);
  }
  if (branches.length === 1 && other.size === 0) return [{ type: 'standardize' }, filled];
  return [{ type: 'branches', branches }];
}
