/**
 * Gated linear units between dense layers, one after the other: a binary classifier.
 *
 *     npx ts-node --transpile-only examples/glu/sequential.ts
 */
import { Dense, GatedLinearUnit, Sequential, setRandomSeed } from 'gated-linear-networks/layers';
import { gatedRows } from './data';
import { epochTable } from './epochs';

/**
 * @param print takes the lines; replaced in the test
 * @returns the accuracy on rows that were held back
 */
export async function main(print: (text: string) => void = console.log): Promise<number> {
  setRandomSeed(1);
  const { x, sign } = gatedRows(2000, 20, 2);

  const model = new Sequential([
    new Dense({ units: 32, activation: 'relu' }),
    new GatedLinearUnit({ units: 16 }),
    new Dense({ units: 8, activation: 'relu' }),
    new GatedLinearUnit({ units: 4 }),
    new Dense({ units: 1, activation: 'sigmoid' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['accuracy'] });

  const history = await model.fit(x, sign, { epochs: 12, batchSize: 16, validationSplit: 0.2 });
  model.summary(print);
  print('');
  print(epochTable(history, 3));
  return history.history.val_accuracy.at(-1) ?? 0;
}

if (require.main === module) main();
