/**
 * The contextual bandit as users see it.
 */
import { checkKeys, native } from '../calls';
import type { Rows } from '../classifier';
import { describe, GlnError } from '../errors';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import { OnlineModel } from '../online-model';
import { type ActEstimate, BanditCore } from './core';
import {
  actionNames,
  type BanditOptions,
  type ResolvedBanditOptions,
  resolveBanditOptions,
} from './options';
import {
  type BanditLoadOptions,
  checkedBanditLoadOptions,
  decodeBandit,
  encodeBandit,
} from './saving';

/** An action: its position, from 0, or its name. */
export type ActionRef = number | string;

/** What a bandit thinks of an action in a context. */
export interface ActionEstimate {
  /** Position of the action, from 0. */
  action: number;
  /** Its name. */
  name: string;
  /** The reward that is expected. */
  estimate: number;
  /**
   * What is added to choose: C √(ln t / N̂), times the range of rewards; Infinity
   * where the action was never taken in any of the contexts that the row falls in.
   */
  bonus: number;
  /** N̂: how often the action was taken in the like, a soft maximum over neurons. */
  count: number;
}

/** A decision. */
export interface BanditDecision extends ActionEstimate {
  /** For {@link GatedLinearBandit.reward}. */
  id: number;
}

/** Options of {@link GatedLinearBandit.act}. */
export interface ActOptions {
  /** The actions that may be chosen now; default all. At least one, none twice. */
  actions?: readonly ActionRef[];
}

const ACT_KEYS = new Set(['actions']);
/** What loading hands over instead of options. */
class Loaded {
  constructor(
    readonly core: BanditCore,
    readonly extra: unknown,
  ) {}
}

/**
 * A contextual bandit of Gated Linear Networks (GLCB; Sezener et al., arXiv
 * 2002.11611): chooses among actions, and learns from the reward of the chosen one.
 *
 * Each action has a network (or, for rewards in a range, a tree of them) that
 * estimates its reward. The action with the largest estimate + C √(ln t / N̂) is
 * chosen, N̂ being counted in the contexts of the networks' own gates.
 *
 * ```ts
 * const bandit = new GatedLinearBandit({ contextSize: 9, actions: ['a', 'b', 'c'], seed: 1 });
 * const { name, id } = bandit.act(context);
 * bandit.reward(id, 1);
 * ```
 */
export class GatedLinearBandit extends OnlineModel {
  readonly #core: BanditCore;

  /**
   * @throws GlnError `ERR_GLN_OPTION` for a wrong option, `ERR_GLN_MEMORY` where there
   *   is no room, `ERR_GLN_ADDON` where the addon cannot be loaded.
   */
  constructor(options: BanditOptions) {
    const given: unknown = options;
    const { core, extra } = given instanceof Loaded ? given : new Loaded(fresh(options), undefined);
    super(
      { native: core, encode: (beside) => encodeBandit(core, beside), idle: async () => undefined },
      extra,
    );
    this.#core = core;
  }

  /**
   * The bandit of a file that {@link save} wrote. It continues exactly where that one
   * stopped, decisions that wait included: the same calls give the same bits.
   *
   * @throws GlnError `ERR_GLN_FORMAT` for a file that is no whole, undamaged bandit,
   *   `ERR_GLN_IO` where it cannot be read, `ERR_GLN_OPTION` where a function must be
   *   given again, `ERR_GLN_MEMORY`.
   */
  static async load(path: string, options: BanditLoadOptions = {}): Promise<GatedLinearBandit> {
    const given = checkedBanditLoadOptions(options);
    return GatedLinearBandit.#restored(decodeBandit(await readTensorFile(path), given));
  }

  /** The bandit of bytes that {@link toBuffer} gave; errors as {@link load}. */
  static fromBuffer(bytes: Uint8Array, options: BanditLoadOptions = {}): GatedLinearBandit {
    const given = checkedBanditLoadOptions(options);
    return GatedLinearBandit.#restored(decodeBandit(decodeTensors(bytes), given));
  }

