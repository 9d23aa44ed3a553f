/** Models' files that no model wrote: each is refused, and says what is wrong. */

import { GLN } from '../../lib/index';
import { failure } from '../format/samples';
import {
  long,
  type OpenFile,
  type Options,
  savedModel,
  spoiled,
  staged,
  structured,
  withData,
  withOptions,
} from './hostile-files';

const saved = {
  staged: savedModel(staged),
  structured: savedModel(structured),
  long: savedModel(long),
};
type Kind = keyof typeof saved;
type Change = (file: OpenFile) => void;

/** What loading the changed file fails with. */
function refusal(kind: Kind, change: Change): Promise<string> {
  const bytes = spoiled(saved[kind], change);
  return failure(() => GLN.fromBuffer(bytes));
}

it('begins with files that load', () => {
  for (const bytes of Object.values(saved)) {
    expect(GLN.fromBuffer(spoiled(bytes, () => undefined)).rowsSeen).toBe(70);
  }
});

const text =
  (key: string, value: string): Change =>
  ({ metadata }) =>
    metadata.set(key, value);

describe('texts', () => {
  it.each(['gln.format', 'gln.model', 'gln.options', 'gln.rows_seen'])(
    '%s must be there',
    async (key) => {
      const message = await refusal('staged', ({ metadata }) => metadata.delete(key));
      expect(message).toMatch(/^ERR_GLN_FORMAT/);
      expect(message).toContain(key);
    },
  );

  it.each<[string, string]>([
    ['gln.format', '2'],
    ['gln.format', ''],
    ['gln.model', 'gln'],
    ['gln.other', ''],
    ['__proto__', '1'],
    ['gln.extra', ''],
    ['gln.extra', '{"a":}'],
    ['gln.extra', '1 2'],
    ['gln.options', ''],
    ['gln.options', '[]'],
    ['gln.options', 'null'],
    ['gln.options', '"x"'],
    ['gln.options', '{}'],
    ['gln.options', '['.repeat(100_000)],
    ...[
      '',
      '1e3',
      '-1',
      '01',
      '+1',
      '1.0',
      ' 1',
      '0x1',
      'NaN',
      '9007199254740993',
      '9'.repeat(400),
    ].map((rows): [string, string] => ['gln.rows_seen', rows]),
  ])('%s cannot be %.20j', async (key, value) => {
    const message = await refusal('staged', text(key, value));
    expect(message).toMatch(/^ERR_GLN_FORMAT/);
    expect(message).toContain(key);
  });
});

