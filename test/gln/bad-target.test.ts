/**
 * Labels come from people, files and queues: a target that is no class must be
 * refused, and the rows before it in the same call must not have been learned.
 */

import fc from 'fast-check';
import {
  binary,
  inputSize,
  methods,
  numClasses,
  plain,
  refuse,
  rowCounts,
  validCall,
} from '../support/bad-calls';
import { detached } from '../support/misuse';
import { runs } from '../support/property';

describe('target', () => {
  const wrongLabels = fc.oneof(
    fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -1,
      0.5,
      1.5,
      numClasses,
      2 ** 32,
      -(2 ** 32),
    ),
    fc.double({ noInteger: true }),
    fc.integer({ min: numClasses }),
    fc.integer({ max: -1 }),
  );
  const kinds: Record<string, (values: number[]) => unknown> = {
    'number[]': (values) => values,
    Float32Array: (values) => Float32Array.from(values),
    Float64Array: (values) => Float64Array.from(values),
  };

  it('that is no class is refused, wherever it stands', () => {
    fc.assert(
      fc.property(
        methods,
        rowCounts,
        fc.constantFrom(...Object.keys(kinds)),
        fc.nat(),
        wrongLabels,
        (method, rows, kind, where, wrong) => {
          const { input, labels } = validCall(rows, false);
          labels[where % rows] = wrong;
          // Rounding to float may turn 1.0000000001 into a class; the others stay wrong.
          fc.pre(kind !== 'Float32Array' || isNoClass(Math.fround(wrong)));
          refuse(plain, method, [input, kinds[kind](labels)], 'ERR_GLN_LABEL', 'target');
          if (rows === 1) refuse(plain, method, [input, wrong], 'ERR_GLN_LABEL', 'target');
        },
      ),
      runs(400),
    );
  });

  function isNoClass(value: number): boolean {
    return !(Number.isInteger(value) && value >= 0 && value < numClasses);
  }

  it('in an array of integers is checked too', () => {
    const makers = [
      (values: number[]) => Uint8Array.from(values),
      (values: number[]) => Uint16Array.from(values),
      (values: number[]) => Uint32Array.from(values),
      (values: number[]) => Int8Array.from(values),
      (values: number[]) => Int16Array.from(values),
      (values: number[]) => Int32Array.from(values),
    ];
    fc.assert(
      fc.property(
        methods,
        rowCounts,
        fc.constantFrom(...makers),
        fc.nat(),
        fc.constantFrom(numClasses, 100, -1, -100),
        (method, rows, make, where, wrong) => {
          const { input, labels } = validCall(rows, false);
          labels[where % rows] = wrong;
          refuse(plain, method, [input, make(labels)], 'ERR_GLN_LABEL', 'target');
        },
      ),
      runs(200),
    );
  });

  it('of a binary model is 0 or 1', () => {
    const { input } = validCall(2, false);
    for (const wrong of [2, -1, 0.5, Number.NaN]) {
      refuse(binary, 'learn', [input, [1, wrong]], 'ERR_GLN_LABEL', 'target');
      refuse(binary, 'predict', [input, [wrong, 1]], 'ERR_GLN_LABEL', 'target');
      refuse(binary, 'learn', [input.subarray(0, inputSize), wrong], 'ERR_GLN_LABEL', 'target');
    }
  });

  it('of a wrong number is refused', () => {
    fc.assert(
      fc.property(methods, rowCounts, fc.integer({ min: 0, max: 80 }), (method, rows, count) => {
        fc.pre(count !== rows);
        const { input } = validCall(rows, false);
        const labels = new Array<number>(count).fill(1);
        refuse(plain, method, [input, labels], 'ERR_GLN_SHAPE', 'target');
        refuse(plain, method, [input, Uint8Array.from(labels)], 'ERR_GLN_SHAPE', 'target');
        if (rows > 1) refuse(plain, method, [input, 1], 'ERR_GLN_SHAPE', 'target');
      }),
      runs(150),
    );
  });

  it('of another type is refused', () => {
    const { input } = validCall(1, false);
    const codes = ['ERR_GLN_TYPE', 'ERR_GLN_LABEL'] as const;
    for (const bad of ['1', {}, () => 0, 1n, Symbol('class'), new Map()]) {
      refuse(plain, 'learn', [input, bad], codes, 'target');
      refuse(plain, 'predict', [input, bad], codes, 'target');
      refuse(plain, 'learn', [input, [bad]], codes, 'target');
      refuse(plain, 'predict', [input, [bad]], codes, 'target');
    }
    for (const missing of [undefined, null]) {
      refuse(plain, 'learn', [input, missing], codes, 'target');
      refuse(plain, 'learn', [input, [missing]], codes, 'target');
    }
  });

  it('whose memory is gone is refused', () => {
    const { input, labels } = validCall(4, false);
    const gone = detached(Uint32Array.from(labels));
    refuse(plain, 'learn', [input, gone], 'ERR_GLN_SHAPE', 'target');
    refuse(plain, 'predict', [input, gone], 'ERR_GLN_SHAPE', 'target');
  });
});
