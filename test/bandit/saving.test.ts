/** Saved bandits: continued to the bit, and files that no bandit wrote. */

import { writeFile } from 'node:fs/promises';
import { decodeTensors, encodeTensors } from '../../lib/format/tensor-file';
import type { Tensor } from '../../lib/format/tensors';
import { type BanditOptions, GatedLinearBandit, GLN } from '../../lib/index';
import { scratchFolder } from '../format/samples';
import { makeBandit, makeContexts, play, thrown } from './support';

const contexts = makeContexts(160);
const scratch = scratchFolder();

const kinds: [string, Partial<BanditOptions>][] = [
  ['rewards of 0 and 1', {}],
  ['rewards in a range', { rewards: { min: 0, max: 1 } }],
  ['midpoints', { rewards: { min: -1, max: 2, depth: 2, leafValues: 'midpoint' } }],
  ['no preprocessing', { basePredictor: 'logits', sideInfo: [{ type: 'scale' }] }],
  ['structured gates', { gating: 'hadamard' }],
  ['names', { actions: ['left', 'middle', 'right'], maxPending: 30 }],
];

it.each(kinds)('continue as if uninterrupted: %s', (_name, options) => {
  const uninterrupted = makeBandit(options);
  const [before, after] = [contexts.slice(0, 80), contexts.slice(80)];
  play(uninterrupted, before);
  uninterrupted.addAction('new');
  play(uninterrupted, before.slice(0, 10), 2);
  expect(uninterrupted.pending).toBeGreaterThan(0);

  const saved = uninterrupted.toBuffer({ extra: { place: 90 } });
  const loaded = GatedLinearBandit.fromBuffer(saved, { threads: 1 });
  expect(loaded.extra).toEqual({ place: 90 });
  expect(loaded.toBuffer({ extra: { place: 90 } }).equals(saved)).toBe(true);
  expect(loaded.options).toEqual(uninterrupted.options);
  expect(loaded.actions).toEqual(uninterrupted.actions);
  expect(loaded.addAction('late')).toBe(uninterrupted.addAction('late'));

  const rest = play(loaded, after, 3);
  expect(play(uninterrupted, after, 3)).toEqual(rest);
  // Decisions of before the file was written are rewarded after it was read.
  const count = loaded.pending;
  for (let id = 1; loaded.pending > count - 2; id++) {
    const outcomes = [loaded, uninterrupted].map((bandit) => {
      try {
        bandit.reward(id, 1);
        return 'learned';
      } catch (error) {
        return String(error);
      }
    });
    expect(outcomes[0]).toBe(outcomes[1]);
  }
  expect(loaded.toBuffer().equals(uninterrupted.toBuffer())).toBe(true);
});

it('go to files and come back', async () => {
  const bandit = makeBandit();
  play(bandit, contexts);
  const path = scratch.path('bandit');
  await bandit.save(path, { extra: 'note' });
  const loaded = await GatedLinearBandit.load(path);
  expect(loaded.extra).toBe('note');
  expect(loaded.estimates(contexts[0])).toEqual(bandit.estimates(contexts[0]));
});

it('want functions again', () => {
  const rate = (t: number) => 0.1 / Math.sqrt(t);
  const bandit = makeBandit({ learningRate: rate, exploration: rate });
  play(bandit, contexts);
  const saved = bandit.toBuffer();
  for (const given of [{}, { learningRate: rate }, { exploration: rate }]) {
    expect(thrown(() => GatedLinearBandit.fromBuffer(saved, given)).code).toBe('ERR_GLN_OPTION');
  }
  const loaded = GatedLinearBandit.fromBuffer(saved, { learningRate: rate, exploration: rate });
  expect(loaded.toBuffer().equals(saved)).toBe(true);
  for (const given of [{ exploration: -1 }, { learningRate: 0 }, { colour: 1 }]) {
    const call = () => GatedLinearBandit.fromBuffer(saved, given as object);
    expect(thrown(call).code).toBe('ERR_GLN_OPTION');
  }
  const other = GatedLinearBandit.fromBuffer(saved, { learningRate: 0.5, exploration: 0 });
  expect(other.options.exploration).toBe(0);
});