describe('options', () => {
  const set = (change: (options: Options) => unknown) => withOptions(change);
  const put = (key: string, value: unknown) =>
    set((options) => {
      options[key] = value;
    });

  it.each(['inputSize', 'layerSizes'])('%s must be there', async (key) => {
    const message = await refusal('staged', put(key, undefined));
    expect(message).toMatch(`ERR_GLN_FORMAT: gln.options: ${key}`);
  });

  const wrong: unknown[] = [null, 'x', -1, 0.5, 1e300, {}, [[]], true, { type: 'x' }];
  const names = Object.keys(GLN.fromBuffer(saved.staged).options).filter((n) => n !== 'threads');

  it.each(names)('%s of every wrong kind is refused', async (name) => {
    let refused = 0;
    for (const value of wrong) {
      const bytes = spoiled(saved.staged, put(name, value));
      try {
        GLN.fromBuffer(bytes);
      } catch {
        const message = await failure(() => GLN.fromBuffer(bytes));
        expect(message).toMatch(/^ERR_GLN_(FORMAT|MEMORY): /);
        refused++;
      }
    }
    // true is a flag's value, 0.5 that of a rate or a bound; nothing takes all.
    expect(refused).toBeGreaterThanOrEqual(wrong.length - 3);
  });

  it.each<[string, Change]>([
    ['an unknown key', put('colour', 1)],
    ['threads', put('threads', 2)],
    ['__proto__', set((o) => JSON.stringify(o).replace('{', '{"__proto__":{"seed":1},'))],
    ['constructor', put('constructor', {})],
    ['toString', put('toString', 1)],
    ['base predictor __proto__', put('basePredictor', '__proto__')],
    ['a function with more', put('learningRate', { type: 'function', t: 1 })],
    ['no stages', put('basePredictor', [])],
    ['a stage of no type', put('basePredictor', [{}])],
    ['a stage of type constructor', put('basePredictor', [{ type: 'constructor' }])],
    ['a stage null', put('basePredictor', [null])],
    ['a stage list', put('sideInfo', [[]])],
    ['a linear stage without tensors', put('basePredictor', [{ type: 'linear' }])],
    [
      'a matrix in the options',
      set((options) => {
        const stages = options.sideInfo as Options[];
        const linear = stages.find(({ type }) => type === 'linear') as Options;
        linear.matrix = [1];
      }),
    ],
    ['branches of no lists', put('basePredictor', [{ type: 'branches', branches: [1] }])],
    ['indicators for all', put('basePredictor', [{ type: 'impute' }])],
    [
      'indicators for two thousand million',
      set((options) => {
        Object.assign(options, { inputSize: 2 ** 31 - 1, sideInfo: undefined });
        options.basePredictor = [{ type: 'impute', indicators: true }];
      }),
    ],
    [
      'branches without end',
      set((options) => {
        const depth = 100_000;
        const json = `${'[{"type":"branches","branches":['.repeat(depth)}[]${']}]'.repeat(depth)}`;
        return JSON.stringify(options).replace(
          /"basePredictor":\[.*?\]\}\],/s,
          `"basePredictor":${json},`,
        );
      }),
    ],
  ])('are refused with %s', async (_, change) => {
    expect(await refusal('staged', change)).toMatch(/^ERR_GLN_FORMAT: /);
  });

  it('do not reach prototypes', async () => {
    const json = '{"__proto__":{"inputSize":6},"constructor":{"prototype":{"layerSizes":[]}}}';
    expect(await refusal('staged', text('gln.options', json))).toMatch(/^ERR_GLN_FORMAT/);
    expect(({} as { inputSize?: number }).inputSize).toBeUndefined();
  });

  const most = 2 ** 31 - 1;
  const wide = { type: 'oneHot', columns: [0], size: most - 100, factor: 1 };
  it.each<[string, Kind, Options]>([
    ['inputs', 'structured', { inputSize: most }],
    ['neurons', 'structured', { layerSizes: [most] }],
    ['layers', 'structured', { layerSizes: new Array(1_000_000).fill(1) }],
    ['classes', 'structured', { numClasses: most }],
    ['side information', 'structured', { sideInfoSize: most }],
    ['side information of no gates', 'structured', { sideInfoSize: most, contextMapSize: 0 }],
    ['contexts', 'structured', { contextMapSize: 16, layerSizes: [most, most] }],
    ['categories', 'staged', { basePredictor: [wide] }],
    ['statistics', 'staged', { basePredictor: [wide, { type: 'standardize' }] }],
    ['samples', 'staged', { sideInfo: [wide, { type: 'bins', bins: 1 }] }],
    ['categories for the gates', 'staged', { sideInfo: [wide] }],
    ['buckets', 'staged', { sideInfo: [{ ...wide, type: 'hash' }, { type: 'standardize' }] }],
    ['all pairs', 'staged', { basePredictor: [{ ...wide, size: 4091 }, { type: 'whiten' }] }],
  ])('that claim terabytes of %s are refused before memory is taken', async (_, kind, claims) => {
    const change = set((options) => ({ ...options, ...claims }));
    const bytes = spoiled(saved[kind], change);
    const before = process.memoryUsage();
    const start = process.cpuUsage();
    expect(await failure(() => GLN.fromBuffer(bytes))).toMatch(/^ERR_GLN_(FORMAT|MEMORY): /);
    // Of the processor, not of the clock: a busy machine must not fail it.
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(5);
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(2 ** 29);
    expect(after.external - before.external).toBeLessThan(2 ** 27);
  });
});