  static #restored({ core, extra }: { core: BanditCore; extra: unknown }): GatedLinearBandit {
    return new GatedLinearBandit(new Loaded(core, extra) as unknown as BanditOptions);
  }

  /** The options, defaults filled in. */
  get options(): ResolvedBanditOptions {
    return this.#core.options;
  }

  /** Names of the actions, by position. */
  get actions(): string[] {
    return [...this.#core.names];
  }

  /** Decisions so far, those that were forgotten or expired left out: the t of ln t. */
  get decisions(): number {
    return this.#core.decisions;
  }

  /** Decisions that wait for their reward. */
  get pending(): number {
    return this.#core.pending.size;
  }

  /**
   * Chooses an action: the one with the largest estimate + bonus; of several, one at
   * random by the seeded generator. The decision is counted now and learned from once
   * its reward is known; the context enters the running statistics now.
   *
   * @param context `contextSize` values. It is copied.
   * @throws GlnError, before anything has changed: `ERR_GLN_SHAPE`, `ERR_GLN_TYPE`,
   *   `ERR_GLN_VALUE` (NaN where no stage fills it, infinite), `ERR_GLN_LABEL` for an
   *   action that there is not.
   */
  act(context: Rows, options: ActOptions = {}): BanditDecision {
    this.#core.checkUsable();
    checkKeys(options, ACT_KEYS);
    const allowed = options.actions === undefined ? undefined : this.#allowed(options.actions);
    const { id, ...chosen } = this.#core.act(this.#core.encoder.check(context), allowed);
    return { ...this.#named(chosen), id };
  }

  /**
   * Learns the reward of a decision: at once or late, in any order.
   *
   * @param reward 0 or 1 (false or true), or a number in the range of rewards.
   * @throws GlnError, before anything has changed: `ERR_GLN_DECISION` for a decision
   *   that is unknown, rewarded already, forgotten or expired; `ERR_GLN_TYPE` or
   *   `ERR_GLN_VALUE` for a reward that cannot be.
   */
  reward(id: number, reward: number | boolean): void {
    this.#core.checkUsable();
    const decision = this.#core.pending.get(id);
    this.#core.reward(id, decision, this.#core.tree.check(reward));
  }

  /**
   * Gives a decision up, whose reward will never be known: it no longer counts as
   * taken.
   *
   * @throws GlnError `ERR_GLN_DECISION`, `ERR_GLN_TYPE`
   */
  forget(id: number): void {
    this.#core.checkUsable();
    this.#core.forget(id, this.#core.pending.get(id));
  }

  /**
   * Learns what somebody else decided: counted and learned from as an own decision.
   *
   * @throws GlnError, before anything has changed, as {@link act} and {@link GatedLinearBandit.reward}.
   */
  learn(context: Rows, action: ActionRef, reward: number | boolean): void {
    this.#core.checkUsable();
    const position = this.#position(action, 'action');
    const checked = this.#core.tree.check(reward);
    this.#core.learn(this.#core.encoder.check(context), position, checked);
  }

  /** What {@link act} would compare in a context, for all actions; changes nothing. */
  estimates(context: Rows): ActionEstimate[] {
    this.#core.checkUsable();
    return this.#core.estimates(this.#core.encoder.check(context)).map((e) => this.#named(e));
  }

  /**
   * Adds an action, never tried.
   *
   * @param name default its position.
   * @returns its position.
   * @throws GlnError `ERR_GLN_OPTION` for a name that another action has,
   *   `ERR_GLN_MEMORY`.
   */
  addAction(name?: string): number {
    this.#core.checkUsable();
    return native(() => this.#core.addAction(name));
  }

  #named({ action, estimate, bonus, count }: ActEstimate): ActionEstimate {
    return { action, name: this.#core.names[action], estimate, bonus, count };
  }

  #position(action: unknown, argument: string): number {
    const position = this.#core.positionOf(action);
    if (position !== undefined) return position;
    throw new GlnError(
      typeof action === 'number' || typeof action === 'string' ? 'ERR_GLN_LABEL' : 'ERR_GLN_TYPE',
      `${argument}: expected the name of an action or a number from 0 to ` +
        `${this.#core.names.length - 1}, got ${describe(action)}`,
    );
  }

  #allowed(actions: unknown): number[] {
    if (!Array.isArray(actions) || actions.length === 0) {
      throw new GlnError(
        'ERR_GLN_TYPE',
        `actions: expected an array of at least one action, got ${describe(actions)}`,
      );
    }
    const positions = Array.from(actions, (action, i) => this.#position(action, `actions[${i}]`));
    if (new Set(positions).size < positions.length) {
      throw new GlnError('ERR_GLN_VALUE', 'actions: expected each action once');
    }
    return positions;
  }
}

function fresh(options: BanditOptions): BanditCore {
  const resolved = resolveBanditOptions(options);
  return BanditCore.fresh(resolved, actionNames(options.actions));
}
