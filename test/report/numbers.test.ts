/** Which pictures a report on predicted numbers has, and what they show. */
import { RunningRegressionMetrics, renderPlot, type ScatterPlot } from '../../lib/index';
import { numberPlots } from '../../lib/report/number-plots';
import { numberTables } from '../../lib/report/number-tables';

function content(rows: number, learned = true) {
  const metrics = new RunningRegressionMetrics();
  for (let i = 0; i < rows; i++) metrics.update(i, i + (i % 5) - 2, 4);
  const point = (rows: number) => ({
    ...{ rows, rootMeanSquaredError: 2, negativeLogLikelihood: 3 },
  });
  return {
    ...{
      target: 'price',
      metrics,
      contributions: [{ column: 'size', contribution: 7, against: 2 }],
    },
    learning: learned ? [1, 64, 128].map(point) : [],
  };
}

it('has a picture for all that is known, and none for what is not', () => {
  const titles = (rows: number, learned: boolean) =>
    numberPlots(content(rows, learned)).map(({ plot }) => plot.title);
  const tested = [
    'Predicted against actual',
    'Residuals',
    'Calibration of intervals',
    'Contributions of columns',
  ];
  expect(titles(100, true)).toEqual(['Learning curve', 'Prequential log likelihood', ...tested]);
  expect(titles(100, false)).toEqual(tested);
  expect(titles(0, false)).toEqual(['Contributions of columns']);
  // One row that was predicted exactly: no residual to be seen.
  const exact = new RunningRegressionMetrics();
  exact.update(5, 5, 1);
  const shown = numberPlots({ ...content(0, false), metrics: exact });
  expect(shown.map(({ plot }) => plot.title)).not.toContain('Residuals');
});

it('has the numbers behind them as tables', () => {
  const tables = numberTables(content(100));
  expect(tables.map(({ title }) => title)).toEqual([
    'All rows',
    'Intervals',
    'Learning curve',
    'Contributions of columns',
  ]);
  expect(tables[0].rows).toContainEqual(['mean absolute error, of price', '1.2']);
  expect(tables[1].rows).toHaveLength(19);
  expect(tables[3].rows).toEqual([['size', '7', '5', '-2']]);
  expect(numberTables({ ...content(0, false), contributions: [] })).toHaveLength(1);
});

it('leaves out points at which nothing was counted', () => {
  const given = content(10);
  given.learning[0].rootMeanSquaredError = Number.NaN;
  const [{ plot }] = numberPlots(given);
  if (plot.type !== 'line') throw new Error(`a ${plot.type} plot`);
  expect(plot.series[0].points).toEqual([
    [64, 2],
    [128, 2],
  ]);
});

it('counts all residuals, those far out at the ends', () => {
  const metrics = new RunningRegressionMetrics();
  for (let i = 0; i < 200; i++) metrics.update(0, i === 7 ? 1000 : (i % 9) - 4, 1);
  const [residuals] = numberPlots({ ...content(0, false), metrics }).filter(
    ({ plot }) => plot.title === 'Residuals',
  );
  if (residuals.plot.type !== 'bar') throw new Error(`a ${residuals.plot.type} plot`);
  const { values } = residuals.plot.series[0];
  // Percent of 200 rows, added up.
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 9);
  expect(residuals.plot.categories[5]).toBe('0');
});

describe('a scatter plot', () => {
  const plot: ScatterPlot = {
    type: 'scatter',
    title: 'Cloud',
    x: { name: 'here' },
    y: { name: 'there' },
    points: [
      [1, 2],
      [3, 5],
    ],
  };
  const line = { name: 'line', points: [[0, 0] as const, [5, 5] as const] };

  it('is drawn, with a line to compare with where there is one', () => {
    expect(renderPlot(plot)).toContain('Cloud');
    const dashes = (svg: string) => svg.match(/stroke-dasharray/g)?.length ?? 0;
    expect(dashes(renderPlot({ ...plot, reference: line }))).toBe(dashes(renderPlot(plot)) + 1);
  });

  it.each([
    ['no points', { points: [] }, 'ERR_GLN_OPTION'],
    ['no list of points', { points: 5 }, 'ERR_GLN_OPTION'],
    ['NaN', { points: [[1, Number.NaN]] }, 'ERR_GLN_VALUE'],
    ['no name of an axis', { x: {} }, 'ERR_GLN_OPTION'],
    ['a line without a name', { reference: { points: [[1, 2]] } }, 'ERR_GLN_OPTION'],
    ['a line without points', { reference: { name: 'a', points: [] } }, 'ERR_GLN_OPTION'],
  ])('is refused with %s', (_, wrong, code) => {
    const draw = () => renderPlot({ ...plot, ...wrong } as unknown as ScatterPlot);
    expect(draw).toThrow(expect.objectContaining({ code }));
  });
});
