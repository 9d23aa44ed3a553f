/** Networks of the engine built from plans, and what tests do with them. */

import { GLN } from '../../lib/index';
import { digest, flat } from './gln';
import { learningRateOf, type Plan, type Row, rowsOf, split } from './plans';

export function build(plan: Plan): GLN {
  return new GLN({ ...plan.options, learningRate: learningRateOf(plan) });
}

export function sideInfoOf(plan: Plan, rows: readonly Row[]): { sideInfo?: Float32Array } {
  if (plan.options.sideInfoSize === undefined) return {};
  return { sideInfo: flat(rows.map((row) => row.sideInfo)) };
}

export function learn(model: GLN, plan: Plan, rows: readonly Row[]): Float32Array {
  return model.learn(
    flat(rows.map((row) => row.input)),
    rows.map((row) => row.label),
    { returnProbs: true, ...sideInfoOf(plan, rows) },
  );
}

/** A model that has learned its plan's rows in one call, the rows, and their values. */
export function taught(plan: Plan): { model: GLN; rows: Row[]; input: Float32Array } {
  const rows = rowsOf(plan);
  const model = build(plan);
  learn(model, plan, rows);
  return { model, rows, input: flat(rows.map((row) => row.input)) };
}

export function learnSplit(
  plan: Plan,
  splits: readonly number[],
): { model: GLN; probabilities: number[] } {
  const model = build(plan);
  const probabilities = split(rowsOf(plan), splits).flatMap((call) =>
    Array.from(learn(model, plan, call)),
  );
  return { model, probabilities };
}

export function state(model: GLN): { digest: string; rowsSeen: number } {
  return { digest: digest(model.parameters()), rowsSeen: model.rowsSeen };
}
