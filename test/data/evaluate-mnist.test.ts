/** The MNIST helper: what a model is shown, in which order, and what is reported. */

import { evaluateMnist, type MnistProgress } from '../../lib/data/evaluate-mnist';
import type { MnistData } from '../../lib/data/mnist';
import { shuffledIndices } from '../../lib/data/shuffle';
import { rowsOf, TableClassifier } from '../metrics/table-classifier';

const SIZE = 25;
const labels = Uint8Array.from({ length: SIZE }, (_, row) => row % 10);
const part = { images: rowsOf(SIZE, 784), labels, size: SIZE };
const data: MnistData = { train: part, test: part, inputSize: 784, numClasses: 10 };

/** Right for the first 20 rows, wrong for the last 5. */
function modelOf(numClasses: number, classOf: (label: number) => number): TableClassifier {
  const answers = Array.from(labels, (label, row) => ({
    predicted: row < 20 ? classOf(label) : (classOf(label) + 1) % numClasses,
    probabilities: new Array<number>(numClasses === 2 ? 1 : numClasses).fill(0.5),
  }));
  return new TableClassifier(numClasses, answers, 784);
}

it('shows every training row once an epoch, shuffled, with its label', async () => {
  const model = modelOf(10, (label) => label);
  const seen: MnistProgress[] = [];
  const report = await evaluateMnist(model, {
    data,
    numEpochs: 2,
    batchSize: 10,
    shuffleSeed: 5,
    progress: false,
    onProgress: (progress) => seen.push(progress),
  });
  const order = Array.from(shuffledIndices(SIZE, 5));
  const epoch = model.learned.slice(0, 3);
  const rows = epoch.flatMap((call) => Array.from(call.rows.filter((_, at) => at % 784 === 0)));
  expect(rows).toEqual(order);
  expect(epoch.flatMap((call) => call.targets)).toEqual(order.map((row) => labels[row]));
  expect(model.learned.map((call) => call.targets.length)).toEqual([10, 10, 5, 10, 10, 5]);
  expect(report).toMatchObject({
    accuracy: 0.8,
    epochAccuracies: [0.8, 0.8],
    prequentialAccuracies: [0.8, 0.8],
    rowsLearned: 50,
    report: { numRows: SIZE, accuracy: 0.8 },
  });
  expect(report.rowsPerSecond).toBeCloseTo(50 / report.seconds, 6);
  expect(seen.map(({ epoch, rowsDone }) => [epoch, rowsDone])).toEqual([
    [0, 10],
    [0, 20],
    [0, 25],
    [1, 10],
    [1, 20],
    [1, 25],
  ]);
  expect(seen[2]).toMatchObject({ prequentialAccuracy: 0.8, rowsTotal: 25 });
});

it('tells one class from the others', async () => {
  const model = modelOf(2, (label) => Number(label === 3));
  const report = await evaluateMnist(model, { data, mnistClass: 3, progress: false });
  expect(report.report.classes.map(({ support }) => support)).toEqual([22, 3]);
  expect(report.accuracy).toBe(0.8);
  expect(labels[3]).toBe(3);
});

it('ends with what the callback throws', async () => {
  const run = evaluateMnist(
    modelOf(10, (label) => label),
    {
      data,
      progress: false,
      onProgress: () => {
        throw new Error('enough');
      },
    },
  );
  await expect(run).rejects.toThrow('enough');
});

it('refuses a model or options that do not fit', async () => {
  const ten = modelOf(10, (label) => label);
  const two = modelOf(2, () => 0);
  const narrow = new TableClassifier(10, [], 10);
  const shape = { code: 'ERR_GLN_SHAPE' };
  await expect(evaluateMnist(two, { data })).rejects.toMatchObject(shape);
  await expect(evaluateMnist(ten, { data, mnistClass: 1 })).rejects.toMatchObject(shape);
  await expect(evaluateMnist(narrow, { data })).rejects.toMatchObject(shape);
  const bad = [{ numEpochs: 0 }, { batchSize: 0.5 }, { shuffleSeed: -1 }, { mnistClass: 10 }];
  for (const options of bad) {
    const run = evaluateMnist(ten, { data, ...options });
    await expect(run).rejects.toMatchObject({ code: 'ERR_GLN_OPTION' });
  }
});
