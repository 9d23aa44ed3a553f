/**
 * The algorithm, for arguments that were checked: GLCB (Sezener et al., arXiv
 * 2002.11611, section 4).
 */
import { RandomIntegers } from '../data/random';
import { describe, GlnError } from '../errors';
import { loadAddon } from '../native';
import { RowRates } from '../row-rates';
import {
  Action,
  type ActionState,
  encodedOptions,
  logarithm,
  neuronsOf,
  newAction,
  readSignature,
} from './actions';
import { SoftMaximum } from './counts';
import { ContextEncoder } from './encoder';
import { checkedName, compileExploration, type ResolvedBanditOptions } from './options';
import { type Decision, PendingDecisions } from './pending';
import { RewardTree } from './rewards';

/** What is thought of an action in a context. */
export interface ActEstimate {
  action: number;
  estimate: number;
  bonus: number;
  count: number;
}

/** What a bandit begins with, or what one was saved with. */
export interface BanditState {
  encoder: ContextEncoder;
  names: readonly string[];
  actions: readonly ActionState[];
  pending: PendingDecisions;
  random: RandomIntegers;
  decisions: number;
  rewards: number;
}

/** A bandit. */
export class BanditCore {
  readonly options: ResolvedBanditOptions;
  readonly encoder: ContextEncoder;
  readonly tree: RewardTree;
  readonly names: string[];
  readonly actions: Action[];
  readonly pending: PendingDecisions;
  readonly random: RandomIntegers;
  readonly #rates: RowRates;
  readonly #exploration: (t: number) => number;
  readonly #signature: Uint32Array;
  readonly #soft: SoftMaximum;
  #decisions: number;
  #rewards: number;
  #disposed = false;

