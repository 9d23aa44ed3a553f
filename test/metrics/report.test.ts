/** The confusion matrix, the figures made from it and their text. */

import { ConfusionMatrix } from '../../lib/metrics/confusion';
import { formatReport, makeReport } from '../../lib/metrics/report';
import { thrownBy } from './table-classifier';

function matrixOf(counts: readonly (readonly number[])[]): ConfusionMatrix {
  const matrix = new ConfusionMatrix(counts.length);
  counts.forEach((row, actual) => {
    row.forEach((count, predicted) => {
      for (let time = 0; time < count; time++) matrix.add(actual, predicted);
    });
  });
  return matrix;
}

const animals = [
  [5, 1, 0],
  [2, 11, 0],
  [0, 0, 0],
];

it('counts by actual and predicted class', () => {
  const matrix = matrixOf(animals);
  expect(matrix.toArray()).toEqual(animals);
  expect(matrix.counts).toEqual(Uint32Array.from(animals.flat()));
  expect(matrix.at(1, 0)).toBe(2);
  expect(matrix.actualTotal(1)).toBe(13);
  expect(matrix.predictedTotal(1)).toBe(12);
  expect(matrix.correct).toBe(16);
  expect(matrix.total).toBe(19);
});

it('refuses classes that are none', () => {
  const matrix = new ConfusionMatrix(2);
  expect(thrownBy(() => matrix.add(2, 0))).toMatchObject({ code: 'ERR_GLN_LABEL' });
  expect(thrownBy(() => matrix.at(0, -1))).toMatchObject({ code: 'ERR_GLN_LABEL' });
  expect(thrownBy(() => new ConfusionMatrix(1))).toMatchObject({ code: 'ERR_GLN_OPTION' });
});

it('takes 0/0 for 0', () => {
  const report = makeReport(matrixOf(animals), 0.25);
  expect(report.classes[2]).toEqual({ label: 2, precision: 0, recall: 0, f1: 0, support: 0 });
  expect(report.macro.recall).toBeCloseTo((5 / 6 + 11 / 13) / 3, 12);
  expect(makeReport(new ConfusionMatrix(2), 0).accuracy).toBe(0);
});

it('is written as aligned text', () => {
  const report = makeReport(matrixOf(animals), 0.25);
  expect(formatReport(report, { classNames: ['cat', 'dog', 'ox'] })).toBe(
    [
      '19 rows, accuracy 84.21 %, log loss 0.2500',
      '',
      'class          precision %  recall %   F1 %  support',
      '-------------  -----------  --------  -----  -------',
      'cat                  71.43     83.33  76.92        6',
      'dog                  91.67     84.62  88.00       13',
      'ox                    0.00      0.00   0.00        0',
      'macro average        54.37     55.98  54.97       19',
      '',
      'actual \\ predicted  cat  dog  ox',
      '------------------  ---  ---  --',
      'cat                   5    1   .',
      'dog                   2   11   .',
      'ox                    .    .   .',
    ].join('\n'),
  );
  expect(formatReport(report)).toContain('\n1 ');
  const names = (): string => formatReport(report, { classNames: ['cat'] });
  expect(thrownBy(names)).toMatchObject({ code: 'ERR_GLN_SHAPE' });
});

it('lists the commonest confusions where a matrix would be too wide', () => {
  const matrix = new ConfusionMatrix(30);
  for (let time = 0; time < 3; time++) matrix.add(4, 17);
  matrix.add(20, 2);
  matrix.add(5, 5);
  const text = formatReport(makeReport(matrix, 1));
  expect(text).toContain('actual  predicted  rows');
  expect(text.indexOf('4       17            3')).toBeLessThan(text.indexOf('20      2 '));
  const perfect = new ConfusionMatrix(30);
  perfect.add(1, 1);
  expect(formatReport(makeReport(perfect, 0))).toContain('no confusions');
});
