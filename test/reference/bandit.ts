/**
 * The specification of the bandit: GLCB (Sezener et al., arXiv 2002.11611) in plain
 * float64, beside the paper's formulas. Contexts are not preprocessed, and rates are
 * constant: both are tested elsewhere.
 */

import { type LayerParameters, ReferenceGLN, type ReferenceOptions } from './gln';

export interface ReferenceBanditOptions {
  network: ReferenceOptions;
  /** What all networks begin with. */
  layers: readonly LayerParameters[];
  actions: number;
  rate: number;
  exploration: number;
  /** Levels of the tree of rewards in [min, max]; none where they are 0 or 1. */
  range?: { min: number; max: number; depth: number; leafValues: 'mean' | 'midpoint' };
}

export interface ReferenceEstimate {
  estimate: number;
  bonus: number;
  count: number;
}

interface Action {
  /** By the bits on the way from the root, '' being the root. */
  networks: Map<string, ReferenceGLN>;
  /** By neuron and context, joined by a colon. */
  counts: Map<string, number>;
  /** Rewards, by the bits of the leaf. */
  leaves: Map<string, number[]>;
}

export class ReferenceBandit {
  decisions = 0;
  private readonly actions: Action[] = [];

  constructor(private readonly options: ReferenceBanditOptions) {
    for (let a = 0; a < options.actions; a++) this.addAction();
  }

  addAction(): void {
    this.actions.push({ networks: new Map(), counts: new Map(), leaves: new Map() });
  }

  /** estimate + C √(ln t / N̂) of all actions at the next decision. */
  estimates(context: ArrayLike<number>): ReferenceEstimate[] {
    const t = this.decisions + 1;
    const { exploration, range } = this.options;
    const span = range === undefined ? 1 : range.max - range.min;
    return this.actions.map((action) => {
      const count = this.pseudoCount(action, this.signature(context), t);
      const bonus =
        count > 0 ? exploration * span * Math.sqrt(Math.log(t) / count) : Number.POSITIVE_INFINITY;
      return { estimate: this.estimate(action, context), bonus, count };
    });
  }

  /** Counts a decision, or takes it back. */
  count(context: ArrayLike<number>, a: number, by: 1 | -1 = 1): void {
    this.decisions += by;
    const { counts } = this.actions[a];
    this.signature(context).forEach((where) => {
      counts.set(where, (counts.get(where) ?? 0) + by);
    });
  }

  /** Every network on the way to the reward's leaf learns which way it went. */
  reward(context: ArrayLike<number>, a: number, reward: number): void {
    const action = this.actions[a];
    const leaf = this.leafOf(reward);
    [...leaf].forEach((bit, level) => {
      const network = this.network(action, leaf.slice(0, level));
      network.learn(context, Number(bit), { rate: this.options.rate });
    });
    action.leaves.set(leaf, [...(action.leaves.get(leaf) ?? []), reward]);
  }

  /** Σ_u N_u t^(N_u / M) / Σ_u t^(N_u / M), M the action's largest count. */
  private pseudoCount({ counts }: Action, signature: readonly string[], t: number): number {
    const largest = Math.max(0, ...counts.values());
    if (largest === 0) return 0;
    const own = signature.map((where) => counts.get(where) ?? 0);
    const weights = own.map((count) => t ** (count / largest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return own.reduce((sum, count, u) => sum + count * weights[u], 0) / total;
  }

  /** Σ over leaves of their probability times what they stand for. */
  private estimate(action: Action, context: ArrayLike<number>): number {
    const depth = this.options.range?.depth ?? 1;
    const expected = (bits: string): number => {
      if (bits.length === depth) return this.valueOf(action, bits);
      const [right] = this.network(action, bits).predict(context).probabilities;
      return (1 - right) * expected(`${bits}0`) + right * expected(`${bits}1`);
    };
    return expected('');
  }

  private valueOf(action: Action, bits: string): number {
    const { range } = this.options;
    const leaf = Number.parseInt(bits, 2);
    if (range === undefined) return leaf;
    const rewards = action.leaves.get(bits) ?? [];
    if (range.leafValues === 'mean' && rewards.length > 0) {
      return rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    }
    return range.min + ((leaf + 0.5) / 2 ** range.depth) * (range.max - range.min);
  }

  /** Halve the range as often as the tree is deep, and note which half each time. */
  private leafOf(reward: number): string {
    const { range } = this.options;
    if (range === undefined) return String(reward);
    let [low, high] = [range.min, range.max];
    let bits = '';
    while (bits.length < range.depth) {
      const middle = (low + high) / 2;
      bits += reward >= middle ? '1' : '0';
      if (reward >= middle) low = middle;
      else high = middle;
    }
    return bits;
  }

  private signature(context: ArrayLike<number>): string[] {
    const network = this.network(this.actions[0], '');
    return network.predict(context).contexts.map((where, u) => `${u}:${where}`);
  }

  private network(action: Action, bits: string): ReferenceGLN {
    let network = action.networks.get(bits);
    if (network === undefined) {
      network = new ReferenceGLN(this.options.network, this.options.layers);
      action.networks.set(bits, network);
    }
    return network;
  }
}
