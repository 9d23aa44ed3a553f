/** Options of the classifiers that the command line makes. */
import type { GLNOptions } from '../options';
import { presetOptions } from '../presets';
import { columnKinds, columnStages, FILLED } from './columns';
import type { Schema } from './data/schema';
import type { ModelFlags } from './models';

const PLAIN_LAYERS = [32, 16];

/** Options by what the command line says, which are checked as a model is made of them. */
export function classifierOptions(
  schema: Schema,
  { preset, options, rows }: ModelFlags,
): GLNOptions {
  const inputSize = schema.inputs.length;
  const numClasses = schema.target.classes.length;
  const kinds = columnKinds(schema.inputs);
  if (preset === 'tabular') {
    const { categories, oneHot } = kinds;
    return presetOptions('tabular', {
      ...{ inputSize, numClasses, categories, oneHot, rows },
      ...options,
    });
  }
  // Standardised numbers with missing ones filled in, and indicators of categories.
  const stages = columnStages(kinds, [[{ type: 'standardize' }, FILLED]]);
  return {
    ...{ inputSize, numClasses, layerSizes: PLAIN_LAYERS },
    ...{ basePredictor: stages, sideInfo: stages, contextBias: true },
    learningRate: { type: 'inverseSquareRoot', numerator: 1, maximum: 0.02, minimum: 0.002 },
    ...options,
  };
}