describe('tensors', () => {
  const kinds = Object.entries(saved) as [Kind, Buffer][];
  const names = kinds.flatMap(([kind, bytes]) => {
    const file = spoiledNames(bytes);
    return file.map((name): [Kind, string] => [kind, name]);
  });

  it.each(names)('%s: %s must be there, of its type and its shape', async (kind, name) => {
    const changes: Change[] = [
      ({ tensors }) => tensors.delete(name),
      ({ tensors }) => {
        const { shape, data } = tensors.get(name) as { shape: number[]; data: Float32Array };
        const other = data instanceof Float32Array ? Float64Array : Float32Array;
        tensors.set(name, { shape, data: other.from(Array.from(data, Number)) });
      },
      ({ tensors }) => {
        const { shape, data } = tensors.get(name) as { shape: number[]; data: Float32Array };
        tensors.set(name, { shape: [1, ...shape], data });
      },
      ({ tensors }) => {
        const { data } = tensors.get(name) as { data: Float32Array };
        tensors.set(name, { shape: [data.length, 0], data: data.slice(0, 0) });
      },
      ({ tensors }) => {
        const { shape, data } = tensors.get(name) as { shape: number[]; data: Float32Array };
        const row = shape.slice(1).reduce((a, b) => a * b, 1);
        tensors.set(name, { shape: [shape[0] - 1, ...shape.slice(1)], data: data.slice(row) });
      },
    ];
    for (const change of changes) {
      const message = await refusal(kind, change);
      expect(message).toMatch(/^ERR_GLN_FORMAT: tensor "/);
      // A shorter tensor may be seen in the one that goes with it, of the same layer or list;
      // a map of fewer outputs in the weights or gates that would take them.
      const group = name.split('.').slice(0, 2).join('.');
      const near = name.endsWith('matrix') ? [group, 'layers.0'] : [group];
      expect(near.some((place) => message.includes(place))).toBe(true);
    }
  });

  it('that nobody asked for are refused', async () => {
    const extra = { shape: [1], data: Float32Array.of(1) };
    for (const name of ['layers.2.weights', 'layers.0.weight', 'x', '__proto__', 'statistics.0']) {
      const message = await refusal('staged', ({ tensors }) => tensors.set(name, extra));
      expect(message).toBe(`ERR_GLN_FORMAT: tensor "${name}": not known in this model's file`);
    }
    expect(await refusal('long', ({ tensors }) => tensors.set('statistics', extra))).toContain(
      'statistics',
    );
  });

  const first =
    (value: number) =>
    (data: Float32Array | Float64Array | Int8Array): void => {
      data[0] = value;
    };
  const rows = (change: (rows: BigInt64Array) => void) => withData('layers.0.weight_rows', change);

  it.each<[string, Kind, Change, string]>([
    ...[Number.NaN, Number.POSITIVE_INFINITY, -6, 1e30].map((x): [string, Kind, Change, string] => [
      `a weight of ${x}`,
      'long',
      withData('layers.1.weights', first(x)),
      'layers.1.weights',
    ]),
    ...[Number.NaN, -1, Number.NEGATIVE_INFINITY].map((x): [string, Kind, Change, string] => [
      `a bound of ${x}`,
      'long',
      withData('layers.1.weight_bounds', first(x)),
      'layers.1.weight_bounds',
    ]),
    [
      'a bound that weights exceed',
      'long',
      withData('layers.0.weight_bounds', first(0)),
      'layers.0.weight_bounds',
    ],
    ['rows that fall', 'long', rows((data) => data.reverse()), 'layers.0.weight_rows'],
    ['a row twice', 'long', rows((data) => data.copyWithin(0, 1, 2)), 'layers.0.weight_rows'],
    ['a row below 0', 'long', rows((data) => data.fill(-1n, 0, 1)), 'layers.0.weight_rows'],
    [
      'a row that is not there',
      'long',
      rows((data) => data.fill(2n ** 62n, data.length - 1)),
      'layers.0.weight_rows',
    ],
    [
      'the row after the last',
      'long',
      rows((data) => data.fill(18n, data.length - 1)),
      'layers.0.weight_rows',
    ],
    [
      'a hyperplane of NaN',
      'long',
      withData('layers.0.hyperplanes', first(Number.NaN)),
      'layers.0.hyperplanes',
    ],
    [
      'an infinite hyperplane',
      'long',
      withData('layers.0.hyperplanes', first(Number.POSITIVE_INFINITY)),
      'layers.0.hyperplanes',
    ],
    [
      'an offset of NaN',
      'staged',
      withData('layers.1.hyperplane_bias', first(Number.NaN)),
      'layers.1.hyperplane_bias',
    ],
    ['a sign of 0', 'structured', withData('gates.signs', first(0)), 'gates.signs'],
    ['a sign of 2', 'structured', withData('gates.signs', first(2)), 'gates.signs'],
    [
      'a threshold of NaN',
      'structured',
      withData('gates.thresholds', first(Number.NaN)),
      'gates.thresholds',
    ],
    ['statistics of NaN', 'staged', withData('statistics', first(Number.NaN)), 'statistics'],
    [
      'infinite statistics',
      'staged',
      withData('statistics', first(Number.POSITIVE_INFINITY)),
      'statistics',
    ],
    [
      'a matrix of NaN',
      'staged',
      withData('options.sideInfo.4.matrix', first(Number.NaN)),
      'options.sideInfo.4.matrix',
    ],
  ])('with %s (%s) are refused', async (_, kind, change, name) => {
    const message = await refusal(kind, change);
    expect(message).toMatch(/^ERR_GLN_FORMAT: /);
    expect(message).toContain(name);
  });

  it('may hold offsets beyond all numbers, as a large contextBiasScale gives', () => {
    const options = { ...long, contextBias: true, contextBiasScale: 1e300 };
    const model = new GLN(options);
    expect(model.parameters()[0].hyperplaneBias).toContain(Number.POSITIVE_INFINITY);
    const bytes = model.toBuffer();
    expect(GLN.fromBuffer(bytes).toBuffer().equals(bytes)).toBe(true);
  });
});

function spoiledNames(bytes: Buffer): string[] {
  const names: string[] = [];
  spoiled(bytes, ({ tensors }) => names.push(...tensors.keys()));
  return names;
}
