/**
 * A server is handed garbage sooner or later. Whatever it is, a call must refuse it
 * with an error that says what was wrong, and the model must not have learned
 * a single bit of it.
 */

import fc from 'fast-check';
import {
  formNames,
  forms,
  gated,
  inputSize,
  type Method,
  methods,
  nonFinite,
  notNumbers,
  notRows,
  plain,
  refuse,
  rowCounts,
  sideInfoSize,
  tooLarge,
  validCall,
} from '../support/bad-calls';
import { detached, hasResizableBuffers, shrunk } from '../support/misuse';
import { runs } from '../support/property';

describe('input', () => {
  it('of a wrong length is refused', () => {
    fc.assert(
      fc.property(methods, fc.integer({ min: 1, max: 400 }), (method, length) => {
        fc.pre(length % inputSize !== 0);
        const input = new Float32Array(length);
        const target = method === 'learn' ? [0] : undefined;
        refuse(plain, method, [input, target], 'ERR_GLN_SHAPE', 'input');
        refuse(plain, method, [Array.from(input), target], 'ERR_GLN_SHAPE', 'input');
      }),
      runs(200),
    );
  });

  it('with rows of different lengths is refused', () => {
    fc.assert(
      fc.property(methods, rowCounts, fc.nat(), fc.integer({ min: 0, max: 12 }), (...drawn) => {
        const [method, rows, where, length] = drawn;
        fc.pre(length !== inputSize);
        const nested = Array.from({ length: rows }, () => new Array<number>(inputSize).fill(1));
        nested[where % rows] = new Array<number>(length).fill(1);
        const labels = nested.map(() => 0);
        refuse(plain, method, [nested, labels], 'ERR_GLN_SHAPE', 'input');
      }),
      runs(200),
    );
  });

  it('with a number that is not finite is refused', () => {
    fc.assert(
      fc.property(
        methods,
        rowCounts,
        formNames,
        fc.nat(),
        fc.oneof(nonFinite, tooLarge),
        (method, rows, form, where, poison) => {
          const { input, labels } = validCall(rows, false);
          const values = Array.from(input);
          values[where % values.length] = poison;
          const bad = forms[form](values, inputSize);
          refuse(plain, method, [bad, labels], 'ERR_GLN_VALUE', 'input');
        },
      ),
      runs(400),
    );
  });

  it('that is no rows is refused', () => {
    fc.assert(
      fc.property(methods, notRows, (method, bad) => {
        refuse(plain, method, [bad, [0]], 'ERR_GLN_TYPE', 'input');
      }),
      runs(100),
    );
  });

  it('with elements that are no numbers is refused', () => {
    fc.assert(
      fc.property(methods, rowCounts, fc.nat(), notNumbers, (method, rows, where, bad) => {
        const { input, labels } = validCall(rows, false);
        const values: unknown[] = Array.from(input);
        // Not the first: that one tells whether the array is nested.
        values[1 + (where % (values.length - 1))] = bad;
        const codes = ['ERR_GLN_TYPE', 'ERR_GLN_VALUE'] as const;
        refuse(plain, method, [values, labels], codes, 'input');
        const nested = forms['number[][]'](values as number[], inputSize);
        refuse(plain, method, [nested, labels], codes, 'input');
      }),
      runs(200),
    );
  });

  it('whose memory is gone is refused', () => {
    fc.assert(
      fc.property(methods, rowCounts, (method, rows) => {
        const { input, labels } = validCall(rows, false);
        refuse(plain, method, [detached(input), labels], 'ERR_GLN_SHAPE', 'input');
      }),
      runs(50),
    );
  });

  const why = hasResizableBuffers ? '' : ' (skipped: this Node has no resizable buffers)';
  (hasResizableBuffers ? it : it.skip)(`over a buffer that shrank is refused${why}`, () => {
    fc.assert(
      fc.property(methods, rowCounts, fc.boolean(), fc.nat(), (method, rows, tracking, cut) => {
        const { input, labels } = validCall(rows, false);
        const length = cut % input.length;
        const bad = shrunk(input, length, tracking);
        // A view of fixed length is out of bounds; a tracking one is shorter: in rows that
        // are cut through, or in whole rows of which there are fewer than targets.
        const names = tracking && length % inputSize === 0 && length > 0 ? 'target' : 'input';
        refuse(plain, method, [bad, labels], 'ERR_GLN_SHAPE', names);
      }),
      runs(100),
    );
  });
});

describe('sideInfo', () => {
  it.each<Method>(['learn', 'predict'])('missing or out of place is refused by %s', (method) => {
    const { input, labels, options } = validCall(3, true);
    const codes = ['ERR_GLN_SHAPE', 'ERR_GLN_TYPE', 'ERR_GLN_OPTION'] as const;
    refuse(gated, method, [input, labels], codes, 'sideInfo');
    refuse(gated, method, [input, labels, {}], codes, 'sideInfo');
    refuse(gated, method, [input, labels, { sideInfo: null }], codes, 'sideInfo');
    // Without sideInfoSize the gates look at the input, and side information must fit it.
    refuse(plain, method, [input, labels, options], codes, 'sideInfo');
  });

  it('of a wrong length is refused', () => {
    fc.assert(
      fc.property(methods, rowCounts, fc.integer({ min: 0, max: 300 }), (method, rows, length) => {
        fc.pre(length !== rows * sideInfoSize);
        const { input, labels } = validCall(rows, true);
        const sideInfo = new Float32Array(length);
        refuse(gated, method, [input, labels, { sideInfo }], 'ERR_GLN_SHAPE', 'sideInfo');
      }),
      runs(150),
    );
  });

  it('with a number that is not finite is refused', () => {
    fc.assert(
      fc.property(
        methods,
        rowCounts,
        formNames,
        fc.nat(),
        fc.oneof(nonFinite, tooLarge),
        (method, rows, form, where, poison) => {
          const good = validCall(rows, true);
          const values = Array.from(good.sideInfo);
          values[where % values.length] = poison;
          const options = { sideInfo: forms[form](values, sideInfoSize) };
          refuse(gated, method, [good.input, good.labels, options], 'ERR_GLN_VALUE', 'sideInfo');
        },
      ),
      runs(300),
    );
  });

  it('that is no rows, or whose memory is gone, is refused', () => {
    fc.assert(
      fc.property(methods, notRows, rowCounts, (method, bad, rows) => {
        fc.pre(bad !== undefined && bad !== null);
        const { input, labels, sideInfo } = validCall(rows, true);
        refuse(gated, method, [input, labels, { sideInfo: bad }], 'ERR_GLN_TYPE', 'sideInfo');
        const gone = { sideInfo: detached(sideInfo) };
        refuse(gated, method, [input, labels, gone], 'ERR_GLN_SHAPE', 'sideInfo');
      }),
      runs(100),
    );
  });
});
