/**
 * One network for two tasks: which of three ranges a number is in, and the number
 * itself; the second counts half.
 *
 *     npx ts-node --transpile-only examples/glu/two-outputs.ts
 */
import { Dense, GatedLinearUnit, input, Model, setRandomSeed } from 'gated-linear-networks/layers';
import { formatTable } from '../../lib/terminal/table';
import { gatedRows } from './data';
import { epochTable } from './epochs';

function createGatedNetwork() {
  const inputs = input({ shape: [30] });

  let hidden = new GatedLinearUnit({ units: 32 }).apply(inputs);
  hidden = new Dense({ units: 64, activation: 'relu' }).apply(hidden);
  hidden = new GatedLinearUnit({ units: 32 }).apply(hidden);
  hidden = new Dense({ units: 32, activation: 'relu' }).apply(hidden);
  hidden = new GatedLinearUnit({ units: 16 }).apply(hidden);
  hidden = new Dense({ units: 8, activation: 'relu' }).apply(hidden);

  const softmax = { units: 3, activation: 'softmax' } as const;
  const classification = new Dense({ ...softmax, name: 'classification' }).apply(hidden);
  const regression = new Dense({ units: 1, name: 'regression' }).apply(hidden);
  return new Model({ inputs, outputs: [classification, regression] });
}

/** Below -0.5, about 0, above 0.5: one of three, as a row with a single 1. */
function rangeOf(value: number): number[] {
  const range = value < -0.5 ? 0 : value > 0.5 ? 2 : 1;
  return [0, 1, 2].map((each) => Number(each === range));
}

/**
 * @param print takes the lines; replaced in the test
 * @returns the figures of rows that were not learned
 */
export async function main(
  print: (text: string) => void = console.log,
): Promise<{ [name: string]: number }> {
  setRandomSeed(1);
  const train = gatedRows(2000, 30, 2);
  const test = gatedRows(500, 30, 3);
  const targets = ({ value }: { value: number[] }) => ({
    classification: value.map(rangeOf),
    regression: value,
  });

  const model = createGatedNetwork();
  model.compile({
    optimizer: 'adam',
    loss: { classification: 'categorical_crossentropy', regression: 'mse' },
    lossWeights: { classification: 1.0, regression: 0.5 },
    metrics: { classification: 'accuracy', regression: 'mae' },
  });

  const history = await model.fit(train.x, targets(train), { epochs: 15 });
  print(epochTable(history, 5));
  print('');

  const figures = model.evaluate(test.x, targets(test));
  const rows = Object.entries(figures).map(([name, value]) => [name, value.toFixed(4)]);
  print(formatTable(['rows not learned', 'value'], rows));
  print('');

  const [classes, values] = model.predict(test.x);
  const first = [0, 1, 2, 3, 4].map((row) => [
    String(row),
    test.value[row].toFixed(3),
    values.data[row].toFixed(3),
    ...[0, 1, 2].map((k) => classes.data[3 * row + k].toFixed(3)),
  ]);
  print(
    formatTable(['row', 'value', 'predicted', 'below', 'about 0', 'above'], first, {
      leftColumns: 0,
    }),
  );
  return figures;
}

if (require.main === module) main();
