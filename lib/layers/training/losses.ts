/**
 * What training makes small, by Keras's definitions: a mean over the batch and
 * all axes, for cross-entropies of classes but the last.
 */
import { checkKeys } from '../../calls';
import { checkedFlag } from '../../checks';
import { describe, GlnError } from '../../errors';
import type { ActivationName } from '../core/activations';

/** A prediction and what it should have been. */
export interface Scored {
  /** Class numbers for sparse losses, one a row; else as long as `output`. */
  readonly target: Float32Array;
  readonly output: Float32Array;
  /** Length of the output's last axis. */
  readonly width: number;
}

/** What the values of a target may be, and how many there are. */
export interface TargetRule {
  /** Whether a target is a class number for each row instead of `width` values. */
  readonly isSparse: boolean;
  /** Whether values must be from 0 to 1. */
  readonly isShare: boolean;
}

/** A loss: what `compile` takes beside its name. */
export abstract class Loss implements TargetRule {
  /** The name that Keras knows it by. */
  abstract readonly name: string;
  readonly isSparse: boolean = false;
  readonly isShare: boolean = false;
  /**
   * The activation whose gradient this loss cancels: the gradient before it is then
   * exact where the one behind it would be lost in rounding.
   *
   * @internal
   */
  readonly cancels: ActivationName | undefined;

  /** Its plain data, for files. @internal */
  getConfig(): { [option: string]: unknown } {
    return {};
  }

  /** The mean loss. @internal */
  abstract value(scored: Scored): number;

  /**
   * The gradient of factor · value with respect to the output or, where `before`, to
   * what went into the activation that the loss cancels.
   *
   * @internal
   */
  abstract gradient(scored: Scored, factor: number, before: boolean, result: Float32Array): void;
}

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /** Whether outputs are logits, not yet through sigmoid or softmax. Default false. */
  fromLogits?: boolean;
}

const CROSSENTROPY_KEYS: ReadonlySet<string> = new Set<keyof CrossentropyOptions>(['fromLogits']);
/** Probabilities are cut to [ε, 1 - ε] in single precision, as Keras does. */
const LEAST = Math.fround(1e-7);
const MOST = Math.fround(1 - 1e-7);

/** The mean of (target - output)². */
export class MeanSquaredError extends Loss {
  readonly name = 'mean_squared_error';

  /** @internal */
  override value({ target, output }: Scored): number {
    let sum = 0;
    for (let i = 0; i < output.length; i++) sum += (output[i] - target[i]) ** 2;
    return sum / output.length;
  }

  /** @internal */
  override gradient({ target, output }: Scored, factor: number, _: boolean, result: Float32Array) {
    const scale = (2 * factor) / output.length;
    for (let i = 0; i < output.length; i++) result[i] = (output[i] - target[i]) * scale;
  }
}

/** What the cross-entropies share. */
abstract class Crossentropy extends Loss {
  /** Whether outputs are logits. */
  readonly fromLogits: boolean;
  /** Targets are shares, from 0 to 1. */
  override readonly isShare: boolean = true;

  /** @throws GlnError `ERR_GLN_OPTION` */
  constructor(options: CrossentropyOptions = {}) {
    super();
    checkKeys(options, CROSSENTROPY_KEYS);
    this.fromLogits = checkedFlag('fromLogits', options.fromLogits ?? false);
  }

  /** @internal */
  override getConfig(): { [option: string]: unknown } {
    return { fromLogits: this.fromLogits };
  }
}

function cut(probability: number): number {
  return Math.min(Math.max(probability, LEAST), MOST);
}

/** The mean of -t ln p - (1 - t) ln(1 - p), for independent probabilities. */
export class BinaryCrossentropy extends Crossentropy {
  readonly name = 'binary_crossentropy';
  override readonly cancels = this.fromLogits ? undefined : 'sigmoid';

  /** @internal */
  override value({ target, output }: Scored): number {
    let sum = 0;
    for (let i = 0; i < output.length; i++) {
      if (this.fromLogits) {
        const z = output[i];
        sum += Math.max(z, 0) - z * target[i] + Math.log1p(Math.exp(-Math.abs(z)));
      } else {
        const p = cut(output[i]);
        sum -= target[i] * Math.log(p) + (1 - target[i]) * Math.log(1 - p);
      }
    }
    return sum / output.length;
  }

  /** @internal */
  override gradient(
    { target, output }: Scored,
    factor: number,
    before: boolean,
    result: Float32Array,
  ): void {
    const scale = factor / output.length;
    for (let i = 0; i < output.length; i++) {
      const y = output[i];
      if (this.fromLogits) result[i] = (1 / (1 + Math.exp(-y)) - target[i]) * scale;
      else if (before) result[i] = (y - target[i]) * scale;
      else result[i] = y === cut(y) ? ((y - target[i]) / (y * (1 - y))) * scale : 0;
    }
  }
}

/** What the two cross-entropies of classes share, which differ in how they write targets. */
abstract class ClassCrossentropy extends Crossentropy {
  override readonly cancels = this.fromLogits ? undefined : 'softmax';

