/** The measurement of single options runs, and its lines have figures that can be. */
import { main } from '../../bench/tuning/main';

it('prints a line for each change that is asked for', () => {
  const lines: string[] = [];
  main(['vowel', '--seeds', '1', '--only', 'contextMapSize'], (text) =>
    lines.push(...text.split('\n')),
  );
  expect(lines[0]).toMatch(/vowel % +log loss$/);
  const figures = lines.slice(2).map((line) => line.trim().split(/ {2,}/));
  expect(figures.map(([name]) => name)).toEqual([
    'contextMapSize 0',
    'contextMapSize 2',
    'contextMapSize 6',
    'contextMapSize 8',
  ]);
  for (const [, accuracy, logLoss] of figures) {
    // Eleven classes: chance is 9.1 %, and ln 11 is 2.398.
    expect(Number(accuracy)).toBeGreaterThan(12);
    expect(Number(accuracy)).toBeLessThan(100);
    expect(Number(logLoss)).toBeLessThan(2.4);
  }
});
