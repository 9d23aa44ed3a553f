/** Estimates, counts and bonuses against the float64 specification. */

import { GatedLinearBandit, GLN, type RewardRange } from '../../lib/index';
import { ReferenceBandit } from '../reference/bandit';
import type { ReferenceOptions } from '../reference/gln';
import { Random } from '../support/random';

const SIZE = 5;
const ACTIONS = 3;
const RATE = 0.05;
const EXPLORATION = 0.2;
/**
 * Digits: float32 rounds at 6e-8, and a few hundred updates with rates of 0.05, which
 * pull predictions back to the data, add up to less than a hundred such errors.
 */
const CLOSE = 5;

const network = {
  layerSizes: [7, 3],
  contextMapSize: 3,
  contextBias: true,
  gateFeatures: SIZE,
  basePredictor: 'probabilities' as const,
  layerRates: [1, 0.5, 0.25],
  aggregation: 'last' as const,
  predClipping: 0.01,
  weightClipping: 5,
  seed: 11,
  threads: 1,
};

function makePair(rewards: 'binary' | Required<RewardRange>): {
  bandit: GatedLinearBandit;
  reference: ReferenceBandit;
} {
  const bandit = new GatedLinearBandit({
    contextSize: SIZE,
    actions: ACTIONS,
    rewards,
    exploration: EXPLORATION,
    learningRate: RATE,
    // Gates that look at contexts as they are.
    sideInfo: [{ type: 'scale' }],
    ...network,
  });
  // The same seed and shapes have the same hyperplanes.
  const { layerSizes, seed, threads, ...plain } = network;
  const layers = new GLN({ inputSize: SIZE, ...network }).parameters();
  const options: ReferenceOptions = {
    ...plain,
    inputSize: SIZE,
    numClasses: 2,
    bias: true,
    updateMode: 'online',
  };
  const reference = new ReferenceBandit({
    network: options,
    layers,
    actions: ACTIONS,
    rate: RATE,
    exploration: EXPLORATION,
    ...(rewards === 'binary' ? {} : { range: rewards }),
  });
  return { bandit, reference };
}

function compare(
  bandit: GatedLinearBandit,
  reference: ReferenceBandit,
  context: Float32Array,
  unit: number,
): void {
  const expected = reference.estimates(context);
  const actual = bandit.estimates(context);
  expect(actual.map(({ action }) => action)).toEqual(expected.map((_, a) => a));
  actual.forEach((one, a) => {
    expect(one.estimate / unit).toBeCloseTo(expected[a].estimate / unit, CLOSE);
    if (expected[a].count === 0) {
      expect(one.count).toBe(0);
      expect(one.bonus).toBe(Number.POSITIVE_INFINITY);
      return;
    }
    // The exponential is a float32: 1e-6 of the counts.
    expect(one.count / expected[a].count).toBeCloseTo(1, CLOSE);
    expect(one.bonus / unit).toBeCloseTo(expected[a].bonus / unit, CLOSE);
  });
}

const ranges: ('binary' | Required<RewardRange>)[] = [
  'binary',
  { min: 0, max: 1, depth: 3, leafValues: 'mean' },
  { min: -20, max: 60, depth: 3, leafValues: 'midpoint' },
  { min: -2, max: -1, depth: 1, leafValues: 'midpoint' },
  { min: 0, max: 3, depth: 5, leafValues: 'mean' },
];

it.each(ranges)('are those of the specification: %p', (rewards) => {
  const random = new Random(3);
  const { bandit, reference } = makePair(rewards);
  const [min, unit] = rewards === 'binary' ? [0, 1] : [rewards.min, rewards.max - rewards.min];
  const waiting: { id: number; context: Float32Array; action: number }[] = [];
  for (let round = 0; round < 250; round++) {
    const context = random.floats(SIZE, () => random.uniform());
    if (round % 10 === 0) compare(bandit, reference, context, unit);
    if (round === 120) {
      expect(bandit.addAction('late')).toBe(ACTIONS);
      reference.addAction();
    }
    const before = reference.estimates(context);
    const { id, action } = bandit.act(context);
    // The choice is one of the best by the specification, to within rounding.
    const score = ({ estimate, bonus }: { estimate: number; bonus: number }) => estimate + bonus;
    const best = Math.max(...before.map(score));
    if (best === Number.POSITIVE_INFINITY) expect(score(before[action])).toBe(best);
    else expect((best - score(before[action])) / unit).toBeLessThan(1e-5);
    reference.count(context, action);
    waiting.push({ id, context, action });
    // Some rewards come at once, some late and in any order, some never.
    while (waiting.length > round % 7) {
      const [one] = waiting.splice(random.below(waiting.length), 1);
      if (random.uniform() < 0.1) {
        bandit.forget(one.id);
        reference.count(one.context, one.action, -1);
        continue;
      }
      const chance = Math.min(1, Math.max(0, one.context[one.action % SIZE]));
      const reward = rewards === 'binary' ? Number(random.uniform() < chance) : min + unit * chance;
      bandit.reward(one.id, reward);
      reference.reward(one.context, one.action, reward);
    }
  }
  expect(bandit.decisions).toBe(reference.decisions);
  expect(bandit.pending).toBe(waiting.length);
});

it('learns logged data as its own decisions', () => {
  const random = new Random(4);
  const { bandit, reference } = makePair('binary');
  for (let round = 0; round < 100; round++) {
    const context = random.floats(SIZE, () => random.uniform());
    const action = random.below(ACTIONS);
    const reward = Number(context[0] > 0.5 === (action === 1));
    bandit.learn(context, action, reward);
    reference.reward(context, action, reward);
    reference.count(context, action);
  }
  compare(
    bandit,
    reference,
    random.floats(SIZE, () => random.uniform()),
    1,
  );
  expect([bandit.decisions, bandit.rowsSeen, bandit.pending]).toEqual([100, 100, 0]);
});
