/**
 * The golden vectors: what a float64 oracle with automatic differentiation computed.
 * They say means, variances and weights to 10^-5; doubles in the same order of sums
 * come far closer, and that is asked for here: 10^-9, the room that differences of
 * nearly equal precisions take away from 10^-16.
 */
import { GaussianGLN } from '../../lib';
import { ReferenceGaussianGLN } from '../reference/gaussian';
import { flatten } from '../reference/trees';
import { gaussianGoldenOptions, readGaussianGoldens } from '../support/gaussian-golden';

const TOLERANCE = 1e-9;

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / Math.abs(expected[i]));
  }
  expect(worst).toBeLessThan(TOLERANCE);
}

describe.each(readGaussianGoldens().map((golden) => [golden.name, golden] as const))(
  '%s',
  (_, golden) => {
    const { config, layers, steps, test, finalWeights } = golden;
    const expectedMeans = steps.map(({ mean }) => mean);
    const expectedVariances = steps.map(({ variance }) => variance);

    it('is reproduced by the reference', () => {
      const model = new ReferenceGaussianGLN(config, layers);
      const learned = steps.map(({ input, target }) =>
        model.learn(input, target, config.learningRate),
      );
      expectClose(
        learned.map(({ mean }) => mean),
        expectedMeans,
      );
      expectClose(
        learned.map(({ variance }) => variance),
        expectedVariances,
      );
      expectClose(
        test.map(({ input }) => model.predict(input).mean),
        test.map(({ mean }) => mean),
      );
      expectClose(flatten(model.layers.map(({ weights }) => weights)), flatten(finalWeights));
    });

    it.each(['row by row', 'in one call'])('is reproduced by the engine %s', (way) => {
      const model = GaussianGLN.fromParameters(gaussianGoldenOptions(golden), layers);
      const targets = steps.map(({ target }) => target);
      if (way === 'row by row') {
        steps.forEach(({ input, target, mean, variance }) => {
          const { means, variances } = model.learn(input, target);
          expectClose([means[0], variances[0]], [mean, variance]);
        });
      } else {
        const { means, variances } = model.learn(
          steps.map(({ input }) => input),
          targets,
        );
        expectClose(means, expectedMeans);
        expectClose(variances, expectedVariances);
      }
      const { means, variances } = model.predict(test.map(({ input }) => input));
      expectClose(
        means,
        test.map(({ mean }) => mean),
      );
      expectClose(
        variances,
        test.map(({ variance }) => variance),
      );
      model.parameters().forEach(({ weights }, k) => {
        expectClose(weights, flatten(finalWeights[k]));
      });
    });
  },
);
