/** Decisions and their rewards: late, in any order, never; actions that come and go. */

import { GatedLinearBandit } from '../../lib/index';
import { makeBandit, makeContexts, play, rightAction, SIZE, thrown } from './support';

const contexts = makeContexts(400);

it('learns which action is right', () => {
  const bandit = makeBandit();
  let right = 0;
  contexts.forEach((context, round) => {
    const { id, action, name } = bandit.act(context);
    expect(name).toBe(String(action));
    const reward = action === rightAction(context);
    if (round >= 200 && reward) right++;
    bandit.reward(id, reward);
  });
  // Chance would be right in 67 of 200 rounds, with a deviation of 7.
  expect(right).toBeGreaterThan(140);
});

it('gives the same bits for the same seed and calls', () => {
  const [one, other] = [makeBandit(), makeBandit()];
  expect(play(one, contexts)).toEqual(play(other, contexts));
  expect(one.toBuffer().equals(other.toBuffer())).toBe(true);
  const third = makeBandit({ seed: 6 });
  expect(play(third, contexts)).not.toEqual(play(makeBandit(), contexts));
});

it('breaks ties by chance, each action with the same', () => {
  const first = [0, 0, 0];
  for (let seed = 0; seed < 300; seed++) {
    const bandit = makeBandit({ seed, layerSizes: [] });
    first[bandit.act(contexts[0]).action]++;
    bandit.dispose();
  }
  // 100 each, with a deviation of 8.
  for (const count of first) expect(Math.abs(count - 100)).toBeLessThan(40);
});

it('does not care when a reward comes, if nothing happens between', () => {
  const now = makeBandit();
  const late = makeBandit();
  for (const context of contexts.slice(0, 50)) {
    const decision = now.act(context);
    now.reward(decision.id, decision.action === 1);
    const same = late.act(context);
    late.estimates(context);
    late.reward(same.id, same.action === 1);
    expect(same).toEqual(decision);
  }
  expect(now.toBuffer().equals(late.toBuffer())).toBe(true);
});

it('takes each reward once, and none of a decision that is gone', () => {
  const bandit = makeBandit({ maxPending: 3 });
  const ids = contexts.slice(0, 5).map((context) => bandit.act(context).id);
  expect(ids).toEqual([1, 2, 3, 4, 5]);
  expect([bandit.pending, bandit.decisions]).toEqual([3, 3]);
  bandit.reward(4, 1);
  bandit.forget(5);
  expect([bandit.pending, bandit.decisions, bandit.rowsSeen]).toEqual([1, 2, 1]);
  const before = bandit.toBuffer();
  // Expired, rewarded, forgotten, never made.
  for (const id of [1, 2, 4, 5, 6, 0, -1, 1.5, Number.NaN]) {
    expect(thrown(() => bandit.reward(id, 1)).code).toBe('ERR_GLN_DECISION');
    expect(thrown(() => bandit.forget(id)).code).toBe('ERR_GLN_DECISION');
  }
  for (const id of ['3', null, undefined, 3n]) {
    expect(thrown(() => bandit.reward(id as unknown as number, 1)).code).toBe('ERR_GLN_TYPE');
  }
  expect(bandit.toBuffer().equals(before)).toBe(true);
  bandit.reward(3, 0);
  expect(bandit.pending).toBe(0);
});

it('counts nothing of a decision that was forgotten', () => {
  const bandit = makeBandit();
  play(bandit, contexts.slice(0, 40));
  const { decisions } = bandit;
  const context = contexts[50];
  const { id, action, count } = bandit.act(context);
  const counted = bandit.estimates(context)[action].count;
  bandit.forget(id);
  const after = bandit.estimates(context)[action].count;
  expect(bandit.decisions).toBe(decisions);
  // The context itself has entered the statistics, and may have moved others.
  expect(after).toBeLessThan(counted);
  expect(Math.abs(after - count)).toBeLessThan(1);
});

it('keeps its own copy of a context', () => {
  const [bandit, other] = [makeBandit(), makeBandit()];
  const context = contexts[0].slice();
  const { id } = bandit.act(context);
  context.fill(9);
  bandit.reward(id, 1);
  other.reward(other.act(contexts[0]).id, 1);
  expect(bandit.toBuffer().equals(other.toBuffer())).toBe(true);
});

