/**
 * Base logits of numbers of any scale, which the preset for tables and bandits share:
 * lines through all features, and curves of each.
 */
import type { PreprocessingStage } from '../preprocessing/stages';

/**
 * Two branches.
 *
 * @param whitened whether lines go through products of all pairs of features
 */
export function linesAndCurves(whitened: boolean): PreprocessingStage[][] {
  return [
    whitened
      ? [{ type: 'whiten', regularization: 0.01, limit: 4 }]
      : [{ type: 'standardize' }, { type: 'impute', indicators: false }],
    [
      { type: 'standardize', limit: 3 },
      { type: 'impute', indicators: false },
      { type: 'square', factor: 1 / 3 },
    ],
  ];
}
