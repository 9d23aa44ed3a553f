/**
 * Calls that break the contract of types/tensors.d.ts, past the compiler: each must
 * throw an error with a code, and write nothing.
 */

import { loadAddon } from '../../lib/native';
import type { NativeTensors } from '../../types/tensors';

const { tensors } = loadAddon();

const rows = 3;
const inputs = 4;
const units = 5;
const activation = 2;

/** What an argument is, and so what is wrong for it. */
type Kind = 'array' | 'array or null' | 'size' | 'activation' | 'threads' | 'number';
type Argument = [kind: Kind, value: unknown];

const array = (length: number): Argument => ['array', floats(length)];
const optional = (length: number): Argument => ['array or null', floats(length)];
const sizes: Argument[] = [
  ['size', rows],
  ['size', inputs],
  ['size', units],
];
const threads: Argument = ['threads', 2];

function floats(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => 0.25 + index / 64);
}

const calls: Record<keyof NativeTensors, Argument[]> = {
  dense: [
    array(rows * inputs),
    array(inputs * units),
    optional(units),
    ...sizes,
    ['activation', activation],
    array(rows * units),
    threads,
  ],
  denseBackward: [
    array(rows * inputs),
    array(inputs * units),
    array(rows * units),
    array(rows * units),
    ...sizes,
    ['activation', activation],
    optional(rows * inputs),
    array(inputs * units),
    optional(units),
    threads,
  ],
  gatedLinearUnit: [
    array(rows * inputs),
    array(inputs * units),
    optional(units),
    array(inputs * units),
    optional(units),
    ...sizes,
    optional(rows * units),
    optional(rows * units),
    array(rows * units),
    threads,
  ],
  gatedLinearUnitBackward: [
    array(rows * inputs),
    array(inputs * units),
    array(inputs * units),
    array(rows * units),
    array(rows * units),
    array(rows * units),
    ...sizes,
    optional(rows * inputs),
    array(inputs * units),
    optional(units),
    array(inputs * units),
    optional(units),
    threads,
  ],
  activate: [['activation', activation], array(7), array(7)],
  activateBackward: [['activation', activation], array(7), array(7), array(7)],
  adam: [
    array(7),
    array(7),
    array(7),
    array(7),
    ['number', 0.1],
    ['number', 0.9],
    ['number', 0.999],
    ['number', 1e-7],
  ],
  sgd: [array(7), array(7), optional(7), ['number', 0.1], ['number', 0.9]],
};

function detached(length: number): Float32Array {
  const buffer = new ArrayBuffer(4 * length);
  const values = new Float32Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return values;
}

const notNumbers = ['1', undefined, null, {}, [1], 1n, true];

/** Values that are wrong for an argument, each with what it is. */
function wrongValues([kind, value]: Argument): unknown[] {
  switch (kind) {
    case 'size':
      return [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 53, ...notNumbers];
    case 'activation':
      return [-1, 5, 0.5, Number.NaN, ...notNumbers];
    case 'threads':
      return [0, -1, 1.5, 1025, Number.NaN, ...notNumbers];
    case 'number':
      return [Number.NaN, Number.POSITIVE_INFINITY, -1e300, ...notNumbers];
    default: {
      const { length } = value as Float32Array;
      const missing = kind === 'array' ? [null, undefined] : [];
      return [
        ...missing,
        new Float64Array(length),
        new Uint8Array(4 * length),
        new DataView(new ArrayBuffer(4 * length)),
        new ArrayBuffer(4 * length),
        Array.from({ length }, () => 0),
        { length },
        'floats',
        1,
        detached(length),
      ];
    }
  }
}

/** Whether the argument is an array that says itself how many elements there are. */
function givesLength(name: keyof NativeTensors, index: number): boolean {
  const isElementwise = calls[name].every(([kind]) => kind !== 'size');
  return isElementwise && index === calls[name].findIndex(([kind]) => kind === 'array');
}

function invoke(name: keyof NativeTensors, values: readonly unknown[]): void {
  Reflect.apply(tensors[name] as (...all: unknown[]) => void, tensors, values);
}

describe.each(Object.keys(calls) as (keyof NativeTensors)[])('%s', (name) => {
  const valid = calls[name].map(([, value]) => value);

  function replaced(index: number, by: unknown): unknown[] {
    return valid.map((value, at) => (at === index ? by : value));
  }

  function expectRefusal(values: readonly unknown[]): void {
    const arrays = values.filter(
      (value): value is Float32Array => value instanceof Float32Array && value.length > 0,
    );
    const before = arrays.map((array) => array.slice());
    let code: unknown;
    try {
      invoke(name, values);
    } catch (error) {
      code = (error as { code?: unknown }).code;
    }
    expect(['ERR_GLN_TYPE', 'ERR_GLN_SHAPE', 'ERR_GLN_OPTION']).toContain(code);
    expect(arrays).toEqual(before);
  }

  it.each(calls[name].map(([kind], index) => [index, kind] as const))(
    'refuses a wrong argument %i, %s',
    (index) => {
      for (const wrong of wrongValues(calls[name][index])) expectRefusal(replaced(index, wrong));
    },
  );

  it('refuses arrays that are too short', () => {
    valid.forEach((value, index) => {
      if (!(value instanceof Float32Array) || givesLength(name, index)) return;
      expectRefusal(replaced(index, value.subarray(1)));
    });
  });

  it('refuses a call without arguments', () => {
    expectRefusal([]);
  });

  it('takes what is right: exact arrays, longer ones, none where none is asked for', () => {
    const copied = valid.map((value) => (value instanceof Float32Array ? value.slice() : value));
    expect(() => invoke(name, copied)).not.toThrow();
    const nulls = calls[name].map(([kind, value]) => (kind === 'array or null' ? null : value));
    expect(() => invoke(name, nulls)).not.toThrow();
    const shared = valid.map((value, index) => {
      if (!(value instanceof Float32Array)) return value;
      const more = givesLength(name, index) ? 0 : 3;
      return new Float32Array(new SharedArrayBuffer(4 * (value.length + more)));
    });
    expect(() => invoke(name, shared)).not.toThrow();
  });
});
