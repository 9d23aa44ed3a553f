/**
 * Wrong places for results, wrong call options, and models that are gone: refused
 * before anything is learned.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import {
  detach,
  detached,
  expectComplaint,
  expectRefusal,
  hasResizableBuffers,
  shrunk,
} from '../support/misuse';
import { state } from '../support/models';
import { runs } from '../support/property';
import { Random } from '../support/random';

const inputSize = 4;
const models = [2, 3].map(
  (numClasses) => new GLN({ inputSize, layerSizes: [3], numClasses, learningRate: 0.05 }),
);
const widths = [1, 3];

const methods = fc.constantFrom<'learn' | 'predict'>('learn', 'predict');
const rowCounts = fc.integer({ min: 1, max: 70 });
const whichModel = fc.nat({ max: 1 });

function rowsAndLabels(rows: number): [Float32Array, number[]] {
  const random = new Random(rows);
  return [random.floats(rows * inputSize), Array.from({ length: rows }, () => random.below(2))];
}

describe('out', () => {
  it('of a wrong length is refused', () => {
    fc.assert(
      fc.property(methods, whichModel, rowCounts, fc.nat({ max: 250 }), (...drawn) => {
        const [method, which, rows, length] = drawn;
        const [input, labels] = rowsAndLabels(rows);
        const shape = { code: 'ERR_GLN_SHAPE', names: 'out' } as const;
        if (length !== rows * widths[which]) {
          const options = { returnProbs: true, out: new Float32Array(length) };
          expectRefusal(models[which], method, [input, labels, options], shape);
        }
        if (length !== rows) {
          const options = { out: new Uint32Array(length) };
          expectRefusal(models[which], method, [input, labels, options], shape);
        }
      }),
      runs(300),
    );
  });

  it('of a wrong type is refused', () => {
    const rows = 3;
    const [input, labels] = rowsAndLabels(rows);
    const type = { code: 'ERR_GLN_TYPE', names: 'out' } as const;
    const never = [
      null,
      [],
      [0, 0, 0],
      'out',
      {},
      3,
      true,
      new Float64Array(rows),
      new Int32Array(rows),
    ];
    for (const method of ['learn', 'predict'] as const) {
      for (const out of [...never, new Uint32Array(rows)]) {
        expectRefusal(models[0], method, [input, labels, { returnProbs: true, out }], type);
      }
      for (const out of [...never, new Float32Array(rows)]) {
        expectRefusal(models[0], method, [input, labels, { out }], type);
      }
    }
  });

  it('whose memory is gone is refused', () => {
    const [input, labels] = rowsAndLabels(5);
    const shape = { code: 'ERR_GLN_SHAPE', names: 'out' } as const;
    const gone: Float32Array[] = [detached(new Float32Array(5))];
    if (hasResizableBuffers) {
      gone.push(shrunk(new Float32Array(5), 4, true), shrunk(new Float32Array(5), 4, false));
    }
    for (const out of gone) {
      for (const method of ['learn', 'predict'] as const) {
        expectRefusal(models[0], method, [input, labels, { returnProbs: true, out }], shape);
      }
    }
  });
});

describe('call options', () => {
  it('that are no options are refused', () => {
    const [input, labels] = rowsAndLabels(2);
    for (const options of [7, 'returnProbs', true, Symbol('options')]) {
      for (const method of ['learn', 'predict'] as const) {
        const complaint = { code: ['ERR_GLN_TYPE', 'ERR_GLN_OPTION'], names: 'options' } as const;
        expectRefusal(models[0], method, [input, labels, options], complaint);
      }
    }
  });
});

describe('unknown call options', () => {
  it('are refused by name', () => {
    const [input, labels] = rowsAndLabels(2);
    for (const key of ['returnProb', 'Out', 'side_info', 'learningRate']) {
      for (const method of ['learn', 'predict'] as const) {
        const complaint = { code: 'ERR_GLN_OPTION', names: key } as const;
        expectRefusal(models[0], method, [input, labels, { [key]: undefined }], complaint);
        const single = [input.subarray(0, inputSize), 1, { [key]: 1 }];
        expectRefusal(models[0], method, single, complaint);
      }
    }
  });

  it('that are almost right are refused too', () => {
    const [input, labels] = rowsAndLabels(2);
    const complaint = { code: 'ERR_GLN_TYPE', names: 'returnProbs' } as const;
    for (const returnProbs of ['yes', 1, null, {}]) {
      for (const method of ['learn', 'predict'] as const) {
        expectRefusal(models[0], method, [input, labels, { returnProbs }], complaint);
        const single = [input.subarray(0, inputSize), 1, { returnProbs }];
        expectRefusal(models[0], method, single, complaint);
      }
    }
  });
});

describe('a learning rate', () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', undefined])(
    'of %p from a function is refused and nothing is learned',
    (rate) => {
      const learningRate = ((t: number) => (t > 3 ? rate : 0.01)) as (t: number) => number;
      const model = new GLN({ inputSize, layerSizes: [3], learningRate });
      const [input, labels] = rowsAndLabels(6);
      const codes = ['ERR_GLN_OPTION', 'ERR_GLN_VALUE'] as const;
      const complaint = { code: codes, names: 'learningRate' };
      expectRefusal(model, 'learn', [input, labels], complaint);
      model.learn(input.subarray(0, 3 * inputSize), labels.slice(0, 3));
      expectRefusal(model, 'learn', [input.subarray(0, inputSize), 1], complaint);
    },
  );

  it('function that throws is heard, and nothing is learned', () => {
    const failure = new Error('no rate today');
    const model = new GLN({
      inputSize,
      layerSizes: [3],
      learningRate: () => {
        throw failure;
      },
    });
    const [input, labels] = rowsAndLabels(3);
    expect(() => model.learn(input, labels)).toThrow(failure);
    expect(model.rowsSeen).toBe(0);
  });
});

/** Code of the caller's that runs in the middle of a call, after the arguments were checked. */
describe('a learning rate function that pulls the rug', () => {
  const rows = 3;

  function learnWith(rug: (given: { input: Float32Array; model: GLN }) => void): () => void {
    const given: { input: Float32Array; model?: GLN } = { input: rowsAndLabels(rows)[0] };
    const model = new GLN({
      inputSize,
      layerSizes: [3],
      learningRate: (t) => {
        if (t === 2) rug({ input: given.input, model });
        return 0.1;
      },
    });
    return () => {
      const before = state(model);
      expectComplaint(() => model.learn(given.input, [0, 1, 0]), {
        code: ['ERR_GLN_SHAPE', 'ERR_GLN_DISPOSED', 'ERR_GLN_BUSY'],
        names: '',
      });
      if (model.memory > 0) expect(state(model)).toEqual(before);
    };
  }

  it('by transferring the rows away gets an error', () => {
    learnWith(({ input }) => detach(input))();
  });

  it('by disposing of the model gets an error', () => {
    learnWith(({ model }) => model.dispose())();
  });
});

describe('a model that was disposed', () => {
  it('refuses every call, and may be disposed again', () => {
    const model = new GLN({ inputSize, layerSizes: [3] });
    const [input, labels] = rowsAndLabels(2);
    model.dispose();
    const gone = { code: 'ERR_GLN_DISPOSED', names: 'dispose' } as const;
    expectComplaint(() => model.predict(input), gone);
    expectComplaint(() => model.predict(input.subarray(0, inputSize)), gone);
    expectComplaint(() => model.learn(input, labels), gone);
    expectComplaint(() => model.learn(input.subarray(0, inputSize), 1), gone);
    expectComplaint(() => model.parameters(), gone);
    expect(() => model.dispose()).not.toThrow();
  });
});
