/** A density model that was saved goes on as if nothing had happened; other files are refused. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeTensors, encodeTensors } from '../../lib/format/tensor-file';
import type { Tensor } from '../../lib/format/tensors';
import { AutoregressiveDensity, type AutoregressiveDensityOptions, GLN } from '../../lib/index';
import { Random } from '../support/random';
import { errorOf } from '../support/thrown';

const SIZE = 6;
const options: AutoregressiveDensityOptions = {
  size: SIZE,
  width: 3,
  inputBits: 5,
  gateBits: 3,
  layerSizes: [3],
  seed: 4,
  threads: 1,
};

function rows(count: number, seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: count * SIZE }, () => random.below(2));
}

function taught(more: Partial<AutoregressiveDensityOptions> = {}): AutoregressiveDensity {
  const model = new AutoregressiveDensity({ ...options, ...more });
  model.learn(rows(200, 1));
  return model;
}

it('goes on to the same bits, from a file and from bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gln-density-'));
  try {
    const path = join(folder, 'density.safetensors');
    const model = taught();
    await model.save(path, { extra: { place: 200 } });
    const loaded = await AutoregressiveDensity.load(path, { threads: 2 });
    expect(loaded.extra).toEqual({ place: 200 });
    expect(loaded.options).toEqual({ ...model.options, threads: 2 });
    expect(loaded.rowsSeen).toBe(200);
    const again = AutoregressiveDensity.fromBuffer(model.toBuffer());
    for (const other of [loaded, again]) {
      expect(other.logLikelihood(rows(20, 2))).toEqual(model.logLikelihood(rows(20, 2)));
    }
    const nats = model.learn(rows(300, 3));
    for (const other of [loaded, again]) {
      expect(other.learn(rows(300, 3))).toEqual(nats);
      expect(other.toBuffer().equals(model.toBuffer())).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('needs a learning rate that was a function again, and takes another', () => {
  const rate = (t: number) => 0.1 / Math.sqrt(t);
  const bytes = taught({ learningRate: rate }).toBuffer();
  expect(errorOf(() => AutoregressiveDensity.fromBuffer(bytes))).toMatch(
    /^ERR_GLN_OPTION learningRate: expected it to be given again/,
  );
  const loaded = AutoregressiveDensity.fromBuffer(bytes, { learningRate: rate });
  const model = taught({ learningRate: rate });
  expect(loaded.learn(rows(50, 2))).toEqual(model.learn(rows(50, 2)));
  const plain = AutoregressiveDensity.fromBuffer(taught().toBuffer(), { learningRate: 0.5 });
  expect(plain.options.learningRate).toBe(0.5);
});

/** A file with its texts and tensors changed. */
function changed(
  change: (metadata: Map<string, string>, tensors: Map<string, Tensor>) => void,
): Buffer {
  const file = decodeTensors(taught().toBuffer());
  const metadata = new Map(file.metadata);
  const tensors = new Map(file.tensors);
  metadata.delete('gln.checksum');
  change(metadata, tensors);
  return encodeTensors({ metadata, tensors });
}

const options0 = (change: object) =>
  changed((metadata) => {
    const plain = JSON.parse(metadata.get('gln.options') as string);
    metadata.set('gln.options', JSON.stringify({ ...plain, ...change }));
  });

it.each<[string, () => Uint8Array, string]>([
  ['nothing', () => new Uint8Array(0), 'ERR_GLN_FORMAT'],
  [
    'a model of another kind',
    () => new GLN({ inputSize: 2, layerSizes: [] }).toBuffer(),
    'gln.model',
  ],
  ['a missing text', () => changed((texts) => texts.delete('gln.rows_seen')), 'gln.rows_seen'],
  ['an unknown text', () => changed((texts) => texts.set('gln.more', '')), 'gln.more'],
  ['another version', () => changed((texts) => texts.set('gln.format', '2')), 'gln.format'],
  [
    'rows that are no number',
    () => changed((texts) => texts.set('gln.rows_seen', 'x')),
    'rows_seen',
  ],
  ['options that are no JSON', () => changed((texts) => texts.set('gln.options', '{')), 'JSON'],
  [
    'options that are a list',
    () => changed((texts) => texts.set('gln.options', '[]')),
    'an object',
  ],
  ['an unknown option', () => options0({ depth: 3 }), 'depth'],
  ['threads', () => options0({ threads: 3 }), 'no threads'],
  ['a rate that is none', () => options0({ learningRate: null }), 'learningRate'],
  ['a larger size', () => options0({ size: 60, width: 3 }), 'bits.6: gln.options: layerSizes'],
  ['a smaller size', () => options0({ size: 3 }), 'bits.3'],
  ['other neighbours', () => options0({ inputBits: 4 }), 'layers.0.weights'],
  [
    'a missing tensor',
    () => changed((_, t) => t.delete('bits.2.layers.1.weights')),
    'layers.1.weights',
  ],
  [
    'an odd name',
    () => changed((_, t) => t.set('bits.02.x', { shape: [0], data: new Int8Array() })),
    'bits.02.x',
  ],
  [
    'a name too many',
    () => changed((_, t) => t.set('bits.2.x', { shape: [0], data: new Int8Array() })),
    '"x"',
  ],
])('refuses %s', (_, bytes, message) => {
  const error = errorOf(() => AutoregressiveDensity.fromBuffer(bytes()));
  expect(error).toMatch(/^ERR_GLN_FORMAT/);
  expect(error).toContain(message);
});

it('is no GLN', () => {
  expect(errorOf(() => GLN.fromBuffer(taught().toBuffer()))).toMatch(/^ERR_GLN_FORMAT gln.model/);
});
