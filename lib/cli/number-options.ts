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

/** Rates where the last row is known. */
function falling(rows: number): LearningRate {
  return { type: 'linear', initial: 0.05, final: 0.001, rows };
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
    ...(rows !== undefined && { learningRate: falling(rows) }),
    ...options,
  };
}
