/**
 * What the tests of bad arguments share: models that have learned something, good
 * calls to spoil, and the kinds of rubbish that take the place of rows.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import { type Complaint, expectRefusal } from './misuse';
import { Random } from './random';

export const inputSize = 5;
export const sideInfoSize = 3;
export const numClasses = 3;

export type Method = 'learn' | 'predict';

/** A model that has learned something, so that a lost update would show. */
export function trained(withSideInfo: boolean, classes = numClasses): GLN {
  const model = new GLN({
    inputSize,
    layerSizes: [4],
    numClasses: classes,
    learningRate: 0.05,
    ...(withSideInfo && { sideInfoSize }),
  });
  const good = validCall(10, withSideInfo);
  const labels = good.labels.map((label) => label % classes);
  model.learn(good.input, labels, { ...(withSideInfo && { sideInfo: good.sideInfo }) });
  return model;
}

export function validCall(rows: number, withSideInfo: boolean) {
  const random = new Random(rows);
  return {
    input: random.floats(rows * inputSize),
    labels: Array.from({ length: rows }, () => random.below(numClasses)),
    sideInfo: random.floats(rows * sideInfoSize),
    options: withSideInfo ? { sideInfo: random.floats(rows * sideInfoSize) } : {},
  };
}

export const plain = trained(false);
export const gated = trained(true);
export const binary = trained(false, 2);

export const methods = fc.constantFrom<Method>('learn', 'predict');
export const rowCounts = fc.integer({ min: 1, max: 70 });
export const nonFinite = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
);
/** Finite as a double, but not as the float that the network computes with. */
export const tooLarge = fc.constantFrom(1e39, -1e300, Number.MAX_VALUE);

/** The ways in which rows may be handed over. */
export const forms: Record<string, (values: number[], width: number) => unknown> = {
  Float32Array: (values) => Float32Array.from(values),
  Float64Array: (values) => Float64Array.from(values),
  'number[]': (values) => values,
  'number[][]': (values, width) =>
    Array.from({ length: values.length / width }, (_, row) =>
      values.slice(row * width, (row + 1) * width),
    ),
};
export const formNames = fc.constantFrom(...Object.keys(forms));

/** Things that are no rows of numbers, however one looks at them. */
export const notRows = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, 7, 'text', {}, () => 0, Symbol('rows'), 1n),
  fc.constantFrom<unknown>(new ArrayBuffer(20), new DataView(new ArrayBuffer(20)), new Map()),
  fc.constantFrom<unknown>(new BigInt64Array(inputSize), { length: inputSize }),
);

/** Elements that are no numbers, in places where numbers are due. */
export const notNumbers = fc.constantFrom<unknown>(
  '1',
  null,
  undefined,
  {},
  [],
  true,
  1n,
  Symbol('x'),
);

export function refuse(
  model: GLN,
  method: Method,
  args: readonly unknown[],
  code: Complaint['code'],
  names: string,
): void {
  expectRefusal(model, method, args, { code, names });
}
