/**
 * Teaches the same rows to the engine and to the specification and compares them.
 *
 * Hyperplanes decide strictly: a row that lies on one to within float32's
 * rounding may fall on either side. Such rows are left out, by the specification's
 * own float64 reckoning; everything else is continuous.
 */

import { GLN } from '../../lib/index';
import { type Prediction, ReferenceGLN } from '../reference/gln';
import { expectClose } from './closeness';
import { flat } from './gln';
import { sideInfoOf } from './models';
import { learningRateOf, type Plan, type Row, rateOf, rowsOf, split } from './plans';

// What the package promises of float32 arithmetic.
export const probabilityTolerance = { absolute: 1e-5 };
export const relative = 1e-5;

/** How near to a hyperplane a row may lie; float32 errs by about 1e-5 there. */
const leastMargin = 1e-4;
/** How near to a tie classes may be before rounding decides. */
const leastGap = 1e-3;

export interface Pair {
  model: GLN;
  reference: ReferenceGLN;
  rate: (t: number) => number;
}

export function build(plan: Plan): Pair {
  const rate = rateOf(plan);
  const model = new GLN({ ...plan.options, learningRate: learningRateOf(plan) });
  return { model, reference: new ReferenceGLN(plan.options, model.parameters()), rate };
}

export function clearRows(plan: Plan, reference: ReferenceGLN): Row[] {
  return rowsOf(plan).filter((row) => reference.margin(row.sideInfo) > leastMargin);
}

/** Learns the rows in both, call by call, and compares what each call returned. */
export function learnBoth(
  { model, reference, rate }: Pair,
  plan: Plan,
  rows: readonly Row[],
  toBase: (row: Float32Array) => Float32Array = (row) => row,
): void {
  let seen = model.rowsSeen;
  for (const call of split(rows, plan.splits)) {
    const actual = model.learn(
      flat(call.map((row) => row.input)),
      call.map((row) => row.label),
      { returnProbs: true, ...sideInfoOf(plan, call) },
    );
    const first = seen;
    const expected = reference.learnBatch(
      call.map((row) => toBase(row.input)),
      call.map((row) => row.label),
      { sideInfo: call.map((row) => row.sideInfo), rate: call.map((_, t) => rate(first + t + 1)) },
    );
    expectClose(
      actual,
      expected.flatMap((prediction) => prediction.probabilities),
      probabilityTolerance,
      `probabilities after ${seen} rows`,
    );
    seen += call.length;
    expect(model.rowsSeen).toBe(seen);
  }
}

export function compareWeights({ model, reference }: Omit<Pair, 'rate'>): void {
  model.parameters().forEach(({ weights }, index) => {
    const { weights: expected, inputs } = reference.layers[index];
    // Weights start at 1/inputs and move by steps of about that size; one that ends
    // near zero carries the roundings of the sizes it went through.
    expectClose(weights, expected, { relative, scale: 1 / inputs }, `weights of layer ${index}`);
  });
}

export function isClear(prediction: Prediction): boolean {
  const [first, second] = [...prediction.sums].sort((a, b) => b - a);
  return Math.abs(first - (second ?? 0)) > leastGap;
}

/** Learns a plan's clear rows in both, and compares all; returns how many they are. */
export function compareLearning(plan: Plan): number {
  const pair = build(plan);
  const rows = clearRows(plan, pair.reference);
  learnBoth(pair, plan, rows);
  compareWeights(pair);
  pair.model.dispose();
  return rows.length;
}