it('changes nothing by estimates', () => {
  const bandit = makeBandit();
  play(bandit, contexts.slice(0, 60));
  const before = bandit.toBuffer();
  const estimates = bandit.estimates(contexts[70]);
  expect(estimates.map(({ name }) => name)).toEqual(['0', '1', '2']);
  expect(bandit.toBuffer().equals(before)).toBe(true);
  const scores = estimates.map(({ estimate, bonus }) => estimate + bonus);
  const { action, id: _, ...chosen } = bandit.act(contexts[70]);
  expect(scores.indexOf(Math.max(...scores))).toBe(action);
  expect({ action, ...chosen }).toEqual(estimates[action]);
});

it('chooses only among the actions that are allowed', () => {
  const bandit = makeBandit({ actions: ['red', 'green', 'blue'] });
  for (const context of contexts.slice(0, 60)) {
    const { id, name } = bandit.act(context, { actions: ['blue', 0] });
    expect(['blue', 'red']).toContain(name);
    bandit.reward(id, 0);
  }
  expect(bandit.estimates(contexts[0])[1].count).toBe(0);
  expect(bandit.act(contexts[0], { actions: [1] })).toMatchObject({ action: 1, name: 'green' });
});

it('tries an action that was added, and learns of it', () => {
  const bandit = makeBandit({ actions: ['a', 'b'] });
  play(bandit, contexts.slice(0, 100));
  expect(bandit.addAction('c')).toBe(2);
  expect(bandit.addAction()).toBe(3);
  expect(bandit.actions).toEqual(['a', 'b', 'c', '3']);
  const fresh = bandit.estimates(contexts[100]).slice(2);
  for (const { bonus, count } of fresh) {
    expect([bonus, count]).toEqual([Number.POSITIVE_INFINITY, 0]);
  }
  const tried = contexts.slice(100, 102).map((context) => {
    const { id, name } = bandit.act(context);
    bandit.reward(id, 0);
    return name;
  });
  expect(tried.sort()).toEqual(['3', 'c']);
  // Exploration prefers what was tried seldom, wherever estimates are alike.
  for (const context of contexts.slice(102)) {
    const { id, name } = bandit.act(context);
    bandit.reward(id, name === 'c');
  }
  const [last] = contexts;
  expect(bandit.act(last).name).toBe('c');
});

it('explores by a schedule of decisions', () => {
  const seen: number[] = [];
  const bandit = makeBandit({
    exploration: (t) => {
      seen.push(t);
      return 1 / t;
    },
  });
  for (const context of contexts.slice(0, 3)) bandit.reward(bandit.act(context).id, 0);
  expect(seen).toEqual([1, 2, 3]);
  const greedy = makeBandit({ exploration: 0 });
  play(greedy, contexts.slice(0, 30));
  for (const { bonus } of greedy.estimates(contexts[30])) expect(bonus).toBe(0);
});

it('estimates rewards in a range', () => {
  const bandit = makeBandit({ rewards: { min: -10, max: 30 } });
  const expected = (context: Float32Array, action: number) =>
    action === rightAction(context) ? 21 : -3;
  for (const context of contexts) {
    const { id, action } = bandit.act(context);
    bandit.reward(id, expected(context, action));
  }
  const errors = makeContexts(100, 9).map((context) => {
    const estimates = bandit.estimates(context);
    const best = estimates.reduce((a, b) => (b.estimate > a.estimate ? b : a));
    return Math.abs(best.estimate - expected(context, best.action));
  });
  const middle = errors.sort((a, b) => a - b)[50];
  // A fifth of what right and wrong differ by.
  expect(middle).toBeLessThan(5);
});

it('fills in what is missing where its stages do', () => {
  const bandit = makeBandit();
  const context = [0.5, Number.NaN, 1, -1];
  expect(bandit.act(context).id).toBe(1);
  const plain = new GatedLinearBandit({ contextSize: SIZE, actions: 2, basePredictor: 'minMax' });
  expect(thrown(() => plain.act(context)).code).toBe('ERR_GLN_VALUE');
});
