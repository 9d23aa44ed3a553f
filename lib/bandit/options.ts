/**
 * The options of a bandit: defaults, ranges, and messages when they are wrong.
 */
import { checkedInteger, checkedNumber, checkedOptions, fail } from '../checks';
import { type GLNOptions, type ResolvedOptions, resolveOptions } from '../options';
import { compileChanging, type Schedule } from '../schedules';
import { defaultNetwork } from './defaults';
import { type ResolvedRewards, type Rewards, resolveRewards } from './rewards';

/**
 * C of the exploration bonus: a number of at least 0, a schedule, or a function of t,
 * the number of the decision (1 for the first), that returns a number of at least 0.
 */
export type Exploration = number | Schedule | ((t: number) => number);

/** The options of GLNs that a bandit's networks take, with defaults of their own. */
const NETWORK_KEYS = [
  'layerSizes',
  'contextMapSize',
  'bias',
  'contextBias',
  'contextBiasScale',
  'gating',
  'gateFeatures',
  'basePredictor',
  'sideInfo',
  'learningRate',
  'layerRates',
  'aggregation',
  'predClipping',
  'weightClipping',
  'seed',
  'inputLimit',
  'threads',
] as const;

/** Options of {@link GatedLinearBandit}. */
export interface BanditOptions extends Partial<Pick<GLNOptions, (typeof NETWORK_KEYS)[number]>> {
  /** Values a context; an integer of at least 1. */
  contextSize: number;
  /** How many actions there are, or their names, each once. At least 1. */
  actions: number | readonly string[];
  /** What rewards may be; default `binary`: 0 or 1. */
  rewards?: Rewards;
  /**
   * C: how strongly what was tried seldom is preferred, in units of the range of
   * rewards. 0 never explores for its own sake. Default 0.1.
   */
  exploration?: Exploration;
  /**
   * Decisions that can wait for their reward; when one more is made, the oldest
   * expires, as if it had been forgotten. 1 to 10^7, default 10,000.
   */
  maxPending?: number;
}

/** {@link BanditOptions} with every default filled in. */
export interface ResolvedBanditOptions {
  /** Values a context. */
  readonly contextSize: number;
  /** What rewards may be. */
  readonly rewards: ResolvedRewards;
  /** C of the exploration bonus. */
  readonly exploration: Exploration;
  /** Decisions that can wait for their reward. */
  readonly maxPending: number;
  /** Of a network for single contexts. */
  readonly network: Readonly<ResolvedOptions>;
}

const DEFAULT_EXPLORATION = 0.1;
const DEFAULT_MAX_PENDING = 10_000;
const LARGEST_MAX_PENDING = 10_000_000;
const LARGEST_CONTEXT = 2 ** 31 - 1;
const MOST_ACTIONS = 1_000_000;

const KEYS: ReadonlySet<string> = new Set<keyof BanditOptions>([
  'contextSize',
  'actions',
  'rewards',
  'exploration',
  'maxPending',
  ...NETWORK_KEYS,
]);

/** A checked name of an action. @throws GlnError `ERR_GLN_OPTION` */
export function checkedName(option: string, name: unknown, taken: ReadonlySet<string>): string {
  if (typeof name !== 'string' || name === '') fail(option, 'a name that is not empty', name);
  if (taken.has(name)) fail(option, 'a name that no other action has', name);
  return name;
}

/** The names of the actions that a bandit begins with. */
export function actionNames(actions: unknown): string[] {
  if (!Array.isArray(actions)) {
    const count = checkedInteger('actions', actions, 1, MOST_ACTIONS);
    return Array.from({ length: count }, (_, i) => String(i));
  }
  if (actions.length === 0) fail('actions', 'at least one name', actions);
  const names = new Set<string>();
  for (const [i, name] of actions.entries()) names.add(checkedName(`actions[${i}]`, name, names));
  return [...names];
}

/** C as a function of the number of the decision. */
export function compileExploration(exploration: unknown): (t: number) => number {
  if (typeof exploration !== 'number') return compileChanging(exploration, 'exploration');
  const constant = checkedNumber('exploration', exploration, 0, Number.MAX_VALUE);
  return () => constant;
}

/**
 * Checks all options but the actions, and fills in the defaults.
 *
 * @throws GlnError `ERR_GLN_OPTION`, naming the option.
 */
export function resolveBanditOptions(options: BanditOptions): ResolvedBanditOptions {
  checkedOptions<BanditOptions>(options, KEYS);
  const contextSize = checkedInteger('contextSize', options.contextSize, 1, LARGEST_CONTEXT);
  const rewards = resolveRewards(options.rewards);
  const exploration = options.exploration ?? DEFAULT_EXPLORATION;
  compileExploration(exploration);
  return Object.freeze({
    contextSize,
    rewards,
    exploration: typeof exploration === 'object' ? Object.freeze({ ...exploration }) : exploration,
    maxPending: checkedInteger(
      'maxPending',
      options.maxPending ?? DEFAULT_MAX_PENDING,
      1,
      LARGEST_MAX_PENDING,
    ),
    network: networkOptions(contextSize, rewards === 'binary', options),
  });
}

function networkOptions(
  contextSize: number,
  binary: boolean,
  options: BanditOptions,
): Readonly<ResolvedOptions> {
  const given: Partial<GLNOptions> = {};
  for (const key of NETWORK_KEYS) {
    if (options[key] !== undefined) Object.assign(given, { [key]: options[key] });
  }
  if (typeof given.basePredictor === 'function') {
    fail('basePredictor', 'a name or an array of stages', given.basePredictor);
  }
  // Layer sizes that are no array are for the options' own check to refuse.
  const sizes = Array.isArray(given.layerSizes) ? given.layerSizes : undefined;
  const { gateFeatures, ...defaults } = defaultNetwork(contextSize, binary, sizes);
  const gates = given.gating === 'hadamard' ? {} : { gateFeatures };
  return resolveOptions({ ...defaults, ...gates, ...given });
}
