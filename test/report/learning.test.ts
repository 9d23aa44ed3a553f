/** Learning curves: the latest rows, worked out from means over all rows. */
import { curvePlots, learningPlots, recentPoints, recentRows } from '../../lib/report/learning';

/** Means over all rows so far, of a model that is right for the first half and wrong for the rest. */
function halves(rows: number, step: number) {
  return Array.from({ length: rows / step }, (_, i) => {
    const seen = (i + 1) * step;
    const accuracy = Math.min(seen, rows / 2) / seen;
    return { rows: seen, accuracy, logLoss: 3 * (1 - accuracy) };
  });
}

it('finds what means over all rows hide', () => {
  const points = halves(1600, 100);
  const recent = recentPoints(points, 200, (point) => point.accuracy);
  // Nothing is said of fewer rows than asked for.
  expect(recent.map(({ rows }) => rows)).toEqual(points.slice(1).map(({ rows }) => rows));
  for (const { rows, after, mean } of recent) {
    expect(rows - after).toBe(200);
    const right = (Math.min(800, rows) - Math.min(800, after)) / 200;
    // Differences of sums of at most 1600, rounded to 53 bits.
    expect(mean).toBeCloseTo(right, 10);
  }
});

it('leaves no row out between points that are far apart', () => {
  const points = halves(1600, 100).filter(({ rows }) => [100, 300, 800, 1600].includes(rows));
  expect(recentPoints(points, 200, (point) => point.logLoss)).toEqual([
    { rows: 300, after: 100, mean: expect.closeTo(0) },
    { rows: 800, after: 300, mean: expect.closeTo(0) },
    { rows: 1600, after: 800, mean: expect.closeTo(3) },
  ]);
});

it.each([
  [50, 100],
  [1111, 100],
  [1112, 200],
  [10_000, 500],
  [100_000, 2000],
  [1_000_000, 20_000],
  [10_000_000, 200_000],
])('takes of %i rows the latest %i or more', (rows, window) => {
  expect(recentRows([{ rows }])).toBe(window);
});

it('shows a root of means, where the means are of squares', () => {
  const [{ plot }] = curvePlots(halves(1600, 100), {
    title: 'Errors',
    scale: 'linear',
    y: { name: 'Root' },
    mean: ({ logLoss }) => logLoss ** 2,
    shown: Math.sqrt,
    text: '',
  });
  const [, all] = plot.type === 'line' ? plot.series : [];
  expect(all.points.at(-1)).toEqual([1600, expect.closeTo(1.5, 12)]);
});

it('draws nothing of one point, and of a short run no latest rows', () => {
  expect(learningPlots([])).toEqual([]);
  expect(learningPlots(halves(100, 50).slice(0, 1))).toEqual([]);
  const names = (rows: number, step: number) =>
    learningPlots(halves(rows, step)).map(({ plot }) =>
      plot.type === 'line' ? plot.series.map(({ name }) => name) : [],
    );
  expect(names(80, 20)).toEqual([['all rows so far'], ['all rows so far']]);
  expect(names(20_000, 500)[0]).toEqual(['latest 500 rows', 'all rows so far']);
});
