/**
 * Random models of every kind, with the calls that teach them, for the tests of
 * saving. A plan is plain data, but for functions, which are named.
 */

import fc from 'fast-check';
import { GLN, type GLNOptions, type LoadOptions, type Preprocessing } from '../../lib/index';
import { fullPipeline } from '../preprocessing/pipelines';
import { digest } from '../support/gln';
import { Random } from '../support/random';

export const schedules = {
  function: (t: number) => 0.05 / Math.sqrt(t),
  inverse: { type: 'inverse', numerator: 3, maximum: 0.02 },
  decaying: { type: 'inverse', numerator: 100, maximum: 0.02, decayRows: 900 },
  small: 0.01,
  large: 2,
} as const satisfies Record<string, GLNOptions['learningRate']>;

/** Every kind of stage. All but the first take rows of any width. */
export const pipelines = {
  full: fullPipeline,
  statistics: [
    { type: 'impute', indicators: [1] },
    { type: 'center' },
    {
      type: 'branches',
      branches: [
        [{ type: 'standardize' }, { type: 'square' }],
        [{ type: 'normalScore', seed: 4 }],
        [
          { type: 'bins', bins: 2 },
          { type: 'clip', minimum: -1, maximum: 1 },
        ],
        [{ type: 'branches', branches: [[{ type: 'whiten' }], [{ type: 'scale', factor: 0.5 }]] }],
        [{ type: 'linear', matrix: Array.from({ length: 2 * 7 }, (_, i) => Math.cos(i)) }],
      ],
    },
  ],
} as const satisfies Record<string, Preprocessing>;

const customBase = (row: Float32Array) => [
  0.5 + 0.4 * Math.tanh(row[0]),
  0.5 + 0.3 * Math.sin(row[row.length - 1]),
  0.9,
];

export interface SavedPlan {
  options: Omit<GLNOptions, 'basePredictor' | 'learningRate' | 'sideInfo'>;
  base: 'minMax' | 'probabilities' | 'logits' | 'custom' | keyof typeof pipelines;
  sideStages: keyof typeof pipelines | 'none';
  rate: keyof typeof schedules;
  /** Rows of each call; 1 is a call of one row. */
  calls: number[];
  /** How many of the calls are made before the model is saved. */
  before: number;
  weighted: boolean;
  rowSeed: number;
}

/** Features that stages above are made for. */
const STAGED_INPUTS = 6;

export function savedPlans(): fc.Arbitrary<SavedPlan> {
  const inputSize = fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    // Rows of more than 64 values are chained.
    fc.integer({ min: 65, max: 130 }),
  );
  const layers = fc.constantFrom<number[]>([], [3], [17, 5], [70, 4], [2, 2, 2]);
  const options = layers.chain((layerSizes) =>
    fc.record(
      {
        inputSize,
        layerSizes: fc.constant(layerSizes),
        numClasses: fc.constantFrom(2, 3, 4),
        contextMapSize: fc.constantFrom(0, 1, 3, 4),
        bias: fc.boolean(),
        contextBias: fc.boolean(),
        contextBiasScale: fc.constantFrom(0.1, 1),
        gating: fc.constantFrom<'dense' | 'hadamard'>('dense', 'hadamard'),
        shareContexts: fc.boolean(),
        updateMode: fc.constantFrom<'online' | 'batch'>('online', 'online', 'batch'),
        chaining: fc.constantFrom<'stable' | 'always'>('stable', 'always'),
        layerRates: fc.array(fc.constantFrom(0.5, 1, 2), {
          minLength: layerSizes.length + 1,
          maxLength: layerSizes.length + 1,
        }),
        aggregation: fc.constantFrom('last' as const, 'average' as const, 'switching' as const),
        predClipping: fc.constantFrom(1e-3, 0.05),
        weightClipping: fc.constantFrom(5, 0.3, 0.02),
        seed: fc.maxSafeNat(),
        sideInfoSize: fc.integer({ min: 1, max: 9 }),
        threads: fc.constantFrom(1, 2),
        gateFeatures: fc.constant(1),
        inputLimit: fc.constant(1e6),
      },
      { requiredKeys: ['inputSize', 'layerSizes', 'numClasses', 'contextMapSize', 'gating'] },
    ),
  );
  const rows = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(1, 1, 2, 7) },
    { weight: 2, arbitrary: fc.constantFrom(63, 64, 65, 100, 200) },
  );
  return fc.record({
    options,
    base: fc.constantFrom<SavedPlan['base']>(
      'minMax',
      'probabilities',
      'logits',
      'custom',
      'full',
      'statistics',
    ),
    sideStages: fc.constantFrom<SavedPlan['sideStages']>('none', 'none', 'full', 'statistics'),
    rate: fc.constantFrom(...(Object.keys(schedules) as (keyof typeof schedules)[])),
    calls: fc.array(rows, { minLength: 2, maxLength: 6 }),
    before: fc.nat(5),
    weighted: fc.boolean(),
    rowSeed: fc.nat(),
  });
}

