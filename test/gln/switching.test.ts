/**
 * The mixture of all neurons that `aggregation: 'switching'` predicts with: against
 * the specification, and on tables, where it is there to predict better.
 */

import fc from 'fast-check';
import { openTable, TABLE_NAMES } from '../../bench/data/catalogue';
import {
  GLN,
  type GLNOptions,
  gatherLabels,
  gatherRows,
  RunningMetrics,
  shuffledIndices,
} from '../../lib/index';
import { compareLearning } from '../support/comparison';
import { digest } from '../support/gln';
import { plans } from '../support/plans';
import { runs } from '../support/property';
import { Random } from '../support/random';

const random = new Random(41);
const switching = { aggregation: 'switching' } as const;
const count = 200;
const input = random.floats(count * 6);

function setup(numClasses: number) {
  const options: GLNOptions = {
    inputSize: 6,
    layerSizes: [7, 3],
    numClasses,
    learningRate: 0.05,
    seed: 2,
  };
  // Depends on the input, so that neurons come to differ in what they know.
  const labels = Array.from({ length: count }, (_, t) => {
    const [a, b] = input.subarray(6 * t, 6 * t + 2);
    return a * b > 0 ? 1 : random.below(numClasses);
  });
  return { options, labels };
}

it('predicts as the specification says', () => {
  let learned = 0;
  fc.assert(
    fc.property(plans({ rateShares: { min: 0.01, max: 0.5 } }), (plain) => {
      learned += compareLearning({ ...plain, options: { ...plain.options, ...switching } });
    }),
    runs(40),
  );
  expect(learned).toBeGreaterThan(400);
});

describe.each([2, 4])('with %i classes', (numClasses) => {
  const { options, labels } = setup(numClasses);

  it('teaches the neurons the same, and says something else', () => {
    const [last, mixed] = [new GLN(options), new GLN({ ...options, ...switching })];
    const asked = { returnProbs: true } as const;
    const one = last.learn(input, labels, asked);
    expect(mixed.learn(input, labels, asked)).not.toEqual(one);
    expect(digest(mixed.parameters())).toBe(digest(last.parameters()));
    expect(mixed.layerPredictions(input.subarray(0, 6))).toEqual(
      last.layerPredictions(input.subarray(0, 6)),
    );
  });

  it('chooses the class of the largest probability', () => {
    const model = new GLN({ ...options, ...switching });
    const outClasses = new Uint32Array(count);
    const probabilities = model.learn(input, labels, { returnProbs: true, outClasses });
    for (let t = 0; t < count; t++) {
      const row = probabilities.subarray(t * model.numNetworks, (t + 1) * model.numNetworks);
      const most = numClasses === 2 ? Number(row[0] > 0.5) : row.indexOf(Math.max(...row));
      expect(outClasses[t]).toBe(most);
    }
    if (numClasses === 2) return;
    // Distributions over the classes, of which the last is rounded to float32.
    const sum = probabilities.subarray(0, numClasses).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  it('is the same row by row, in calls of any size and with predictions between', () => {
    const [whole, parts] = [0, 1].map(() => new GLN({ ...options, ...switching }));
    const expected = whole.learn(input, labels, { returnProbs: true });
    const networks = whole.numNetworks;
    for (let t = 0; t < count; ) {
      const end = Math.min(count, t + [1, 5, 64, 1][t % 4]);
      const rows = input.subarray(6 * t, 6 * end);
      const before = parts.predict(rows.subarray(0, 6), undefined, { returnProbs: true });
      const given = parts.learn(rows, labels.slice(t, end), { returnProbs: true });
      expect(given.slice(0, networks)).toEqual(before);
      // Chains that end elsewhere round in another way.
      given.forEach((p, i) => {
        expect(Math.abs(p - expected[t * networks + i])).toBeLessThan(1e-5);
      });
      t = end;
    }
  });

  it('goes on from a file with the same bits', () => {
    const model = new GLN({ ...options, ...switching });
    model.learn(input.subarray(0, 300), labels.slice(0, 50));
    const again = GLN.fromBuffer(model.toBuffer());
    const asked = { returnProbs: true } as const;
    const rest = [input.subarray(300), labels.slice(50)] as const;
    expect(again.learn(...rest, asked)).toEqual(model.learn(...rest, asked));
    expect(again.toBuffer().equals(model.toBuffer())).toBe(true);
  });
});

it('is the last neuron’s prediction where there is no other', () => {
  const options = { inputSize: 6, layerSizes: [] };
  const labels = Array.from({ length: count }, (_, t) => t % 2);
  const asked = { returnProbs: true } as const;
  expect(new GLN({ ...options, ...switching }).learn(input, labels, asked)).toEqual(
    new GLN(options).learn(input, labels, asked),
  );
});

it('answers a call of a batch from before it', () => {
  const { options, labels } = setup(3);
  const batch = { ...options, ...switching, updateMode: 'batch' } as const;
  const model = new GLN(batch);
  const asked = { returnProbs: true } as const;
  const before = model.predict(input, undefined, asked);
  expect(model.learn(input, labels, asked)).toEqual(before);
  expect(model.predict(input, undefined, asked)).not.toEqual(before);
});

describe('prequential log loss on tables', () => {
  const most = 2000;
  const logLoss = (name: string, aggregation: 'last' | 'switching') => {
    const table = openTable(name);
    const { classes, inputSize } = table;
    const indices = shuffledIndices(table.labels.length, 1).subarray(0, most);
    const model = GLN.preset('tabular', {
      inputSize,
      numClasses: classes.length,
      seed: 1,
      aggregation,
    });
    const labels = gatherLabels(table.labels, indices);
    const metrics = new RunningMetrics(model.numClasses);
    const outClasses = new Uint32Array(labels.length);
    const rows = gatherRows(table.rows, inputSize, indices);
    const probabilities = model.learn(rows, labels, { returnProbs: true, outClasses });
    metrics.updateBatch({ labels, classes: outClasses, probabilities });
    return metrics.snapshot().logLoss;
  };

  // What the mixture may lose by its rule is some nats over the whole stream.
  it.each(TABLE_NAMES)('is no worse on %s', (name) => {
    expect(logLoss(name, 'switching')).toBeLessThan(1.01 * logLoss(name, 'last'));
  });
});
