/** The quick start example: what it prints, and that its network learns and relearns. */

import { main } from '../../examples/quickstart';

it('learns rings, and learns them anew when they change places', () => {
  const lines: string[] = [];
  const accuracies = main((line) => lines.push(line));
  expect(accuracies).toHaveLength(12);
  expect(accuracies[5]).toBeGreaterThan(0.9);
  expect(accuracies[6]).toBeLessThan(accuracies[5]);
  expect(accuracies[11]).toBeGreaterThan(0.9);

  expect(lines).toHaveLength(13);
  const [header, ...rest] = lines.map((line) => line.slice(0, 21));
  expect(header).toBe('     rows  accuracy %');
  for (const line of rest) expect(line).toMatch(/^ {4,}\d+ {2} +\d+\.\d$/);
  expect(lines[6]).toContain('the rings change places');
});

it('prints the same in every run', () => {
  const first: string[] = [];
  const second: string[] = [];
  main((line) => first.push(line));
  main((line) => second.push(line));
  expect(second).toEqual(first);
});
