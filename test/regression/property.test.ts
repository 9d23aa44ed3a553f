/**
 * The engine against the specification: random networks of both rules, with bounds,
 * ranges and limits that bite, and weights of both signs.
 *
 * Both compute in double precision, in other orders of sums. What those round
 * differently is magnified where precisions nearly cancel, so differences are held
 * against the size of the numbers that were summed: 10^-7 of it.
 */
import fc from 'fast-check';
import { GaussianGLN } from '../../lib';
import { ReferenceGaussianGLN } from '../reference/gaussian';
import { flatten } from '../reference/trees';
import { runs } from '../support/property';
import { gaussianPlans, layersOf, rowsOf } from './plans';

const TOLERANCE = 1e-7;

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const room = TOLERANCE * Math.max(1, Math.abs(expected[i]));
    if (!(Math.abs(actual[i] - expected[i]) <= room)) expect(actual[i]).toBe(expected[i]);
  }
}

it('learns and predicts what the specification does', () => {
  fc.assert(
    fc.property(gaussianPlans, (plan) => {
      const { options, rate } = plan;
      fc.pre((options.biasLength ?? 0) + options.inputSize > 0);
      const layers = layersOf(plan);
      const { rows, targets } = rowsOf(plan);
      const reference = new ReferenceGaussianGLN(
        {
          ...{ minVariance: 0.01, maxVariance: 1, inputVariance: 1, weightRange: [-1, 1] as const },
          ...options,
          biasMaxMean: 1,
          biasVariance: 1,
        },
        layers,
      );
      const model = GaussianGLN.fromParameters(options, layers);
      const { means, variances } = model.learn(rows, targets);
      const expected = Array.from(targets, (target, row) => {
        const input = Array.from(
          rows.slice(row * options.inputSize, (row + 1) * options.inputSize),
        );
        return reference.learn(input, target, rate);
      });
      expectClose(
        means,
        expected.map(({ mean }) => mean),
      );
      expectClose(
        variances,
        expected.map(({ variance }) => variance),
      );
      model.parameters().forEach(({ weights }, k) => {
        expectClose(weights, flatten(reference.layers[k].weights));
      });
      const row = rows.slice(0, options.inputSize);
      const { layers: predicted } = reference.predict(Array.from(row));
      model.layerPredictions(row).forEach((layer, k) => {
        expectClose(
          layer.means,
          predicted[k].map(({ mean }) => mean),
        );
        expectClose(
          layer.variances,
          predicted[k].map(({ variance }) => variance),
        );
      });
    }),
    runs(150),
  );
});
