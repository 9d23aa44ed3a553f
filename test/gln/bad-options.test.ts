/**
 * Options that make no sense are refused when the model is made, by name: later
 * they would be a crash, or worse, a model that quietly learns nothing.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import { expectComplaint } from '../support/misuse';
import { runs } from '../support/property';

const good = { inputSize: 4, layerSizes: [3] };

function make(options: unknown): unknown {
  return Reflect.construct(GLN, [options]);
}

function refuseOption(key: string, value: unknown): void {
  expectComplaint(() => make({ ...good, [key]: value }), { code: 'ERR_GLN_OPTION', names: key });
}

const isInteger = (value: unknown, low: number, high = Number.POSITIVE_INFINITY): boolean =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;

const isBetween = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value > low && value < high;

/** Which values each option may have; `undefined` stands for its default where it has one. */
const isAllowed: Record<string, (value: unknown) => boolean> = {
  inputSize: (value) => isInteger(value, 1),
  layerSizes: (value) => Array.isArray(value) && value.every((size) => isInteger(size, 1)),
  numClasses: (value) => isInteger(value, 2),
  contextMapSize: (value) => isInteger(value, 0, 16),
  bias: (value) => typeof value === 'boolean',
  contextBias: (value) => typeof value === 'boolean',
  contextBiasScale: (value) => isBetween(value, 0, Number.POSITIVE_INFINITY),
  basePredictor: (value) =>
    typeof value === 'function' || ['minMax', 'probabilities', 'logits'].includes(value as string),
  learningRate: (value) =>
    typeof value === 'function' || isBetween(value, 0, Number.POSITIVE_INFINITY),
  predClipping: (value) => isBetween(value, 0, 0.5),
  weightClipping: (value) => isBetween(value, 0, Number.POSITIVE_INFINITY),
  seed: (value) => isInteger(value, 0, 2 ** 53 - 1),
  sideInfoSize: (value) => isInteger(value, 1),
  updateMode: (value) => value === 'online' || value === 'batch',
  threads: (value) => isInteger(value, 1),
};
const required = ['inputSize', 'layerSizes'];
const keys = Object.keys(isAllowed);

/** Values next to what is allowed, where checks go wrong. */
const nearMisses = fc.constantFrom<unknown>(
  0,
  -0,
  -1,
  0.5,
  1.5,
  17,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  -(2 ** 31),
  '1',
  '',
  'minmax',
  'Online',
  null,
  true,
  false,
  1n,
  [],
  [0],
  [-1],
  [1.5],
  [Number.NaN],
  ['3'],
  [[3]],
  [null],
  {},
  Object.create(null),
  () => 1,
  Symbol('option'),
  new Date(),
  new Float32Array(3),
);

describe('the constructor', () => {
  it.each(keys)('refuses values of %s that are not allowed', (key) => {
    fc.assert(
      fc.property(fc.oneof(nearMisses, fc.anything()), (value) => {
        fc.pre(value !== undefined && !isAllowed[key](value));
        // An array without entries is a network of the last neuron alone, or it is refused.
        fc.pre(!(key === 'layerSizes' && Array.isArray(value) && value.length === 0));
        // Objects may be schedules of the learning rate; the schedules' own test is elsewhere.
        fc.pre(!(key === 'learningRate' && typeof value === 'object' && value !== null));
        refuseOption(key, value);
      }),
      runs(150),
    );
  });

  it.each([
    ['predClipping', [0, 0.5, 0.6, -1e-3, 1]],
    ['weightClipping', [0, -1, Number.NaN]],
    ['learningRate', [0, -1e-3, Number.NaN, Number.POSITIVE_INFINITY, '0.1', null, true]],
    ['contextMapSize', [-1, 17, 1.5, '4']],
    ['numClasses', [1, 0, -2, 2.5]],
    ['seed', [-1, 2 ** 53, 0.5]],
    ['layerSizes', [3, null, 'x', [0], [3, -1], [2.5], [3, '3']]],
  ])('refuses the limits of %s and beyond', (key, values) => {
    for (const value of values) refuseOption(key, value);
  });

  it.each(required)('asks for %s', (key) => {
    expectComplaint(() => make({ ...good, [key]: undefined }), {
      code: 'ERR_GLN_OPTION',
      names: key,
    });
  });

  it('refuses options that it does not know, by name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{1,12}$/), fc.anything(), (key, value) => {
        fc.pre(!keys.includes(key) && !(key in Object.prototype));
        refuseOption(key, value);
      }),
      runs(200),
    );
    for (const key of ['learning_rate', 'layersizes', 'numclasses', 'Seed']) refuseOption(key, 1);
  });

  it('refuses options that are no object', () => {
    for (const options of [undefined, null, 5, 'options', true, () => 0, Symbol('options')]) {
      const complaint = { code: ['ERR_GLN_OPTION', 'ERR_GLN_TYPE'], names: 'options' } as const;
      expectComplaint(() => make(options), complaint);
    }
  });

  it('refuses sizes that no memory holds, at once', () => {
    const codes = ['ERR_GLN_OPTION', 'ERR_GLN_MEMORY'] as const;
    for (const size of [2 ** 40, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
      expectComplaint(() => make({ inputSize: size, layerSizes: [size] }), {
        code: codes,
        names: 'Size',
      });
      expectComplaint(() => make({ inputSize: 8, layerSizes: [size], contextMapSize: 16 }), {
        code: codes,
        names: 'layerSizes',
      });
    }
  });

  it('takes the limits themselves', () => {
    const limits = [
      { inputSize: 1, layerSizes: [1], contextMapSize: 0 },
      { ...good, contextMapSize: 16 },
      { ...good, predClipping: 0.4999 },
      { ...good, seed: 2 ** 53 - 1 },
      { ...good, sideInfoSize: 1, numClasses: 2, threads: 1 },
    ];
    for (const options of limits) new GLN(options).dispose();
  });
});

describe('fromParameters', () => {
  const layers = () => new GLN(good).parameters();
  const shapes = ['ERR_GLN_SHAPE', 'ERR_GLN_TYPE', 'ERR_GLN_VALUE'] as const;

  function refuseLayers(bad: unknown, names: string): void {
    expectComplaint(() => Reflect.apply(GLN.fromParameters, GLN, [good, bad]), {
      code: shapes,
      names,
    });
  }

  it('refuses layers that are missing, or too many, or none at all', () => {
    for (const bad of [undefined, null, 3, {}, [], layers().slice(1), [...layers(), layers()[0]]]) {
      refuseLayers(bad, 'layers');
    }
    refuseLayers([null, layers()[1]], 'layers');
  });

  it.each(['weights', 'hyperplanes', 'hyperplaneBias'] as const)('refuses bad %s', (key) => {
    const [first, last] = layers();
    const short = first[key].slice(1);
    const poisoned = first[key].slice();
    poisoned[poisoned.length - 1] = Number.NaN;
    const bads = [
      short,
      new Float32Array(0),
      poisoned,
      Array.from(short),
      null,
      'x',
      undefined,
      {},
    ];
    for (const bad of bads) refuseLayers([{ ...first, [key]: bad }, last], key);
  });

  it('refuses bad options as the constructor does', () => {
    expectComplaint(() => GLN.fromParameters({ ...good, contextMapSize: 17 }, layers()), {
      code: 'ERR_GLN_OPTION',
      names: 'contextMapSize',
    });
  });
});
