/**
 * What merging is for: two networks that learned half of the rows each, merged,
 * predict better than either half does, on tables of several kinds.
 */

import { openTable, splitTable } from '../../bench/data/catalogue';
import { evaluate, GLN, type GLNOptions, type Preprocessing } from '../../lib/index';

const preprocessing: Preprocessing = [{ type: 'standardize' }, { type: 'impute' }];

function logLoss(model: GLN, rows: Float32Array, labels: Uint8Array): number {
  return evaluate(model, rows, labels).logLoss;
}

/** Mean losses over splits and seeds: of each half, of both merged, and of all rows at once. */
function losses(
  name: string,
  seeds: number,
): { halves: [number, number]; merged: number; whole: number } {
  const table = openTable(name);
  const sums = { halves: [0, 0] as [number, number], merged: 0, whole: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { train, test } = splitTable(table, seed);
    const options: GLNOptions = {
      inputSize: table.inputSize,
      numClasses: table.classes.length,
      layerSizes: [16, 8],
      contextBias: true,
      learningRate: 0.02,
      basePredictor: preprocessing,
      sideInfo: preprocessing,
      seed,
      threads: 1,
    };
    const learned = (from: number, to: number) => {
      const model = new GLN(options);
      const rows = train.rows.subarray(from * table.inputSize, to * table.inputSize);
      model.learn(rows, train.labels.subarray(from, to));
      return model;
    };
    const count = train.labels.length;
    const cut = Math.floor(count / 2);
    const halves = [learned(0, cut), learned(cut, count)];
    const share = 1 / seeds;
    halves.forEach((half, i) => {
      sums.halves[i] += share * logLoss(half, test.rows, test.labels);
    });
    sums.merged += share * logLoss(GLN.merge(halves), test.rows, test.labels);
    sums.whole += share * logLoss(learned(0, count), test.rows, test.labels);
  }
  return sums;
}

// Which half is the better one is chance in a small table: there it takes many splits.
it.each([
  ['vowel', 5],
  ['vehicle', 5],
  ['pima', 10],
  ['ionosphere', 20],
  ['satellite', 2],
])(
  'is better than either half on %s, over %d splits',
  (name, seeds) => {
    const { halves, merged, whole } = losses(name, seeds);
    expect(merged).toBeLessThan(Math.min(...halves));
    // Neither is it a worse way of learning little: it keeps a part of what all rows give.
    const lost = Math.max(...halves) - whole;
    if (lost > 0.02) expect(Math.max(...halves) - merged).toBeGreaterThan(0.2 * lost);
  },
  60_000,
);
