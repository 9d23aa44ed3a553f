/** Plots made from metrics: the right numbers in the right places. */

import { ConfusionMatrix } from '../../lib/metrics/confusion';
import { checkPlot } from '../../lib/plots/check';
import { confusionPlot, learningCurvePlot, reliabilityPlot } from '../../lib/plots/reports';

it('shows learning curves in percent over a logarithmic axis', () => {
  const plot = learningCurvePlot('Curves', [
    {
      name: 'a',
      points: [
        { rows: 100, accuracy: 0.5 },
        { rows: 1000, accuracy: 0.75 },
      ],
    },
  ]);
  checkPlot(plot);
  expect(plot.x.scale).toBe('log');
  expect(plot.series).toEqual([
    {
      name: 'a',
      points: [
        [100, 50],
        [1000, 75],
      ],
    },
  ]);
});

it('draws the diagonal below reliability curves', () => {
  const bins = [{ confidence: 0.25, accuracy: 0.5, count: 3 }];
  const plot = reliabilityPlot('Reliability', [{ name: 'a', bins }], 'ten bins');
  checkPlot(plot);
  expect(plot.subtitle).toBe('ten bins');
  expect(plot.series.map(({ points }) => points)).toEqual([
    [
      [0, 0],
      [100, 100],
    ],
    [[25, 50]],
  ]);
});

it('draws 95 % intervals where rows are known, and the rows where bins are', () => {
  const bins = [
    { low: 0, high: 0.5, confidence: 0.25, accuracy: 0, count: 10 },
    { low: 0.5, high: 1, confidence: 0.75, accuracy: 0.5, count: 100 },
  ];
  const plot = reliabilityPlot('Reliability', [{ name: 'a', bins }]);
  checkPlot(plot);
  // Of Wilson's interval: 0 of 10 and 50 of 100, to the digits of published tables.
  const [[lowest, low], [below, above]] = plot.series[1].ranges ?? [];
  expect([lowest, low]).toEqual([0, expect.closeTo(27.75, 1)]);
  expect([below, above]).toEqual([expect.closeTo(40.38, 1), expect.closeTo(59.62, 1)]);
  expect(plot.counts?.bins).toEqual([
    { low: 0, high: 50, count: 10 },
    { low: 50, high: 100, count: 100 },
  ]);
  const bare = bins.map(({ confidence, accuracy }) => ({ confidence, accuracy }));
  const without = reliabilityPlot('Reliability', [{ name: 'a', bins: bare }]);
  expect(without.counts).toBeUndefined();
  expect(without.series[1].ranges).toBeUndefined();
});

it('colours a confusion matrix by the shares of its rows and leaves zeros out', () => {
  const matrix = new ConfusionMatrix(3);
  for (const [actual, predicted] of [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 2],
    [1, 1],
  ]) {
    matrix.add(actual, predicted);
  }
  const plot = confusionPlot('Confusion', matrix, ['x', 'y', 'z']);
  checkPlot(plot);
  expect(plot.values).toEqual([
    [75, 0, 25],
    [0, 100, 0],
    // A class without rows has no shares, and must not give NaN.
    [0, 0, 0],
  ]);
  expect(plot.labels).toEqual([
    ['3', '', '1'],
    ['', '1', ''],
    ['', '', ''],
  ]);
  // All of the scale, so that colours mean the same in every picture.
  expect([plot.min, plot.max]).toEqual([0, 100]);
  const shares = confusionPlot('Confusion', matrix, undefined, { cells: 'counts and shares' });
  expect(shares.labels?.[0]).toEqual(['3\n75.0 %', '', '1\n25.0 %']);
  const bare = confusionPlot('Confusion', matrix, undefined, { cells: 'nothing' });
  expect(bare.labels).toBeUndefined();
  expect(confusionPlot('Confusion', matrix).rows).toEqual(['0', '1', '2']);
});
