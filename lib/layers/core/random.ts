/** Random tensors, for examples, tests and first trials. */
import { checkKeys } from '../../calls';
import { checkedNumber } from '../../checks';
import { RandomIntegers } from '../../data/random';
import { checkedSeed, nextSeed, uniform } from './seeds';
import { type Shape, sizeOf } from './shape';
import { checkShape, Tensor } from './tensor';

/** Options of {@link randomNormal}. */
export interface RandomNormalOptions {
  /** Default 0. */
  mean?: number;
  /** Standard deviation, at least 0; default 1. */
  stddev?: number;
  /** An integer from 0 to 2^53 - 1; default: the next of the process's sequence of seeds. */
  seed?: number;
}

const KEYS: ReadonlySet<string> = new Set<keyof RandomNormalOptions>(['mean', 'stddev', 'seed']);

/**
 * Normally distributed numbers.
 *
 * @param shape length of every axis, each at least 1
 * @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_SHAPE`
 */
export function randomNormal(shape: Shape, options: RandomNormalOptions = {}): Tensor {
  checkKeys(options, KEYS);
  const mean = checkedNumber('mean', options.mean ?? 0, -Number.MAX_VALUE, Number.MAX_VALUE);
  const stddev = checkedNumber('stddev', options.stddev ?? 1, 0, Number.MAX_VALUE);
  const seed = checkedSeed('seed', options.seed ?? nextSeed());
  checkShape(shape);
  const random = new RandomIntegers(seed);
  // The transform of Box and Muller.
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
  const data = Float32Array.from({ length: sizeOf(shape) }, () => mean + stddev * normal());
  return new Tensor(data, [...shape]);
}
