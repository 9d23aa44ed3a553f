/**
 * Whatever is fed: predictions are finite and variances above 0, or the call is refused
 * and nothing has changed.
 */
import fc from 'fast-check';
import { GaussianGLN, type GaussianGLNOptions, GlnError } from '../../lib';
import { runs } from '../support/property';
import { Random } from '../support/random';

const huge = [0, -0, 1, -1, 1e-300, 5e-324, 1e-45, 1e15, -1e15, 3e38, -3e38, 1e308, NaN, Infinity];

function expectSound(means: Float64Array, variances: Float64Array): void {
  expect(means.every(Number.isFinite)).toBe(true);
  expect(variances.every((v) => v > 0 && Number.isFinite(v))).toBe(true);
}

const options: fc.Arbitrary<GaussianGLNOptions> = fc.record(
  {
    inputSize: fc.constant(3),
    layerSizes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    standardize: fc.boolean(),
    rule: fc.constantFrom('paper' as const, 'robust' as const),
    learningRate: fc.constantFrom(1e-300, 0.1, 1e10, 3e38),
    minVariance: fc.constantFrom(1e-12, 0.5),
    maxVariance: fc.constantFrom(1, 1e12),
    inputVariance: fc.constantFrom(1e-12, 1, 1e12),
    biasVariance: fc.constantFrom(1e-12, 1, 1e12),
    biasMaxMean: fc.constantFrom(0, -1, 3e38),
    biasLength: fc.constantFrom(0, 1, 3),
    weightRange: fc.constantFrom([-1e6, 1e6] as const, [-1, -0.5] as const),
    inputLimit: fc.constantFrom(1e15, 3.4e38),
    aggregation: fc.constantFrom('last' as const, 'switching' as const),
  },
  { requiredKeys: ['inputSize', 'layerSizes'] },
);

it('never says what is no distribution', () => {
  fc.assert(
    fc.property(options, fc.integer({ min: 0, max: 1e6 }), (given, seed) => {
      const random = new Random(seed);
      const model = new GaussianGLN({ ...given, threads: 1, contextMapSize: 2 });
      const one = () => huge[random.below(random.uniform() < 0.5 ? 9 : huge.length)];
      for (let call = 0; call < 40; call++) {
        const count = 1 + random.below(4);
        const rows = Array.from({ length: 3 * count }, one);
        const targets = Array.from({ length: count }, one);
        const seen = model.rowsSeen;
        try {
          const { means, variances } = model.learn(rows, targets);
          expectSound(means, variances);
        } catch (error) {
          if (!(error instanceof GlnError)) throw error;
          expect(error.code).toBe('ERR_GLN_VALUE');
          expect(model.rowsSeen).toBe(seen);
        }
      }
      const { means, variances } = model.predict([0.1, 1e10, -3]);
      expectSound(means, variances);
    }),
    runs(150),
  );
});

it('gives a distribution where targets are constant, and when they stop being', () => {
  for (const constant of [0, 5, -1e-300, 9e14]) {
    const model = new GaussianGLN({ inputSize: 2, layerSizes: [4], seed: 2 });
    const random = new Random(1);
    for (let i = 0; i < 300; i++) {
      const { means, variances } = model.learn(random.floats(2), constant);
      expectSound(means, variances);
    }
    expect(Math.abs(model.predict([0, 0]).means[0] - constant)).toBeLessThanOrEqual(
      0.2 * Math.abs(constant) + (constant === 0 ? 0.2 : 0),
    );
    const { means, variances } = model.learn([1, 1], constant === 0 ? 1 : constant / 2);
    expectSound(means, variances);
    expectSound(model.predict([1, 2]).means, model.predict([1, 2]).variances);
  }
});

it('stays with the data after a wild target', () => {
  const model = new GaussianGLN({ inputSize: 2, layerSizes: [8, 4], seed: 3, inputLimit: 1e12 });
  const random = new Random(2);
  const step = (noise: number) => {
    const row = random.floats(2);
    model.learn(row, 2 * row[0] - row[1] + noise);
  };
  for (let i = 0; i < 1000; i++) step(i === 500 ? 100 : 0.1 * random.normal());
  const errors = Array.from({ length: 200 }, () => {
    const row = random.floats(2);
    return model.predict(row).means[0] - (2 * row[0] - row[1]);
  });
  expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / 200)).toBeLessThan(1.2);
});
