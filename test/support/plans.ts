/**
 * Random small networks with rows to learn, for property tests.
 *
 * A plan is plain data, so that a failing one can be printed and shrunk; rows
 * come from a seed, because shrinking single floats would take for ever.
 */

import fc from 'fast-check';
import type { LearningRate } from '../../lib/index';
import type { BasePredictor } from '../reference/arithmetic';
import { logitBound } from '../reference/arithmetic';
import { Random } from './random';

export interface PlanOptions {
  inputSize: number;
  layerSizes: number[];
  numClasses: number;
  contextMapSize: number;
  bias: boolean;
  contextBias: boolean;
  basePredictor: BasePredictor;
  predClipping: number;
  weightClipping: number;
  updateMode: 'online' | 'batch';
  threads: number;
  seed: number;
  sideInfoSize?: number;
}

export type RateKind = 'constant' | 'inverse' | 'alternating';

export interface Plan {
  options: PlanOptions;
  rateKind: RateKind;
  /** The largest rate, as a share of the largest at which learning is stable. */
  rateShare: number;
  rowCount: number;
  /** Rows of a call; begins again at the front when all are used. */
  splits: number[];
  rowSeed: number;
}

export interface Row {
  input: Float32Array;
  /** Equal to `input` when the network has no side information of its own. */
  sideInfo: Float32Array;
  label: number;
}

export interface PlanLimits {
  updateModes?: ('online' | 'batch')[];
  weightClippings?: number[];
  rateShares?: { min: number; max: number };
  /** Rows of more than 64 values and many rows: what is worked on in blocks. */
  wide?: boolean;
}

const normalLimit = 4;

/** Any small network; layers of up to 17 neurons, which is one more than there are lanes. */
export function plans({
  updateModes = ['online', 'batch'],
  weightClippings = [5, 1, 0.3, 0.05],
  rateShares = { min: 0.01, max: 1 },
  wide = false,
}: PlanLimits = {}): fc.Arbitrary<Plan> {
  const neurons = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.constantFrom(15, 16, 17) },
  );
  // Rows are chained in blocks of 64, and eight blocks follow each other.
  const manyRows = wide ? { min: 50, max: 600 } : { min: 60, max: 140 };
  // Around tiles of sixteen neurons, and a layer whose successor has wide rows too.
  const wideLayers = fc.constantFrom<number[]>([15], [33], [16, 4], [70, 3]);
  const options = fc.record(
    {
      inputSize: wide ? fc.integer({ min: 60, max: 150 }) : fc.integer({ min: 1, max: 36 }),
      layerSizes: wide ? wideLayers : fc.array(neurons, { minLength: 1, maxLength: 3 }),
      numClasses: fc.integer({ min: 2, max: wide ? 3 : 4 }),
      contextMapSize: fc.integer({ min: 0, max: 4 }),
      bias: fc.boolean(),
      contextBias: fc.boolean(),
      basePredictor: fc.constantFrom<BasePredictor>('minMax', 'probabilities', 'logits'),
      predClipping: fc.constantFrom(1e-3, 0.01, 0.1),
      weightClipping: fc.constantFrom(...weightClippings),
      updateMode: fc.constantFrom(...updateModes),
      threads: fc.integer({ min: 1, max: 2 }),
      seed: fc.maxSafeNat(),
      sideInfoSize: fc.integer({ min: 1, max: 9 }),
    },
    {
      requiredKeys: [
        'inputSize',
        'layerSizes',
        'numClasses',
        'contextMapSize',
        'bias',
        'contextBias',
        'basePredictor',
        'predClipping',
        'weightClipping',
        'updateMode',
        'threads',
        'seed',
      ],
    },
  );
  return fc.record({
    options,
    rateKind: fc.constantFrom<RateKind>('constant', 'inverse', 'alternating'),
    rateShare: fc.double({ ...rateShares, noNaN: true }),
    rowCount: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer(manyRows)),
    splits: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer(manyRows)), {
      minLength: 1,
      maxLength: 5,
    }),
    rowSeed: fc.nat(),
  });
}

/**
 * Rates at which networks with small weight bounds are taught, on both sides of
 * what is stable (see `rateOf`). Above it rounding errors grow from row to row, but
 * every clamp wipes them out, and bounds of a quarter and less clamp at every turn.
 */
export const unstableShares = { min: 0.5, max: 40 };

/** The plan's rows: mostly random, some constant, some made of extremes. */
export function rowsOf({ options, rowCount, rowSeed }: Plan): Row[] {
  const random = new Random(rowSeed);
  const { inputSize, sideInfoSize, basePredictor, numClasses } = options;
  // Limited, so that the largest stable rate is known.
  const normal = () => Math.max(-normalLimit, Math.min(normalLimit, random.normal()));
  const draw = basePredictor === 'probabilities' ? () => random.uniform() : normal;
  return Array.from({ length: rowCount }, () => {
    const kind = random.below(12);
    const constant = draw();
    const input = random.floats(inputSize, () => {
      if (kind === 0) return constant;
      return kind === 1 ? random.below(2) : draw();
    });
    const sideInfo = sideInfoSize === undefined ? input : random.floats(sideInfoSize);
    return { input, sideInfo, label: random.below(numClasses) };
  });
}

/** Cuts rows into calls as the plan says. */
export function split<Item>(items: readonly Item[], splits: readonly number[]): Item[][] {
  const calls: Item[][] = [];
  for (let start = 0; start < items.length; ) {
    const length = splits[calls.length % splits.length];
    calls.push(items.slice(start, start + length));
    start += length;
  }
  return calls;
}

/**
 * The learning rate of the row number t, from 1.
 *
 * An update moves the weights' error by the factor 1 - η σ'(s) |l|² along l, and
 * σ' <= 1/4: up to η = 4/|l|² it cannot grow, above 8/|l|² rounding errors may be
 * amplified from row to row and no two float programs agree for long. Rates are
 * shares of 4/|l|², divided by the rows whose updates are summed.
 */
export function rateOf(plan: Plan): (t: number) => number {
  const { options, rateKind, rateShare, rowCount, splits } = plan;
  const sizes = [options.inputSize, ...options.layerSizes];
  const bound = logitBound(options.predClipping);
  const largest = sizes.map((size, layer) => {
    const limit = layer === 0 && options.basePredictor === 'logits' ? normalLimit : bound;
    return size * limit ** 2 + (options.bias ? 1 : 0);
  });
  const summed = options.updateMode === 'batch' ? Math.min(rowCount, Math.max(...splits)) : 1;
  const rate = (4 * rateShare) / (Math.max(...largest) * summed);
  if (rateKind === 'constant') return () => rate;
  if (rateKind === 'inverse') return (t) => Math.min(rate, (10 * rate) / t);
  return (t) => (t % 2 === 0 ? rate : rate / 3);
}

/** The same rate as a model's option: a number, a schedule or a function. */
export function learningRateOf(plan: Plan): LearningRate {
  const rate = rateOf(plan);
  if (plan.rateKind === 'constant') return rate(1);
  if (plan.rateKind === 'inverse') {
    return { type: 'inverse', maximum: rate(1), numerator: 10 * rate(1) };
  }
  return rate;
}
