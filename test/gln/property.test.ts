/**
 * The engine against the specification: random small networks, with every option,
 * learn the same rows in both, and must agree in float32's precision.
 */

import fc from 'fast-check';
import { GLN } from '../../lib/index';
import { sigmoid } from '../reference/arithmetic';
import { ReferenceGLN } from '../reference/gln';
import { expectClose } from '../support/closeness';
import {
  build,
  clearRows,
  compareLearning,
  compareWeights,
  isClear,
  learnBoth,
  probabilityTolerance,
  relative,
} from '../support/comparison';
import { sideInfoOf } from '../support/models';
import { learningRateOf, plans, rateOf, unstableShares } from '../support/plans';
import { runs } from '../support/property';

describe('the engine and the specification', () => {
  it('learn alike, in any split into calls', () => {
    let rowsLearned = 0;
    fc.assert(
      fc.property(plans(), (plan) => {
        rowsLearned += compareLearning(plan);
      }),
      runs(150),
    );
    // The margin must not have thrown the test away.
    expect(rowsLearned).toBeGreaterThan(150 * 10);
  });

  it('learn alike where weight clipping bites', () => {
    let clipped = 0;
    const limits = { weightClippings: [0.02, 0.1, 0.25], rateShares: unstableShares };
    fc.assert(
      fc.property(plans(limits), (plan) => {
        const pair = build(plan);
        learnBoth(pair, plan, clearRows(plan, pair.reference));
        compareWeights(pair);
        const limit = plan.options.weightClipping;
        const isClipped = (weight: number) => Math.abs(weight) === limit;
        clipped += pair.reference.layers.some((layer) => layer.weights.some(isClipped)) ? 1 : 0;
        pair.model.dispose();
      }),
      runs(100),
    );
    expect(clipped).toBeGreaterThan(50);
  });

  it('predict alike: classes, contexts and every layer', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        const pair = build(plan);
        const { model, reference } = pair;
        const rows = clearRows(plan, reference);
        learnBoth(pair, plan, rows);
        for (const row of rows.slice(0, 10)) {
          const expected = reference.predict(row.input, row.sideInfo);
          const sideInfo = sideInfoOf(plan, [row]);
          expect(model.contexts(row.input, sideInfo).flatMap((layer) => Array.from(layer))).toEqual(
            expected.contexts,
          );
          const probabilities = expected.layerLogits.map(sigmoid);
          const actual = model.layerPredictions(row.input, sideInfo);
          expectClose(
            actual.flatMap((layer) => Array.from(layer)),
            probabilities,
            probabilityTolerance,
          );
          const logits = model.layerPredictions(row.input, { ...sideInfo, logits: true });
          expectClose(
            logits.flatMap((layer) => Array.from(layer)),
            expected.layerLogits,
            { absolute: 1e-5, relative },
            'layer logits',
          );
          if (isClear(expected)) {
            expect(Array.from(model.predict(row.input, undefined, sideInfo))).toEqual([
              expected.class,
            ]);
          }
        }
        model.dispose();
      }),
      runs(60),
    );
  });

  it('learn alike with a base predictor of the caller’s own', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        // Two predictions a value: of another number than the row has, so that a mix-up shows.
        const basePredictor = (row: Float32Array) =>
          Float32Array.from([...row, ...row], (value, index) =>
            sigmoid(index < row.length ? value : -value / 2),
          );
        const options = { ...plan.options, basePredictor };
        const model = new GLN({ ...options, learningRate: learningRateOf(plan) });
        const { inputSize, sideInfoSize = inputSize } = plan.options;
        const baseOptions = { inputSize: 2 * inputSize, sideInfoSize };
        const reference = new ReferenceGLN(
          { ...plan.options, ...baseOptions, basePredictor: 'probabilities' },
          model.parameters(),
        );
        const rows = clearRows(plan, reference);
        learnBoth({ model, reference, rate: rateOf(plan) }, plan, rows, basePredictor);
        compareWeights({ model, reference });
        model.dispose();
      }),
      runs(40),
    );
  });
});
