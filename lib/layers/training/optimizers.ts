/**
 * How weights follow gradients: Keras's rules and defaults.
 */
import { checkKeys, native } from '../../calls';
import { checkedRange } from '../../checks';
import { describe, GlnError } from '../../errors';
import { kernels } from '../core/kernels';
import { checkedEpsilon } from '../core/units';
import type { Weight } from '../core/weight';

/** What every optimiser has. */
export abstract class Optimizer {
  /** The name that `compile` and files know it by. */
  abstract readonly name: string;
  /** Names of the arrays that it keeps for each weight. @internal */
  abstract readonly slotNames: readonly string[];
  /** Steps made so far. @internal */
  iterations = 0;
  #learningRate: number;
  readonly #slots = new Map<Weight, Float32Array[]>();

  protected constructor(learningRate: unknown) {
    this.#learningRate = checkedRate(learningRate);
  }

  /** How far a step goes; may be changed between steps. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /** @throws GlnError `ERR_GLN_OPTION` */
  set learningRate(value: number) {
    this.#learningRate = checkedRate(value);
  }

  /** Its plain data, for files. @internal */
  abstract getConfig(): { [option: string]: unknown };

  /**
   * Makes a step.
   *
   * @param changes weights with their gradients
   * @internal
   */
  step(changes: Iterable<readonly [Weight, Float32Array]>): void {
    this.iterations++;
    for (const [weight, gradient] of changes) {
      this.move(weight.values, gradient, this.slotsOf(weight));
    }
  }

  /** What it keeps for a weight: zeros at first. @internal */
  slotsOf(weight: Weight): Float32Array[] {
    let slots = this.#slots.get(weight);
    if (slots === undefined) {
      slots = this.slotNames.map(() => new Float32Array(weight.size));
      this.#slots.set(weight, slots);
    }
    return slots;
  }

  /** Whether it keeps anything for a weight already. @internal */
  hasSlots(weight: Weight): boolean {
    return this.#slots.has(weight);
  }

  /** Takes over what was kept for a weight. @internal */
  adoptSlots(weight: Weight, slots: Float32Array[]): void {
    this.#slots.set(weight, slots);
  }

  /** Moves the values of one weight; {@link iterations} counts this step already. */
  protected abstract move(
    values: Float32Array,
    gradient: Float32Array,
    slots: readonly Float32Array[],
  ): void;
}

function checkedRate(value: unknown): number {
  const expected = 'a finite number of at least 0';
  return checkedRange('learningRate', value, expected, (x) => x >= 0 && Number.isFinite(x));
}

function checkedDecay(name: string, value: unknown): number {
  return checkedRange(name, value, 'a number from 0 to below 1', (x) => x >= 0 && x < 1);
}

/** Options of {@link Adam}. */
export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number;
  /** What is kept of the mean of gradients at each step; default 0.9. */
  beta1?: number;
  /** What is kept of the mean of their squares; default 0.999. */
  beta2?: number;
  /** Added to the root of that mean; default 1e-7. */
  epsilon?: number;
}

const ADAM_KEYS: ReadonlySet<string> = new Set<keyof AdamOptions>([
  'learningRate',
  'beta1',
  'beta2',
  'epsilon',
]);

/**
 * Adam (Kingma and Ba, 2015), with Keras's ε: in step t, with m and v the running
 * means of gradients and of their squares, w -= α m / (√v + ε), where
 * α = rate · √(1 - β₂^t) / (1 - β₁^t).
 */
export class Adam extends Optimizer {
  readonly name = 'adam';
  readonly slotNames = ['mean', 'variance'];
  /** What is kept of the mean of gradients at each step. */
  readonly beta1: number;
  /** What is kept of the mean of their squares. */
  readonly beta2: number;
  /** Added to the root of that mean. */
  readonly epsilon: number;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: AdamOptions = {}) {
    checkKeys(options, ADAM_KEYS);
    super(options.learningRate ?? 0.001);
    this.beta1 = checkedDecay('beta1', options.beta1 ?? 0.9);
    this.beta2 = checkedDecay('beta2', options.beta2 ?? 0.999);
    this.epsilon = checkedEpsilon(options.epsilon ?? 1e-7);
  }

  /** @internal */
  override getConfig(): { [option: string]: unknown } {
    const { learningRate, beta1, beta2, epsilon } = this;
    return { learningRate, beta1, beta2, epsilon };
  }

  protected override move(
    values: Float32Array,
    gradient: Float32Array,
    [mean, variance]: readonly Float32Array[],
  ): void {
    const { iterations, learningRate, beta1, beta2, epsilon } = this;
    const correction = Math.sqrt(1 - beta2 ** iterations) / (1 - beta1 ** iterations);
    const size = learningRate * correction;
    native(() => kernels().adam(values, gradient, mean, variance, size, beta1, beta2, epsilon));
  }
}

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** Default 0.01. */
  learningRate?: number;
  /** What is kept of the step before; from 0 to below 1, default 0. */
  momentum?: number;
}

