/** Explanations: a predicted mean as a sum over what layer 0 mixes, exactly. */
import { GaussianGLN, type GaussianGLNOptions } from '../../lib/index';
import { Random } from '../support/random';

const inputSize = 6;

function trained(options: Partial<GaussianGLNOptions>): { model: GaussianGLN; rows: Float32Array } {
  const random = new Random(11);
  const rows = random.floats(400 * inputSize, () => 3 * random.normal() + 1);
  const targets = Float64Array.from({ length: 400 }, (_, i) => {
    const [a, b, c] = rows.subarray(i * inputSize);
    return 1000 + 50 * a * b + 20 * c + random.normal();
  });
  const model = new GaussianGLN({ inputSize, layerSizes: [12, 6], seed: 3, ...options });
  model.learn(rows, targets);
  return { model, rows };
}

const PAPER = { standardize: false, learningRate: 1e-5, meanLimit: 5000 } as const;

describe.each<[string, Partial<GaussianGLNOptions>]>([
  ['the defaults', {}],
  ['a mixture of all neurons', { aggregation: 'switching' }],
  ["the paper's network", PAPER],
  ['the paper’s network with the switching mixture', { ...PAPER, aggregation: 'switching' }],
  ['no layers but the last', { layerSizes: [] }],
  ['no bias inputs', { biasLength: 0 }],
  ['weights that are limited', { weightRange: [0, 0.2] }],
  ['variances that are always projected', { minVariance: 0.9, maxVariance: 1.1 }],
  ['means that are mostly cut', { meanLimit: 0.05 }],
  ['stages', { preprocessing: [{ type: 'standardize' }, { type: 'square', factor: 0.5 }] }],
])('%s', (_, options) => {
  it('adds up to the prediction', () => {
    const { model, rows } = trained(options);
    const before = model.toBuffer();
    for (let i = 0; i < 40; i++) {
      const row = rows.subarray(i * inputSize, (i + 1) * inputSize);
      const { mean, bias, weights, base, contributions } = model.explain(row);
      expect(mean).toBe(model.predict(row).means[0]);
      const sum = contributions.reduce((total, value) => total + value, bias);
      const size = contributions.reduce((total, value) => total + Math.abs(value), Math.abs(bias));
      // Sums of some hundred products in another order, in double precision.
      expect(Math.abs(sum - mean)).toBeLessThan(1e-12 * size);
      expect(contributions).toEqual(weights.map((weight, k) => weight * base[k]));
    }
    expect(model.toBuffer()).toEqual(before);
  });
});

it('has the slopes that the prediction has between gates', () => {
  // Without gating nothing but the inputs changes.
  const { model, rows } = trained({ contextMapSize: 0, preprocessing: [] });
  const row = rows.slice(0, inputSize);
  const { weights } = model.explain(row);
  for (let k = 0; k < inputSize; k++) {
    const [low, high] = [-0.25, 0.25].map((step) => {
      const moved = row.slice();
      moved[k] += step;
      return { at: moved[k], mean: model.predict(moved).means[0] };
    });
    // The function is linear: only doubles' rounding over half a unit is left.
    expect((high.mean - low.mean) / (high.at - low.at)).toBeCloseTo(weights[k], 8);
  }
});

it('takes one row, and side information where the model does', () => {
  const { model, rows } = trained({});
  expect(() => model.explain(rows)).toThrow(expect.objectContaining({ code: 'ERR_GLN_SHAPE' }));
  const gated = new GaussianGLN({ inputSize: 2, layerSizes: [3], sideInfoSize: 1 });
  gated.learn([1, 2], 3, { sideInfo: [1] });
  expect(gated.explain([1, 2], { sideInfo: [5] }).contributions).toHaveLength(2);
  const wrong = () => gated.explain([1, 2], { side: [5] } as never);
  expect(wrong).toThrow(expect.objectContaining({ code: 'ERR_GLN_OPTION' }));
});
