/**
 * Settings of a bandit's networks that need no tuning: those of the `tabular` preset
 * (lib/presets/tabular.ts), smaller, since each decision asks a network for each
 * action, and with gentler rates (docs/bandits.md).
 */
import type { GLNOptions } from '../options';
import type { PreprocessingStage } from '../preprocessing/stages';
import { linesAndCurves } from '../presets/lines-and-curves';
import type { Schedule } from '../schedules';

/** The paper's widths are 100 and 10; more neurons than these bring hardly anything here. */
const LAYERS = [32, 8] as const;
/** Features beyond which products of all pairs cost too much. */
const LARGEST_WHITENED = 64;

/**
 * Intervals of each feature's rank: finer where there are few features to tell apart,
 * none where so many of them would make decisions slow.
 */
function binsFor(features: number): number {
  if (features <= 8) return 12;
  if (features <= 20) return 8;
  return features <= 40 ? 4 : 0;
}

/** Base logits: additive functions of each feature, then lines, then curves. */
function baseFor(features: number): PreprocessingStage[] {
  const bins = binsFor(features);
  return [
    {
      type: 'branches',
      branches: [
        ...(bins > 0 ? [[{ type: 'bins', bins } as const]] : []),
        ...linesAndCurves(features <= LARGEST_WHITENED),
      ],
    },
  ];
}

/** Deeper layers see many alike inputs, and want smaller steps. */
function layerRatesFor(layerSizes: readonly number[], scale: number): number[] {
  return [1, ...layerSizes.map((width, i) => ((i === 0 ? 0.5 : 0.1) * scale) / width)];
}

/**
 * Networks of a tree learn more gently: while nothing is known of a context, the
 * estimate is the middle of the range, and it is this hope that makes a bandit look for
 * rewards that are large and rare.
 */
function rateFor(scale: number, binary: boolean): Schedule {
  const [numerator, maximum, minimum] = binary ? [42, 2.8, 0.7] : [20, 1, 0.35];
  return {
    type: 'inverseSquareRoot',
    numerator: numerator / scale,
    maximum: maximum / scale,
    minimum: minimum / scale,
  };
}

/**
 * Options of the networks for contexts of so many values.
 *
 * @param binary whether rewards are 0 or 1.
 * @param layerSizes those that were asked for, if any.
 */
export function defaultNetwork(
  contextSize: number,
  binary: boolean,
  layerSizes: readonly number[] = LAYERS,
): GLNOptions {
  // |l|² of a row's base logits is about 1 + 1.8 for each feature.
  const scale = 1 + 1.8 * contextSize;
  return {
    inputSize: contextSize,
    layerSizes,
    contextMapSize: 4,
    // Halfspaces along the axes, as trees cut: useless features stay out of the rest.
    gateFeatures: 1,
    contextBias: true,
    basePredictor: baseFor(contextSize),
    // Not ranks, which are those among a sample and would move the gates to and fro.
    sideInfo: [
      { type: 'standardize', limit: 4 },
      { type: 'impute', indicators: false },
    ],
    learningRate: rateFor(scale, binary),
    layerRates: layerRatesFor(layerSizes, scale),
    aggregation: 'average',
    weightClipping: 20,
  };
}