const SGD_KEYS: ReadonlySet<string> = new Set<keyof SGDOptions>(['learningRate', 'momentum']);

/** w += v, with v = momentum · v - rate · gradient. */
export class SGD extends Optimizer {
  readonly name = 'sgd';
  /** What is kept of the step before. */
  readonly momentum: number;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: SGDOptions = {}) {
    checkKeys(options, SGD_KEYS);
    super(options.learningRate ?? 0.01);
    this.momentum = checkedDecay('momentum', options.momentum ?? 0);
  }

  /** @internal */
  override get slotNames(): readonly string[] {
    return this.momentum > 0 ? ['velocity'] : [];
  }

  /** @internal */
  override getConfig(): { [option: string]: unknown } {
    return { learningRate: this.learningRate, momentum: this.momentum };
  }

  protected override move(
    values: Float32Array,
    gradient: Float32Array,
    [velocity = null]: readonly (Float32Array | null)[],
  ): void {
    const { learningRate, momentum } = this;
    native(() => kernels().sgd(values, gradient, velocity, learningRate, momentum));
  }
}

/** Options of {@link RMSprop}. */
export interface RMSpropOptions {
  /** Default 0.001. */
  learningRate?: number;
  /** What is kept of the mean of squared gradients; default 0.9. */
  rho?: number;
  /** Added to that mean; default 1e-7. */
  epsilon?: number;
}

const RMSPROP_KEYS: ReadonlySet<string> = new Set<keyof RMSpropOptions>([
  'learningRate',
  'rho',
  'epsilon',
]);

/** w -= rate · gradient / √(v + ε), with v the running mean of squared gradients. */
export class RMSprop extends Optimizer {
  readonly name = 'rmsprop';
  readonly slotNames = ['variance'];
  /** What is kept of the mean of squared gradients. */
  readonly rho: number;
  /** Added to that mean. */
  readonly epsilon: number;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: RMSpropOptions = {}) {
    checkKeys(options, RMSPROP_KEYS);
    super(options.learningRate ?? 0.001);
    this.rho = checkedDecay('rho', options.rho ?? 0.9);
    this.epsilon = checkedEpsilon(options.epsilon ?? 1e-7);
  }

  /** @internal */
  override getConfig(): { [option: string]: unknown } {
    return { learningRate: this.learningRate, rho: this.rho, epsilon: this.epsilon };
  }

  protected override move(
    values: Float32Array,
    gradient: Float32Array,
    [variance]: readonly Float32Array[],
  ): void {
    const { learningRate, rho, epsilon } = this;
    for (let i = 0; i < values.length; i++) {
      variance[i] = rho * variance[i] + (1 - rho) * gradient[i] ** 2;
      values[i] -= (learningRate * gradient[i]) / Math.sqrt(variance[i] + epsilon);
    }
  }
}

const BY_NAME: Readonly<Record<string, (options?: object) => Optimizer>> = {
  adam: (options) => new Adam(options),
  sgd: (options) => new SGD(options),
  rmsprop: (options) => new RMSprop(options),
};

/** Names of optimisers, as Keras has them. */
export type OptimizerName = 'adam' | 'sgd' | 'rmsprop';

/**
 * An optimiser by name, new, or as it is.
 *
 * @throws GlnError `ERR_GLN_OPTION`
 */
export function resolveOptimizer(value: unknown, options?: object): Optimizer {
  if (value instanceof Optimizer) return value;
  if (typeof value === 'string' && Object.hasOwn(BY_NAME, value)) return BY_NAME[value](options);
  const known = Object.keys(BY_NAME).map((each) => `'${each}'`);
  throw new GlnError(
    'ERR_GLN_OPTION',
    `optimizer: expected ${known.join(', ')} or an optimiser, got ${describe(value)}`,
  );
}
