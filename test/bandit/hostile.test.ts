/** Calls and options that are wrong: refused by name, and nothing has changed. */

import {
  type ActionRef,
  type BanditOptions,
  GatedLinearBandit,
  type GlnErrorCode,
  type Rewards,
} from '../../lib/index';
import { makeBandit, makeContexts, play, SIZE, thrown } from './support';

const contexts = makeContexts(30);
const good = contexts[0];

/** Any value where the types allow only some. */
function wrong<Type>(value: unknown): Type {
  return value as Type;
}

const badContexts: [unknown, GlnErrorCode][] = [
  [new Float32Array(SIZE - 1), 'ERR_GLN_SHAPE'],
  [new Float32Array(SIZE * 2), 'ERR_GLN_SHAPE'],
  [[], 'ERR_GLN_SHAPE'],
  [
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
    'ERR_GLN_SHAPE',
  ],
  [[1, 2, 3, '4'], 'ERR_GLN_TYPE'],
  [[1, 2, 3, Number.POSITIVE_INFINITY], 'ERR_GLN_VALUE'],
  [[1, 2, 3, 1e30], 'ERR_GLN_VALUE'],
  [null, 'ERR_GLN_TYPE'],
  ['1,2,3,4', 'ERR_GLN_TYPE'],
];

const badRewards: { rewards: Rewards; wrong: [unknown, GlnErrorCode][] }[] = [
  {
    rewards: 'binary',
    wrong: [
      [0.5, 'ERR_GLN_VALUE'],
      [2, 'ERR_GLN_VALUE'],
      [-1, 'ERR_GLN_VALUE'],
      [Number.NaN, 'ERR_GLN_VALUE'],
      ['1', 'ERR_GLN_TYPE'],
      [undefined, 'ERR_GLN_TYPE'],
    ],
  },
  {
    rewards: { min: -1, max: 1 },
    wrong: [
      [1.0000001, 'ERR_GLN_VALUE'],
      [-2, 'ERR_GLN_VALUE'],
      [Number.NaN, 'ERR_GLN_VALUE'],
      [Number.POSITIVE_INFINITY, 'ERR_GLN_VALUE'],
      [true, 'ERR_GLN_TYPE'],
      [null, 'ERR_GLN_TYPE'],
    ],
  },
];

const badActions: [unknown, GlnErrorCode][] = [
  [3, 'ERR_GLN_LABEL'],
  [-1, 'ERR_GLN_LABEL'],
  [0.5, 'ERR_GLN_LABEL'],
  ['nobody', 'ERR_GLN_LABEL'],
  ['length', 'ERR_GLN_LABEL'],
  [null, 'ERR_GLN_TYPE'],
  [undefined, 'ERR_GLN_TYPE'],
];

it.each(badRewards)(
  'refuses wrong calls before anything changes: $rewards',
  ({ rewards, wrong: bad }) => {
    const bandit = makeBandit({ rewards });
    play(bandit, contexts);
    const { id } = bandit.act(good);
    const before = bandit.toBuffer();
    const refuses = (code: GlnErrorCode, call: () => unknown) => {
      expect(thrown(call).code).toBe(code);
      expect(bandit.toBuffer().equals(before)).toBe(true);
    };
    for (const [context, code] of badContexts) {
      refuses(code, () => bandit.act(wrong(context)));
      refuses(code, () => bandit.estimates(wrong(context)));
      refuses(code, () => bandit.learn(wrong(context), 0, 1));
    }
    for (const [reward, code] of bad) {
      refuses(code, () => bandit.reward(id, wrong(reward)));
      refuses(code, () => bandit.learn(good, 0, wrong(reward)));
    }
    for (const [action, code] of badActions) {
      refuses(code, () => bandit.learn(good, wrong<ActionRef>(action), 1));
      refuses(code, () => bandit.act(good, { actions: [0, wrong<ActionRef>(action)] }));
    }
    refuses('ERR_GLN_TYPE', () => bandit.act(good, { actions: [] }));
    refuses('ERR_GLN_TYPE', () => bandit.act(good, { actions: wrong('01') }));
    refuses('ERR_GLN_VALUE', () => bandit.act(good, { actions: [0, '0'] }));
    refuses('ERR_GLN_OPTION', () => bandit.act(good, wrong({ action: [0] })));
    refuses('ERR_GLN_TYPE', () => bandit.act(good, wrong(7)));
    refuses('ERR_GLN_OPTION', () => bandit.addAction('1'));
    refuses('ERR_GLN_OPTION', () => bandit.addAction(''));
    refuses('ERR_GLN_OPTION', () => bandit.addAction(wrong(5)));
  },
);