  constructor(options: ResolvedBanditOptions, state: BanditState) {
    const { network } = options;
    this.options = options;
    this.encoder = state.encoder;
    this.tree = new RewardTree(options.rewards);
    this.#rates = new RowRates(network.learningRate, network.layerRates);
    this.names = [...state.names];
    this.actions = state.actions.map((action) => this.#bound(action));
    this.pending = state.pending;
    this.random = state.random;
    this.#decisions = state.decisions;
    this.#rewards = state.rewards;
    this.#exploration = compileExploration(options.exploration);
    this.#signature = new Uint32Array(neuronsOf(network));
    this.#soft = new SoftMaximum(this.#signature.length, loadAddon().kernels);
  }

  static fresh(options: ResolvedBanditOptions, names: readonly string[]): BanditCore {
    const encoder = new ContextEncoder(options.network);
    const inner = encodedOptions(options.network, encoder);
    const tree = new RewardTree(options.rewards);
    const actions: ActionState[] = [];
    try {
      for (let i = 0; i < names.length; i++) {
        actions.push(newAction(inner, tree, actions[0]?.networks[0]));
      }
    } catch (error) {
      for (const { networks } of actions) for (const { native } of networks) native.dispose();
      throw error;
    }
    return new BanditCore(options, {
      encoder,
      names,
      actions,
      pending: new PendingDecisions(options.maxPending),
      random: new RandomIntegers(options.network.seed),
      decisions: 0,
      rewards: 0,
    });
  }

  /** Decisions that count. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Rewards learned. */
  get rowsSeen(): number {
    this.checkUsable();
    return this.#rewards;
  }

  get memory(): number {
    let bytes = 0;
    for (const { networks } of this.actions)
      for (const { native } of networks) bytes += native.memory;
    return bytes;
  }

  dispose(): void {
    this.#disposed = true;
    for (const action of this.actions) action.dispose();
  }

  checkUsable(): void {
    if (this.#disposed) throw new GlnError('ERR_GLN_DISPOSED', 'the model was disposed');
  }

  /** By number or by name. */
  positionOf(action: unknown): number | undefined {
    if (typeof action === 'string') {
      const position = this.names.indexOf(action);
      return position < 0 ? undefined : position;
    }
    const there = Number.isInteger(action) && (action as number) in this.actions;
    return there ? (action as number) : undefined;
  }

  /** Chooses, counts, and keeps the decision until its reward comes. */
  act(context: Float32Array, allowed: readonly number[] | undefined): ActEstimate & { id: number } {
    const explore = this.#explorer();
    this.#look(context, true);
    const chosen = this.#choose(allowed ?? this.actions.keys(), explore);
    this.#count(chosen.action);
    const id = this.pending.add(
      {
        action: chosen.action,
        context: context.slice(),
        signature: new Uint16Array(this.#signature),
      },
      (oldest) => this.#discount(oldest),
    );
    return { ...chosen, id };
  }

  /** Learns the reward of a decision that waits. */
  reward(id: number, { action, context }: Decision, reward: number): void {
    this.encoder.encode(context, false);
    this.actions[action].learn(reward);
    this.pending.delete(id);
    this.#rewards++;
  }

  forget(id: number, decision: Decision): void {
    this.pending.delete(id);
    this.#discount(decision);
  }

  /** Counts a decision and learns its reward. */
  learn(context: Float32Array, action: number, reward: number): void {
    this.#look(context, false);
    this.actions[action].learn(reward);
    this.#count(action);
    this.#rewards++;
    this.encoder.encode(context, true);
  }

  estimates(context: Float32Array): ActEstimate[] {
    const explore = this.#explorer();
    this.#look(context, false);
    return this.actions.map((_, action) => this.#estimate(action, explore));
  }

  addAction(given: unknown): number {
    const name = checkedName('name', given ?? this.#freeName(), new Set(this.names));
    const inner = encodedOptions(this.options.network, this.encoder);
    const state = newAction(inner, this.tree, this.actions[0].networks[0]);
    this.actions.push(this.#bound(state));
    this.names.push(name);
    return this.actions.length - 1;
  }

  #bound(state: ActionState): Action {
    return new Action(state, this.encoder, this.tree, this.#rates);
  }

  #freeName(): string {
    let number = this.actions.length;
    while (this.names.includes(String(number))) number++;
    return String(number);
  }

  /** What of a bonus is the same for all actions of a decision. */
  #explorer(): { logarithm: number; factor: number } {
    const t = this.#decisions + 1;
    const log = logarithm(t);
    return { logarithm: log, factor: this.#exploration(t) * this.tree.span * Math.sqrt(log) };
  }

  /** Encodes a context, and finds its signature. */
  #look(context: Float32Array, learning: boolean): void {
    this.encoder.encode(context, learning);
    readSignature(this.actions[0].networks[0], this.encoder, this.#signature);
  }

  #estimate(action: number, explore: { logarithm: number; factor: number }): ActEstimate {
    const { counts } = this.actions[action];
    const count = counts.pseudoCount(this.#signature, explore.logarithm, this.#soft);
    return {
      action,
      estimate: this.actions[action].estimate(),
      bonus: count > 0 ? explore.factor / Math.sqrt(count) : Number.POSITIVE_INFINITY,
      count,
    };
  }

  /** The largest sum of estimate and bonus; of equal ones, any with the same chance. */
  #choose(allowed: Iterable<number>, explore: { logarithm: number; factor: number }): ActEstimate {
    let best: ActEstimate | undefined;
    let ties = 0;
    for (const action of allowed) {
      const next = this.#estimate(action, explore);
      const lead =
        best === undefined ? 1 : next.estimate + next.bonus - (best.estimate + best.bonus);
      if (best === undefined || lead > 0) {
        best = next;
        ties = 1;
      } else if (!(lead < 0) && this.random.below(++ties) === 0) {
        best = next;
      }
    }
    if (best === undefined) throw new Error(`no action among ${describe(allowed)}`);
    return best;
  }

  #count(action: number): void {
    this.#decisions++;
    this.actions[action].counts.add(this.#signature);
  }

  #discount({ action, signature }: Decision): void {
    this.#decisions--;
    this.actions[action].counts.remove(signature);
  }
}
