/** Networks and rows that the tests of gating share. */

import type { GLNOptions } from '../../lib/index';
import { Random } from '../support/random';

export type Gating = Pick<GLNOptions, 'gating' | 'shareContexts'>;

export const gatings: readonly Gating[] = [
  {},
  { shareContexts: true },
  { gating: 'hadamard' },
  { gating: 'hadamard', shareContexts: true },
];

/** Three classes, two hidden layers; offsets, so that no hyperplane meets the origin. */
export function optionsOf(
  gating: Gating,
  options: { inputSize: number; contextMapSize: number },
): GLNOptions {
  return {
    layerSizes: [9, 4],
    numClasses: 3,
    seed: 5,
    contextBias: true,
    learningRate: 0.01,
    ...options,
    ...gating,
  };
}

export function rowsOf(count: number, width: number, classes: number, seed: number) {
  const random = new Random(seed);
  return {
    rows: random.floats(count * width, () => random.normal()),
    labels: Uint8Array.from({ length: count }, () => random.below(classes)),
  };
}