/** The options of the plan's model; features are as many as the stages need. */
export function optionsOf({ options, base, sideStages, rate }: SavedPlan): GLNOptions {
  const staged = Object.hasOwn(pipelines, base) || sideStages !== 'none';
  return {
    ...options,
    ...(options.gating === 'hadamard' && { gateFeatures: undefined }),
    ...(staged && { inputSize: STAGED_INPUTS }),
    ...(staged && options.sideInfoSize !== undefined && { sideInfoSize: STAGED_INPUTS }),
    learningRate: schedules[rate],
    basePredictor: baseOf(base),
    ...(sideStages !== 'none' && { sideInfo: pipelines[sideStages] }),
  };
}

function baseOf(base: SavedPlan['base']): GLNOptions['basePredictor'] {
  if (base === 'custom') return customBase;
  return base === 'full' || base === 'statistics' ? pipelines[base] : base;
}

/** What must be given again when the plan's model is loaded. */
export function loadOptionsOf({ base, rate }: SavedPlan, threads?: number): LoadOptions {
  return {
    ...(base === 'custom' && { basePredictor: customBase }),
    ...(rate === 'function' && { learningRate: schedules.function }),
    ...(threads !== undefined && { threads }),
  };
}

/** One call's arguments. */
export interface Call {
  rows: Float32Array;
  labels: Uint8Array | number;
  options: { sideInfo?: Float32Array; weights?: Float32Array | number };
}

/** The plan's calls, those from before the saving apart. */
export function callsOf(plan: SavedPlan): { before: Call[]; after: Call[] } {
  const { inputSize, sideInfoSize, numClasses = 2 } = optionsOf(plan);
  const random = new Random(plan.rowSeed);
  // Stages for both the base and the gates fill what is missing.
  const missing = Object.hasOwn(pipelines, plan.base) && plan.sideStages !== 'none';
  const draw = () => {
    const kind = random.below(30);
    if (kind === 1 && missing) return Number.NaN;
    return kind === 0 ? 100 * random.normal() : random.normal();
  };
  const calls = plan.calls.map((count): Call => {
    const labels = Uint8Array.from({ length: count }, () => random.below(numClasses));
    const weights = random.floats(count, () => [0, 0.5, 1, 2][random.below(4)]);
    return {
      rows: random.floats(count * inputSize, draw),
      // A single row with a plain label takes the path of its own.
      labels: count === 1 ? labels[0] : labels,
      options: {
        ...(sideInfoSize !== undefined && { sideInfo: random.floats(count * sideInfoSize, draw) }),
        ...(plan.weighted && { weights: count === 1 ? weights[0] : weights }),
      },
    };
  });
  const cut = Math.min(plan.before, calls.length);
  return { before: calls.slice(0, cut), after: calls.slice(cut) };
}

/** Makes the calls and returns all probabilities. */
export function learnAll(model: GLN, calls: readonly Call[]): number[] {
  return calls.flatMap(({ rows, labels, options }) =>
    Array.from(model.learn(rows, labels, { ...options, returnProbs: true })),
  );
}

export function build(plan: SavedPlan): GLN {
  return new GLN(optionsOf(plan));
}

/** Everything that learning could have changed: equal only where every bit is. */
export function stateOf(model: GLN): { digest: string; rowsSeen: number; bytes: string } {
  return {
    digest: digest(model.parameters()),
    rowsSeen: model.rowsSeen,
    bytes: model.toBuffer().toString('latin1'),
  };
}
