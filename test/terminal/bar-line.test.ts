/** What a progress bar shows in terminals of any width. */
import { barLine } from '../../lib/terminal/bar-line';

const figures = {
  ...{ label: 'learning', done: 93184, total: 400000, speed: '54002', remaining: '6 s' },
  metrics: { accuracy: '94.2 %', 'log loss': '0.1406' },
};

it.each([
  [
    200,
    'learning [######..................] 93184/400000 | 54002 rows/s | ETA 6 s | accuracy 94.2 % | log loss 0.1406',
  ],
  [79, '[##......] 23 % | 54002 rows/s | ETA 6 s | accuracy 94.2 % | log loss 0.1406'],
  [60, '23 % | 54002 rows/s | accuracy 94.2 % | log loss 0.1406'],
  [39, '23 % | 54002 rows/s | accuracy 94.2 %'],
  [20, '23 % | 54002 rows/s'],
  [3, '23 '],
])('in %i columns', (width, line) => {
  expect(barLine(figures, width)).toBe(line);
});

it('never is wider than the terminal, and full at the end, also of nothing', () => {
  for (let width = 0; width < 130; width++) {
    expect(barLine(figures, width).length).toBeLessThanOrEqual(width);
  }
  const nothing = { ...figures, done: 0, total: 0, metrics: {} };
  expect(barLine(nothing, 100)).toContain('[########################] 0/0');
  expect(barLine({ ...figures, done: 500000 }, 10)).toBe('100 %');
});
