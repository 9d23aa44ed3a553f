/**
 * Options of the regressors that the command line makes (docs/regression.md says what
 * they were measured with).
 */
import type { GaussianGLNOptions } from '../gaussian/options';
import type { PreprocessingStage } from '../preprocessing/stages';
import type { LearningRate } from '../schedules';
import { columnKinds, columnStages, FILLED } from './columns';
import type { Schema } from './data/schema';
import type { ModelFlags } from './models';

const PLAIN_LAYERS = [32, 16];
const TABULAR_LAYERS = [100, 30];

const LINES: PreprocessingStage[] = [{ type: 'standardize' }, FILLED];
/** Lines and curves of each number; beyond three deviations both are flat. */
const LIMITED: PreprocessingStage[] = [{ type: 'standardize', limit: 3 }, FILLED];
const CURVES: PreprocessingStage[] = [...LIMITED, { type: 'square', factor: 1 / 3 }];

/** The model's own rates, but that they do not fall for ever: data change. */
const LASTING: LearningRate = {
  type: 'inverseSquareRoot',
  numerator: 0.5,
  maximum: 0.1,
  minimum: 0.002,
};

/** Below it a falling rate leaves too little time to learn. */
const FEWEST_ROWS_TO_FALL = 2000;

/** Rates, down to the last row where that is known. */
function rateOf(rows: number | undefined): LearningRate {
  if (rows === undefined || rows < FEWEST_ROWS_TO_FALL) return LASTING;
  return { type: 'linear', initial: 0.03, final: 0.001, rows };
}

/** Options by what the command line says, which are checked as a model is made of them. */
export function regressorOptions(
  schema: Schema,
  { preset, options, rows }: ModelFlags,
): GaussianGLNOptions {
  const kinds = columnKinds(schema.inputs);
  const isPlain = preset === 'plain';
  const lines = columnStages(kinds, [LINES]);
  return {
    inputSize: schema.inputs.length,
    layerSizes: isPlain ? PLAIN_LAYERS : TABULAR_LAYERS,
    preprocessing: isPlain ? lines : columnStages(kinds, [LIMITED, CURVES]),
    sideInfo: lines,
    aggregation: 'switching',
    learningRate: rateOf(rows),
    ...options,
  };
}
