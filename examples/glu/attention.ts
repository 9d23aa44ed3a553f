/**
 * Attention-like behaviour: a gated linear unit as wide as the input says how much of
 * each feature goes on.
 *
 *     npx ts-node --transpile-only examples/glu/attention.ts
 */
import {
  Dense,
  Dropout,
  GatedLinearUnit,
  input,
  Model,
  Multiply,
  randomNormal,
  setRandomSeed,
} from 'gated-linear-networks/layers';
import { gatedRows } from './data';
import { epochTable } from './epochs';

function createAttentionLikeNetwork() {
  const inputs = input({ shape: [20] });

  const attentionGate = new GatedLinearUnit({ units: 20 }).apply(inputs);
  // inputs * attentionGate
  const attendedFeatures = new Multiply().apply([inputs, attentionGate]);

  let hidden = new Dense({ units: 32, activation: 'relu' }).apply(attendedFeatures);
  hidden = new Dropout({ rate: 0.2 }).apply(hidden);
  hidden = new Dense({ units: 16, activation: 'relu' }).apply(hidden);

  const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(hidden);
  return new Model({ inputs, outputs });
}

/**
 * @param print takes the lines; replaced in the test
 * @returns shape of the predictions, and the accuracy on rows that were held back
 */
export async function main(print: (text: string) => void = console.log) {
  setRandomSeed(1);
  const model = createAttentionLikeNetwork();
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['accuracy'] });

  const sampleData = randomNormal([50, 20]);
  const { shape } = model.predict(sampleData);
  print(`predictions: ${shape.join(' x ')}`);
  print('');

  const { x, sign } = gatedRows(2000, 20, 2);
  const history = await model.fit(x, sign, { epochs: 12, batchSize: 16, validationSplit: 0.2 });
  print(epochTable(history, 3));
  return { shape, accuracy: history.history.val_accuracy.at(-1) ?? 0 };
}

if (require.main === module) main();
