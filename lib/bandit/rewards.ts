/**
 * What rewards may be, and how networks that predict bits estimate them: the tree
 * of the GLCB paper's appendix (Sezener et al., arXiv 2002.11611).
 *
 * A complete binary tree of depth D divides the range of rewards evenly. Each inner
 * node has a network that predicts whether a reward that falls into the node's
 * interval falls into its right half; a reward teaches the D networks on its way
 * down. Rewards of 0 or 1 are the tree of one node whose leaves are 0 and 1.
 */
import { checkedChoice, checkedInteger, fail } from '../checks';
import { describe, GlnError } from '../errors';

/** Rewards in a range. */
export interface RewardRange {
  /** Least reward; finite. */
  min: number;
  /** Largest reward; finite, above `min`. */
  max: number;
  /** Levels of the tree: 2^depth leaves, 2^depth - 1 networks an action. 1 to 8, default 3. */
  depth?: number;
  /**
   * What a leaf stands for. `mean` (default): the mean of the action's rewards that
   * fell into it, its middle before there are any. `midpoint`: always its middle, as
   * in the paper, which cannot tell rewards apart that share a leaf.
   */
  leafValues?: 'mean' | 'midpoint';
}

/** 0 and 1 (or false and true), or numbers in a range. */
export type Rewards = 'binary' | RewardRange;

/** {@link Rewards} with defaults filled in. */
export type ResolvedRewards = 'binary' | Readonly<Required<RewardRange>>;

const DEFAULT_DEPTH = 3;
/** 255 networks an action. */
const LARGEST_DEPTH = 8;
const RANGE_KEYS = new Set(['min', 'max', 'depth', 'leafValues']);

/** @throws GlnError `ERR_GLN_OPTION` */
export function resolveRewards(given: unknown): ResolvedRewards {
  if (given === undefined || given === 'binary') return 'binary';
  if (typeof given !== 'object' || given === null) {
    fail('rewards', "'binary' or an object with min and max", given);
  }
  for (const key of Object.keys(given)) {
    if (!RANGE_KEYS.has(key)) {
      throw new GlnError('ERR_GLN_OPTION', `rewards: unknown key ${describe(key)}`);
    }
  }
  const { min, max, depth, leafValues } = given as { [Key in keyof RewardRange]: unknown };
  if (typeof min !== 'number' || !Number.isFinite(min)) fail('rewards.min', 'a finite number', min);
  if (typeof max !== 'number' || !(max > min) || !Number.isFinite(max - min)) {
    fail('rewards.max', `a finite number above the least reward, ${min}`, max);
  }
  return Object.freeze({
    min,
    max,
    depth:
      depth === undefined
        ? DEFAULT_DEPTH
        : checkedInteger('rewards.depth', depth, 1, LARGEST_DEPTH),
    leafValues:
      leafValues === undefined
        ? 'mean'
        : checkedChoice('rewards.leafValues', leafValues, ['mean', 'midpoint']),
  });
}

/** The tree's shape; nodes are numbered from the root, 1, children of n being 2n and 2n + 1. */
export class RewardTree {
  /** Levels. */
  readonly depth: number;
  readonly leaves: number;
  /** Networks an action: inner nodes. Node n has network n - 1. */
  readonly nodes: number;
  /** Largest less least reward: the unit of exploration. */
  readonly span: number;
  readonly #rewards: ResolvedRewards;
  /** Probabilities of reaching each node, made anew for each estimate. */
  readonly #reach: Float64Array;

  constructor(rewards: ResolvedRewards) {
    this.#rewards = rewards;
    this.depth = rewards === 'binary' ? 1 : rewards.depth;
    this.span = rewards === 'binary' ? 1 : rewards.max - rewards.min;
    this.leaves = 2 ** this.depth;
    this.nodes = this.leaves - 1;
    this.#reach = new Float64Array(2 * this.leaves);
  }

  /** Whether leaves stand for the mean of what fell into them. */
  get averages(): boolean {
    return this.#rewards !== 'binary' && this.#rewards.leafValues === 'mean';
  }

  /** A reward as a number. @throws GlnError `ERR_GLN_TYPE` or `ERR_GLN_VALUE` */
  check(reward: unknown): number {
    if (this.#rewards === 'binary') {
      if (typeof reward === 'boolean') return reward ? 1 : 0;
      if (typeof reward !== 'number') throw wrongType('0 or 1', reward);
      if (reward !== 0 && reward !== 1) throw wrongValue('0 or 1', reward);
      return reward;
    }
    const { min, max } = this.#rewards;
    const expected = `a number from ${min} to ${max}`;
    if (typeof reward !== 'number') throw wrongType(expected, reward);
    if (!(reward >= min && reward <= max)) throw wrongValue(expected, reward);
    return reward;
  }

  /** The leaf, from 0, that a checked reward falls into; the largest reward is in the last. */
  leafOf(reward: number): number {
    if (this.#rewards === 'binary') return reward;
    const share = (reward - this.#rewards.min) / this.span;
    return Math.min(this.leaves - 1, Math.floor(share * this.leaves));
  }

  /** The middle of a leaf's interval; of rewards of 0 and 1, the reward itself. */
  middleOf(leaf: number): number {
    if (this.#rewards === 'binary') return leaf;
    return this.#rewards.min + (this.span * (leaf + 0.5)) / this.leaves;
  }

  /**
   * The expected reward: Σ over leaves of the product of the probabilities on the way
   * there, times what the leaf stands for.
   *
   * @param right by network: the probability of the right half, an array of one.
   * @param values by leaf.
   */
  estimate(right: readonly Float32Array[], values: Float64Array): number {
    if (this.nodes === 1) {
      const [p] = right[0];
      return (1 - p) * values[0] + p * values[1];
    }
    const reach = this.#reach;
    reach[1] = 1;
    for (let node = 1; node < this.leaves; node++) {
      const p = right[node - 1][0];
      reach[2 * node] = reach[node] * (1 - p);
      reach[2 * node + 1] = reach[node] * p;
    }
    let sum = 0;
    for (let leaf = 0; leaf < this.leaves; leaf++) sum += reach[this.leaves + leaf] * values[leaf];
    return sum;
  }
}

function wrongType(expected: string, got: unknown): GlnError {
  return new GlnError('ERR_GLN_TYPE', `reward: expected ${expected}, got ${describe(got)}`);
}

function wrongValue(expected: string, got: unknown): GlnError {
  return new GlnError('ERR_GLN_VALUE', `reward: expected ${expected}, got ${describe(got)}`);
}
