/**
 * Which features a gated linear unit lets through: predictions and mean gates for
 * inputs of which only some features are there, before and after learning rows in
 * which only the first three matter.
 *
 *     npx ts-node --transpile-only examples/glu/feature-filtering.ts
 */
import {
  Dense,
  GatedLinearUnit,
  input,
  Model,
  setRandomSeed,
  tensor,
} from 'gated-linear-networks/layers';
import { formatTable } from '../../lib/terminal/table';
import { gatedRows } from './data';

const PATTERNS: readonly (readonly [string, readonly number[]])[] = [
  ['first feature only', [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['second feature only', [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['first half', [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]],
  ['second half', [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]],
];

/**
 * @param print takes the lines; replaced in the test
 * @returns predictions of the patterns before and after learning
 */
export async function main(
  print: (text: string) => void = console.log,
): Promise<{ before: number[]; after: number[] }> {
  setRandomSeed(1);
  const inputs = input({ shape: [10] });
  const glu = new GatedLinearUnit({ units: 5 });
  const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(glu.apply(inputs));
  const model = new Model({ inputs, outputs });
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy' });

  const patterns = tensor(PATTERNS.map(([, values]) => values));
  const look = () => ({
    predictions: Array.from(model.predict(patterns).data),
    gates: Array.from({ length: PATTERNS.length }, (_, row) => {
      const gates = glu.sigmoid.apply(patterns).data.subarray(5 * row, 5 * row + 5);
      return gates.reduce((sum, gate) => sum + gate, 0) / gates.length;
    }),
  });

  const before = look();
  const { x, sign } = gatedRows(1000, 10, 2);
  await model.fit(x, sign, { epochs: 30 });
  const after = look();

  print(
    formatTable(
      ['pattern', 'prediction', 'mean gate', 'after learning', 'mean gate'],
      PATTERNS.map(([name], i) => [
        name,
        ...[before.predictions, before.gates, after.predictions, after.gates].map((figures) =>
          figures[i].toFixed(4),
        ),
      ]),
    ),
  );
  return { before: before.predictions, after: after.predictions };
}

if (require.main === module) main();
