/**
 * Shared and structured hyperplanes: both are dense networks with particular
 * hyperplanes, and must do exactly what such a network does.
 */

import { join } from 'node:path';
import { buildInfo, GLN } from '../../lib/index';
import { runChild } from '../support/child';
import type { FlatLayer } from '../support/gln';
import type { GatingRuns } from './gating-child';
import { gatings, optionsOf, rowsOf } from './gating-plans';

/** The same parameters with one network's hyperplanes written out for each class. */
function unshared(layers: readonly FlatLayer[], networks: number): FlatLayer[] {
  const repeat = (values: Float32Array) => {
    const all = new Float32Array(values.length * networks);
    for (let k = 0; k < networks; k++) all.set(values, k * values.length);
    return all;
  };
  return layers.map(({ weights, hyperplanes, hyperplaneBias }) => ({
    weights,
    hyperplanes: repeat(hyperplanes),
    hyperplaneBias: repeat(hyperplaneBias),
  }));
}

describe('shareContexts', () => {
  it('gives every class the same contexts', () => {
    const model = new GLN(optionsOf({ shareContexts: true }, { inputSize: 12, contextMapSize: 4 }));
    const { rows } = rowsOf(20, 12, 3, 1);
    for (let i = 0; i < 20; i++) {
      for (const layer of model.contexts(rows.subarray(i * 12, (i + 1) * 12))) {
        const perClass = layer.length / 3;
        for (let n = 0; n < layer.length; n++) expect(layer[n]).toBe(layer[n % perClass]);
      }
    }
  });

  it.each([4, 90])('learns as a network with equal hyperplanes does: %d inputs', (inputSize) => {
    const options = optionsOf({ shareContexts: true }, { inputSize, contextMapSize: 3 });
    const shared = new GLN(options);
    const separate = GLN.fromParameters(
      { ...options, shareContexts: false },
      unshared(shared.parameters(), 3),
    );
    const { rows, labels } = rowsOf(150, inputSize, 3, 2);
    const probabilities = shared.learn(rows, labels, { returnProbs: true });
    expect(separate.learn(rows, labels, { returnProbs: true })).toEqual(probabilities);
    expect(separate.parameters()).toEqual(unshared(shared.parameters(), 3));
  });
});

describe('hadamard gating', () => {
  // Widths around powers of two and below sixteen; enough neurons for several transforms.
  it.each([
    [1, 3, [5]],
    [2, 1, [40]],
    [15, 9, [4, 3]],
    [16, 5, [20]],
    [17, 4, [9, 4]],
    [33, 7, [30]],
    [64, 2, [50, 50]],
    [100, 0, [6]],
  ])(
    '%d inputs, K = %d: contexts are those of its hyperplanes',
    (inputSize, contextMapSize, layerSizes) => {
      const options = {
        ...optionsOf({ gating: 'hadamard' }, { inputSize, contextMapSize }),
        layerSizes,
      };
      const model = new GLN(options);
      const dense = GLN.fromParameters({ ...options, gating: 'dense' }, model.parameters());
      // 70 rows: full panels of sixteen, a rest, and more than one chain.
      const { rows, labels } = rowsOf(70, inputSize, 3, inputSize);
      for (let i = 0; i < 70; i++) {
        const row = rows.subarray(i * inputSize, (i + 1) * inputSize);
        expect(model.contexts(row)).toEqual(dense.contexts(row));
      }
      // Gated in a block they must fall in the same contexts as one by one.
      expect(model.learn(rows, labels, { returnProbs: true })).toEqual(
        dense.learn(rows, labels, { returnProbs: true }),
      );
      expect(model.parameters()).toEqual(dense.parameters());
    },
  );

  it('has hyperplanes of unit length, on average, that point everywhere', () => {
    const size = 48;
    const options = optionsOf({ gating: 'hadamard' }, { inputSize: size, contextMapSize: 4 });
    const [{ hyperplanes }] = new GLN({ ...options, layerSizes: [64] }).parameters();
    const count = hyperplanes.length / size;
    let squares = 0;
    for (const value of hyperplanes) squares += value * value;
    // A mean of many lengths that each vary by a few tenths.
    expect(squares / count).toBeGreaterThan(0.95);
    expect(squares / count).toBeLessThan(1.05);
    for (let f = 0; f < size; f++) {
      let sum = 0;
      for (let p = 0; p < count; p++) sum += hyperplanes[p * size + f];
      // Entries are about ±1/√48; their mean over 768 hyperplanes is within 6 deviations of 0.
      expect(Math.abs(sum / count)).toBeLessThan(6 / Math.sqrt(size) / Math.sqrt(count));
    }
  });

  it('refuses hyperplanes from outside', () => {
    const options = optionsOf({ gating: 'hadamard' }, { inputSize: 4, contextMapSize: 2 });
    const layers = new GLN(options).parameters();
    expect(() => GLN.fromParameters(options, layers)).toThrow(
      expect.objectContaining({
        code: 'ERR_GLN_OPTION',
        message: expect.stringMatching(/^gating/),
      }),
    );
  });
});

describe('every gating', () => {
  const script = join(__dirname, 'gating-child.ts');
  const runs = buildInfo().available.map((isa) =>
    runChild<GatingRuns>(script, null, { environment: { GLN_ISA: isa } }),
  );

  it('gives the same bits on every instruction set and thread count', () => {
    expect(runs.map(({ isa }) => isa)).toEqual(buildInfo().available);
    for (const { digests } of runs) expect(digests).toEqual(runs[0].digests);
    // One and three threads stand next to each other; other gatings differ.
    for (let i = 0; i < runs[0].digests.length; i += 2) {
      expect(runs[0].digests[i + 1]).toBe(runs[0].digests[i]);
    }
    expect(new Set(runs[0].digests).size).toBe(gatings.length);
  });

  it('draws its hyperplanes from the seed', () => {
    const options = optionsOf({ gating: 'hadamard' }, { inputSize: 20, contextMapSize: 4 });
    const digestOf = (seed: number) =>
      Array.from(new GLN({ ...options, seed }).parameters()[0].hyperplanes).join();
    expect(digestOf(1)).toBe(digestOf(1));
    expect(digestOf(2)).not.toBe(digestOf(1));
  });
});
