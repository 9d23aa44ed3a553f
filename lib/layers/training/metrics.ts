/**
 * What is measured beside the loss, over all rows of an epoch or data set; by
 * Keras's definitions.
 */
import { describe, GlnError } from '../../errors';
import type { Scored } from './losses';

/** A running measurement. */
export interface Metric {
  reset(): void;
  update(scored: Scored): void;
  /** Of everything since the last reset. */
  result(): number;
}

/** The mean of what one batch adds up, over so many values. */
class Mean implements Metric {
  #sum = 0;
  #count = 0;

  constructor(private readonly measure: (scored: Scored) => { sum: number; count: number }) {}

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
  }

  update(scored: Scored): void {
    const { sum, count } = this.measure(scored);
    this.#sum += sum;
    this.#count += count;
  }

  result(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }
}

/** Where one value alone decides yes or no. */
const THRESHOLD = 0.5;

/** A share of counted cases: precision and recall. */
class Share implements Metric {
  #hits = 0;
  #cases = 0;

  /** @param isCase whether a pair of target and decision counts; a hit is where both are yes */
  constructor(private readonly isCase: (target: boolean, decision: boolean) => boolean) {}

  reset(): void {
    this.#hits = 0;
    this.#cases = 0;
  }

  update({ target, output }: Scored): void {
    for (let i = 0; i < output.length; i++) {
      const truth = target[i] > THRESHOLD;
      const decision = output[i] > THRESHOLD;
      if (this.isCase(truth, decision)) this.#cases++;
      if (truth && decision) this.#hits++;
    }
  }

  result(): number {
    return this.#cases === 0 ? 0 : this.#hits / this.#cases;
  }
}

/** A mean over all values of a batch. */
const overValues = (each: (target: number, output: number) => number) => () =>
  new Mean(({ target, output }) => {
    let sum = 0;
    for (let i = 0; i < output.length; i++) sum += each(target[i], output[i]);
    return { sum, count: output.length };
  });

/** The first of the largest values of a row. */
function largest(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** The share of rows whose largest output is that of the right class. */
const overRows = (classOf: (target: Float32Array, row: number, width: number) => number) => () =>
  new Mean(({ target, output, width }) => {
    const count = output.length / width;
    let sum = 0;
    for (let row = 0; row < count; row++) {
      if (largest(output, row * width, width) === classOf(target, row, width)) sum++;
    }
    return { sum, count };
  });

const binaryAccuracy = overValues((target, output) =>
  target === (output > THRESHOLD ? 1 : 0) ? 1 : 0,
);
const categoricalAccuracy = overRows((target, row, width) => largest(target, row * width, width));
const sparseCategoricalAccuracy = overRows((target, row) => target[row]);
const squaredError = overValues((target, output) => (target - output) ** 2);
const absoluteError = overValues((target, output) => Math.abs(target - output));

interface Kind {
  make(): Metric;
  /** Whether targets are class numbers. */
  isSparse: boolean;
}

const BY_NAME = {
  binary_accuracy: { make: binaryAccuracy, isSparse: false },
  categorical_accuracy: { make: categoricalAccuracy, isSparse: false },
  sparse_categorical_accuracy: { make: sparseCategoricalAccuracy, isSparse: true },
  mse: { make: squaredError, isSparse: false },
  mean_squared_error: { make: squaredError, isSparse: false },
  mae: { make: absoluteError, isSparse: false },
  mean_absolute_error: { make: absoluteError, isSparse: false },
  precision: { make: () => new Share((_, decision) => decision), isSparse: false },
  recall: { make: () => new Share((target) => target), isSparse: false },
} as const satisfies Record<Exclude<MetricName, 'accuracy'>, Kind>;

/**
 * Names of metrics, as Keras has them. `accuracy` is the one that suits the output:
 * `binary_accuracy` for one value a row, else `categorical_accuracy`, or
 * `sparse_categorical_accuracy` where targets are class numbers.
 */
export type MetricName =
  | 'accuracy'
  | 'binary_accuracy'
  | 'categorical_accuracy'
  | 'sparse_categorical_accuracy'
  | 'mse'
  | 'mean_squared_error'
  | 'mae'
  | 'mean_absolute_error'
  | 'precision'
  | 'recall';

/**
 * A metric for an output.
 *
 * @param width length of the output's last axis
 * @param isSparse whether targets are class numbers
 * @throws GlnError `ERR_GLN_OPTION`
 */
export function makeMetric(where: string, name: unknown, width: number, isSparse: boolean): Metric {
  if (name === 'accuracy') {
    if (isSparse) return sparseCategoricalAccuracy();
    return width === 1 ? binaryAccuracy() : categoricalAccuracy();
  }
  if (typeof name !== 'string' || !Object.hasOwn(BY_NAME, name)) {
    const known = ['accuracy', ...Object.keys(BY_NAME)].map((each) => `'${each}'`);
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${where}: expected ${known.join(', ')}, got ${describe(name)}`,
    );
  }
  const kind: Kind = BY_NAME[name as keyof typeof BY_NAME];
  if (kind.isSparse !== isSparse) {
    const targets = isSparse ? 'class numbers' : 'as many values as there are outputs';
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${where}: expected a metric for targets that are ${targets}, as the loss takes them, ` +
        `got '${name}'`,
    );
  }
  return kind.make();
}