describe('files that no bandit wrote', () => {
  const bandit = makeBandit({ rewards: { min: 0, max: 1, depth: 2 } });
  play(bandit, contexts.slice(0, 40));
  const whole = bandit.toBuffer();

  /** The file with something changed. */
  function changed(
    change: (tensors: Map<string, Tensor>, metadata: Map<string, string>) => void,
  ): Uint8Array {
    const { metadata, tensors } = decodeTensors(whole);
    const parts = { metadata: new Map(metadata), tensors: new Map(tensors) };
    parts.metadata.delete('gln.checksum');
    change(parts.tensors, parts.metadata);
    return encodeTensors(parts);
  }

  function refused(bytes: Uint8Array): void {
    const error = thrown(() => GatedLinearBandit.fromBuffer(bytes));
    expect(`${error.code}: ${error.message}`).toMatch(/^ERR_GLN_FORMAT: /);
  }

  const names = [...decodeTensors(whole).tensors.keys()];

  it('are those of other models', async () => {
    const gln = new GLN({ inputSize: 4, layerSizes: [3] });
    refused(gln.toBuffer());
    expect(thrown(() => GLN.fromBuffer(whole)).code).toBe('ERR_GLN_FORMAT');
    const path = scratch.path('short');
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(GatedLinearBandit.load(path)).rejects.toMatchObject({ code: 'ERR_GLN_FORMAT' });
  });

  it('lack a tensor, or have one too many', () => {
    for (const name of names) refused(changed((tensors) => tensors.delete(name)));
    for (const name of ['networks.9.0.layers.0.weights', 'counts.3', 'gates.signs', 'x']) {
      refused(changed((tensors) => tensors.set(name, { shape: [1], data: Float32Array.of(1) })));
    }
  });

  it('have tensors of another shape or kind', () => {
    for (const name of names) {
      refused(
        changed((tensors) => {
          const { shape, data } = tensors.get(name) as Tensor;
          tensors.set(name, { shape: [...shape, 1], data });
        }),
      );
      refused(
        changed((tensors) => {
          const { shape, data } = tensors.get(name) as Tensor;
          tensors.set(name, { shape, data: new Int8Array(data.length) });
        }),
      );
    }
  });

  it('have numbers that cannot be', () => {
    const set = (name: string, at: number, value: number | bigint) =>
      changed((tensors) => {
        const { shape, data } = tensors.get(name) as Tensor;
        const copy = data.slice() as Float64Array;
        copy[at] = value as number;
        tensors.set(name, { shape, data: copy });
      });
    refused(set('statistics', 0, Number.NaN));
    refused(set('leaves.counts', 0, -1));
    refused(set('leaves.sums', 1, Number.POSITIVE_INFINITY));
    refused(set('pending.actions', 0, 3));
    refused(set('pending.contexts', 0, Number.POSITIVE_INFINITY));
    refused(set('pending.signatures', 0, 16));
    refused(set('pending.ids', 0, 10n ** 6n));
    refused(set('pending.ids', 0, 0n));
    refused(set('networks.rows_seen', 0, -1n));
    refused(set('networks.0.0.layers.0.weights', 0, Number.NaN));
    refused(set('networks.0.0.layers.0.weight_rows', 0, -1n));
    refused(set('layers.0.hyperplanes', 0, Number.NaN));
  });

  it('have options that cannot be', () => {
    const option = (key: string, value: unknown) =>
      changed((_tensors, metadata) => {
        const options = JSON.parse(metadata.get('gln.options') ?? '') as { [key: string]: unknown };
        options[key] = value;
        metadata.set('gln.options', JSON.stringify(options));
      });
    refused(option('actions', ['a', 'b']));
    refused(option('actions', 3));
    refused(option('actions', ['a', 'a', 'b']));
    refused(
      option(
        'actions',
        Array.from({ length: 1000 }, (_, i) => String(i)),
      ),
    );
    refused(option('rewards', 'binary'));
    refused(option('rewards', { min: 0, max: 1, depth: 3, leafValues: 'mean' }));
    refused(option('rewards', 7));
    refused(option('exploration', -1));
    refused(option('exploration', 'much'));
    refused(option('maxPending', 1));
    refused(option('decisions', -1));
    refused(option('nextId', 1.5));
    refused(option('random', [1, 2, 3]));
    refused(option('random', [1, 2, 3, 2 ** 40]));
    refused(option('network', '{"inputSize":4}'));
    refused(option('network', {}));
    refused(option('colour', 1));
    refused(changed((_tensors, metadata) => metadata.set('gln.options', '[]')));
    refused(changed((_tensors, metadata) => metadata.set('gln.options', '{')));
  });

  it('were damaged anywhere', () => {
    for (let at = 0; at < whole.length; at += 997) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x10;
      refused(bytes);
    }
  });
});