  /** How much of row `row` is class `k`. */
  protected abstract shareOf(target: Float32Array, row: number, k: number, width: number): number;

  /** @internal */
  override value({ target, output, width }: Scored): number {
    const rows = output.length / width;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const logOf = this.#logProbabilities(output.subarray(row * width, (row + 1) * width));
      for (let k = 0; k < width; k++) {
        const share = this.shareOf(target, row, k, width);
        if (share !== 0) sum -= share * logOf(k);
      }
    }
    return sum / rows;
  }

  /** ln p of each class of one row. */
  #logProbabilities(row: Float32Array): (k: number) => number {
    if (this.fromLogits) {
      const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const sum = row.reduce((total, z) => total + Math.exp(z - most), 0);
      return (k) => row[k] - most - Math.log(sum);
    }
    const sum = row.reduce((total, p) => total + p, 0);
    return (k) => Math.log(cut(row[k] / sum));
  }

  /** @internal */
  override gradient(
    { target, output, width }: Scored,
    factor: number,
    before: boolean,
    result: Float32Array,
  ): void {
    const rows = output.length / width;
    const scale = factor / rows;
    const shares = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      const values = output.subarray(start, start + width);
      let total = 0;
      for (let k = 0; k < width; k++) {
        shares[k] = this.shareOf(target, row, k, width);
        total += shares[k];
      }
      const gradient = result.subarray(start, start + width);
      if (before) ofSoftmax(values, shares, total, scale, gradient);
      else if (this.fromLogits) ofLogits(values, shares, total, scale, gradient);
      else ofProbabilities(values, shares, scale, gradient);
    }
  }
}

/** With respect to what went into softmax, from what came out: p · Σt - t. */
function ofSoftmax(
  probabilities: Float32Array,
  shares: Float64Array,
  total: number,
  scale: number,
  result: Float32Array,
): void {
  for (let k = 0; k < shares.length; k++) {
    result[k] = (probabilities[k] * total - shares[k]) * scale;
  }
}

function ofLogits(
  logits: Float32Array,
  shares: Float64Array,
  total: number,
  scale: number,
  result: Float32Array,
): void {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = logits.reduce((all, z) => all + Math.exp(z - most), 0);
  for (let k = 0; k < shares.length; k++) {
    result[k] = ((Math.exp(logits[k] - most) / sum) * total - shares[k]) * scale;
  }
}

/** With respect to values that are divided by their sum and cut: 0 for what was cut. */
function ofProbabilities(
  values: Float32Array,
  shares: Float64Array,
  scale: number,
  result: Float32Array,
): void {
  const sum = values.reduce((all, p) => all + p, 0);
  const isKept = (k: number) => values[k] / sum === cut(values[k] / sum);
  const kept = shares.reduce((all, share, k) => all + (isKept(k) ? share : 0), 0);
  for (let k = 0; k < shares.length; k++) {
    const own = isKept(k) && shares[k] !== 0 ? shares[k] / values[k] : 0;
    result[k] = (kept / sum - own) * scale;
  }
}

/** The mean over rows of -Σ t ln p, with targets as rows of shares, such as one-hot. */
export class CategoricalCrossentropy extends ClassCrossentropy {
  readonly name = 'categorical_crossentropy';

  protected override shareOf(target: Float32Array, row: number, k: number, width: number): number {
    return target[row * width + k];
  }
}

/** The mean over rows of -ln p of the right class, with targets as class numbers. */
export class SparseCategoricalCrossentropy extends ClassCrossentropy {
  readonly name = 'sparse_categorical_crossentropy';
  /** Targets are class numbers, one a row. */
  override readonly isSparse = true;
  /** They are no shares. */
  override readonly isShare = false;

  protected override shareOf(target: Float32Array, row: number, k: number): number {
    return target[row] === k ? 1 : 0;
  }
}

type MakeLoss = (options?: CrossentropyOptions) => Loss;

const BY_NAME: Readonly<Record<string, MakeLoss>> = {
  binary_crossentropy: (options) => new BinaryCrossentropy(options),
  categorical_crossentropy: (options) => new CategoricalCrossentropy(options),
  sparse_categorical_crossentropy: (options) => new SparseCategoricalCrossentropy(options),
  mean_squared_error: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError(),
};

/** Names of losses, as Keras has them. */
export type LossName =
  | 'binary_crossentropy'
  | 'categorical_crossentropy'
  | 'sparse_categorical_crossentropy'
  | 'mean_squared_error'
  | 'mse';

/**
 * A loss by name or as it is.
 *
 * @throws GlnError `ERR_GLN_OPTION`
 */
export function resolveLoss(name: string, value: unknown, options?: CrossentropyOptions): Loss {
  if (value instanceof Loss) return value;
  if (typeof value === 'string' && Object.hasOwn(BY_NAME, value)) return BY_NAME[value](options);
  const known = Object.keys(BY_NAME).map((each) => `'${each}'`);
  throw new GlnError(
    'ERR_GLN_OPTION',
    `${name}: expected ${known.join(', ')} or a loss, got ${describe(value)}`,
  );
}
