/**
 * The problems: what is seen, which actions there are, and what each would bring.
 */

import { shuffledIndices } from 'gated-linear-networks';
import { openTable } from '../../bench/data/catalogue';
import { Random } from './random';

/** A bandit problem, the same for every learner. */
export interface Problem {
  name: string;
  contextSize: number;
  actions: number;
  rounds: number;
  /** Range of rewards; absent where they are 0 or 1. */
  range?: { min: number; max: number };
  context(round: number): Float32Array;
  /** What a learner gets; the same whoever asks. */
  reward(round: number, action: number): number;
  /** Its expectation. */
  mean(round: number, action: number): number;
}

/** A table of labelled rows: each class is an action, and the right one brings 1. */
export function tableProblem(name: string, seed: number, rounds: number): Problem {
  const { rows, labels, inputSize, classes } = openTable(name);
  const order = shuffledIndices(labels.length, seed);
  // Linear learners take no missing values.
  const filled = rows.map((value) => (Number.isNaN(value) ? 0 : value));
  const right = (round: number, action: number) => (labels[order[round]] === action ? 1 : 0);
  return {
    name,
    contextSize: inputSize,
    actions: classes.length,
    rounds: Math.min(rounds, order.length),
    context: (round) => filled.subarray(order[round] * inputSize, (order[round] + 1) * inputSize),
    reward: right,
    mean: right,
  };
}

const ACTIONS = 5;
const SAFE_ACTION = 4;
const SAFE_REWARD = 1.2;
const LOW_REWARD = 1;
const HIGH_REWARD = 50;
const DEVIATION = 0.01;

/**
 * The wheel (Riquelme, Tucker and Snoek, ICLR 2018): points of the unit disk. One
 * action always brings 1.2 on average; the four others bring 1, but outside the
 * radius δ each brings 50 in a quadrant of its own. The larger δ, the less often
 * there is anything to be found.
 */
export function wheelProblem(delta: number, seed: number, rounds: number): Problem {
  const random = new Random(seed);
  const contexts: Float32Array[] = [];
  const noise: Float64Array[] = [];
  while (contexts.length < rounds) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    if (x * x + y * y > 1) continue;
    contexts.push(Float32Array.of(x, y));
    noise.push(Float64Array.from({ length: ACTIONS }, () => DEVIATION * random.normal()));
  }
  const mean = (round: number, action: number) => {
    if (action === SAFE_ACTION) return SAFE_REWARD;
    const [x, y] = contexts[round];
    if (Math.hypot(x, y) <= delta) return LOW_REWARD;
    const quadrant = (x > 0 ? 0 : 2) + (y > 0 ? 0 : 1);
    return quadrant === action ? HIGH_REWARD : LOW_REWARD;
  };
  return {
    name: `wheel ${delta}`,
    contextSize: 2,
    actions: ACTIONS,
    rounds,
    // Noise of a hundredth stays far inside.
    range: { min: 0, max: HIGH_REWARD + 1 },
    context: (round) => contexts[round],
    reward: (round, action) => mean(round, action) + noise[round][action],
    mean,
  };
}
