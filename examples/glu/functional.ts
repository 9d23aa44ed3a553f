/**
 * A functional model over 20 features, whose first layer is a gated linear unit.
 *
 *     npx ts-node --transpile-only examples/glu/functional.ts
 */
import { Dense, GatedLinearUnit, input, Model, setRandomSeed } from 'gated-linear-networks/layers';
import { gatedRows } from './data';
import { epochTable } from './epochs';

/**
 * @param print takes the lines; replaced in the test
 * @returns the accuracy on rows that were held back
 */
export async function main(print: (text: string) => void = console.log): Promise<number> {
  setRandomSeed(1);
  const { x, sign } = gatedRows(2000, 20, 2);

  const inputs = input({ shape: [20] });
  let hidden = new GatedLinearUnit({ units: 16 }).apply(inputs);
  hidden = new Dense({ units: 32, activation: 'relu' }).apply(hidden);
  hidden = new GatedLinearUnit({ units: 16 }).apply(hidden);
  hidden = new Dense({ units: 8, activation: 'relu' }).apply(hidden);
  const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(hidden);

  const model = new Model({ inputs, outputs });
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['accuracy'] });

  const history = await model.fit(x, sign, { epochs: 12, batchSize: 16, validationSplit: 0.2 });
  model.summary(print);
  print('');
  print(epochTable(history, 3));
  return history.history.val_accuracy.at(-1) ?? 0;
}

if (require.main === module) main();
