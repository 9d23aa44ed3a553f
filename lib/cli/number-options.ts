/** Options of the regressors that the command line makes. */
import type { GaussianGLNOptions } from '../gaussian/options';
import { columnKinds, columnStages, FILLED } from './columns';
import type { Schema } from './data/schema';
import type { ModelFlags } from './models';

const PLAIN_LAYERS = [32, 16];
const TABULAR_LAYERS = [50, 25];

/** Options by what the command line says, which are checked as a model is made of them. */
export function regressorOptions(
  schema: Schema,
  { preset, options }: ModelFlags,
): GaussianGLNOptions {
  const inputSize = schema.inputs.length;
  const kinds = columnKinds(schema.inputs);
  const stages = columnStages(kinds, [[{ type: 'standardize' }, FILLED]]);
  return {
    inputSize,
    layerSizes: preset === 'tabular' ? TABULAR_LAYERS : PLAIN_LAYERS,
    preprocessing: stages,
    ...options,
  };
}