it('learns nothing where a schedule of the caller fails', () => {
  let fails = false;
  const rate = (t: number) => (fails ? Number.NaN : 0.1 / t);
  const bandit = makeBandit({ learningRate: rate, exploration: rate });
  play(bandit, contexts);
  const { id } = bandit.act(good);
  const before = bandit.toBuffer();
  fails = true;
  for (const call of [
    () => bandit.act(good),
    () => bandit.reward(id, 1),
    () => bandit.learn(good, 0, 1),
    () => bandit.estimates(good),
  ]) {
    expect(thrown(call).code).toBe('ERR_GLN_OPTION');
    expect(bandit.toBuffer().equals(before)).toBe(true);
  }
  fails = false;
  bandit.reward(id, 1);
});

const badOptions: [string, unknown][] = [
  ['options', null],
  ['options', { colour: 1 }],
  ['contextSize', { contextSize: 0 }],
  ['contextSize', { contextSize: '4' }],
  ['actions', { actions: 0 }],
  ['actions', { actions: 2.5 }],
  ['actions', { actions: [] }],
  ['actions[1]', { actions: ['a', 'a'] }],
  ['actions[0]', { actions: [7] }],
  ['rewards', { rewards: 'ternary' }],
  ['rewards', { rewards: { min: 0, max: 1, bins: 4 } }],
  ['rewards.min', { rewards: { min: Number.NaN, max: 1 } }],
  ['rewards.max', { rewards: { min: 1, max: 1 } }],
  ['rewards.max', { rewards: { min: -1e308, max: 1.7e308 } }],
  ['rewards.depth', { rewards: { min: 0, max: 1, depth: 0 } }],
  ['rewards.depth', { rewards: { min: 0, max: 1, depth: 9 } }],
  ['rewards.leafValues', { rewards: { min: 0, max: 1, leafValues: 'median' } }],
  ['exploration', { exploration: -1 }],
  ['exploration', { exploration: Number.NaN }],
  ['exploration', { exploration: { type: 'cosine' } }],
  ['exploration.numerator', { exploration: { type: 'inverse', numerator: 0, maximum: 1 } }],
  ['maxPending', { maxPending: 0 }],
  ['layerSizes', { layerSizes: 3 }],
  ['contextMapSize', { contextMapSize: 17 }],
  ['learningRate', { learningRate: 0 }],
  ['basePredictor', { basePredictor: () => [0.5] }],
  ['sideInfo', { sideInfo: 'standardize' }],
  ['seed', { seed: -1 }],
];

it.each(badOptions)('refuses the option %s', (name, change) => {
  const options =
    change === null ? change : { contextSize: SIZE, actions: 2, ...(change as object) };
  const error = thrown(() => new GatedLinearBandit(wrong<BanditOptions>(options)));
  expect(error.code).toBe('ERR_GLN_OPTION');
  expect(error.message.startsWith(`${name}:`)).toBe(true);
});

it('takes gates of every kind', () => {
  for (const options of [
    { gating: 'hadamard' as const },
    { contextMapSize: 0 },
    { layerSizes: [] },
    { basePredictor: 'minMax' as const },
  ]) {
    const bandit = makeBandit(options);
    play(bandit, contexts);
    const again = GatedLinearBandit.fromBuffer(bandit.toBuffer());
    expect(again.estimates(good)).toEqual(bandit.estimates(good));
  }
});

it('is of no use once disposed', () => {
  const bandit = makeBandit();
  const { id } = bandit.act(good);
  bandit.dispose();
  bandit.dispose();
  expect(bandit.memory).toBe(0);
  for (const call of [
    () => bandit.act(good),
    () => bandit.reward(id, 1),
    () => bandit.forget(id),
    () => bandit.learn(good, 0, 1),
    () => bandit.estimates(good),
    () => bandit.addAction(),
    () => bandit.toBuffer(),
    () => bandit.rowsSeen,
  ]) {
    expect(thrown(call).code).toBe('ERR_GLN_DISPOSED');
  }
});
