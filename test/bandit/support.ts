/** Bandits and contexts for tests. */

import { type BanditOptions, GatedLinearBandit, GlnError } from '../../lib/index';
import { Random } from '../support/random';

export const SIZE = 4;

/** A small bandit with the defaults' preprocessing. */
export function makeBandit(options: Partial<BanditOptions> = {}): GatedLinearBandit {
  return new GatedLinearBandit({
    contextSize: SIZE,
    actions: 3,
    layerSizes: [6, 3],
    seed: 5,
    threads: 1,
    ...options,
  });
}

export function makeContexts(count: number, seed = 1): Float32Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.floats(SIZE));
}

/** Which action is right: that of the sector that the first two values point to. */
export function rightAction([x, y]: Float32Array): number {
  if (x > 0.4) return 0;
  return y > 0 ? 1 : 2;
}

/** Rewards as they come, in some of the rounds late or never. */
export function play(
  bandit: GatedLinearBandit,
  contexts: readonly Float32Array[],
  seed = 1,
): number[] {
  const random = new Random(seed);
  const late: [number, number][] = [];
  return contexts.map((context) => {
    const { id, action, estimate } = bandit.act(context);
    const reward = action === rightAction(context) ? 1 : 0;
    const chance = random.uniform();
    if (chance < 0.6) bandit.reward(id, reward);
    else if (chance < 0.9) late.push([id, reward]);
    else if (chance < 0.95) bandit.forget(id);
    if (late.length > 3) {
      const [[lateId, lateReward]] = late.splice(random.below(late.length), 1);
      bandit.reward(lateId, lateReward);
    }
    return action + estimate;
  });
}

/** The error that a call throws. */
export function thrown(call: () => unknown): GlnError {
  try {
    call();
  } catch (error) {
    if (error instanceof GlnError) return error;
    throw error;
  }
  throw new Error('expected an error, got none');
}
