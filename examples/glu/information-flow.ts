/**
 * Controlled information flow: after batch normalisation, what goes on through the
 * network passes gates that grow narrower.
 *
 *     npx ts-node --transpile-only examples/glu/information-flow.ts
 */
import {
  BatchNormalization,
  Dense,
  GatedLinearUnit,
  input,
  Model,
  randomNormal,
  setRandomSeed,
} from 'gated-linear-networks/layers';
import { formatTable } from '../../lib/terminal/table';
import { gatedRows } from './data';

function createControlledFlowNetwork() {
  const inputs = input({ shape: [25] });

  let hidden = new Dense({ units: 64, activation: 'relu' }).apply(inputs);
  hidden = new BatchNormalization().apply(hidden);

  hidden = new GatedLinearUnit({ units: 32 }).apply(hidden);
  hidden = new Dense({ units: 32, activation: 'relu' }).apply(hidden);
  hidden = new GatedLinearUnit({ units: 16 }).apply(hidden);
  hidden = new Dense({ units: 16, activation: 'relu' }).apply(hidden);
  hidden = new GatedLinearUnit({ units: 8 }).apply(hidden);

  const outputs = new Dense({ units: 1, activation: 'sigmoid' }).apply(hidden);
  return new Model({ inputs, outputs });
}

/**
 * @param print takes the lines; replaced in the test
 * @returns shape of the predictions, and loss and accuracy before and after training
 */
export async function main(print: (text: string) => void = console.log) {
  setRandomSeed(1);
  const model = createControlledFlowNetwork();
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['accuracy'] });

  const sampleData = randomNormal([100, 25]);
  const { shape } = model.predict(sampleData);
  print(`predictions: ${shape.join(' x ')}`);
  print('');

  const train = gatedRows(2000, 25, 2);
  const test = gatedRows(500, 25, 3);
  const before = model.evaluate(test.x, test.sign);
  await model.fit(train.x, train.sign, { epochs: 8 });
  const after = model.evaluate(test.x, test.sign);
  const row = (name: string, { loss, accuracy }: { [name: string]: number }) => [
    name,
    loss.toFixed(4),
    `${(100 * accuracy).toFixed(1)} %`,
  ];
  print(
    formatTable(
      ['rows not learned', 'loss', 'accuracy'],
      [row('before training', before), row('after training', after)],
    ),
  );
  return { shape, before, after };
}

if (require.main === module) main();
