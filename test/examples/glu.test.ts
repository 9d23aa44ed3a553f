/** The examples of gated linear units: shapes, aligned tables, and that their networks learn. */

import { main as attention } from '../../examples/glu/attention';
import { main as featureFiltering } from '../../examples/glu/feature-filtering';
import { main as functional } from '../../examples/glu/functional';
import { main as informationFlow } from '../../examples/glu/information-flow';
import { main as quickStart } from '../../examples/glu/quick-start';
import { main as sequential } from '../../examples/glu/sequential';
import { main as twoOutputs } from '../../examples/glu/two-outputs';

jest.setTimeout(60_000);

const lines: string[] = [];
const print = (text: string) => lines.push(...text.split('\n'));
beforeEach(() => {
  lines.length = 0;
});

/** Cells of the line that begins so. */
const cellsOf = (start: string) =>
  lines
    .find((line) => line.startsWith(start))
    ?.trim()
    .split(/ {2,}/);

it('quick start', () => {
  quickStart(print);
  expect(cellsOf('input')).toEqual(['input', '32 x 16']);
  expect(cellsOf('output')).toEqual(['output', '32 x 8']);
});

it('sequential model', async () => {
  expect(await sequential(print)).toBeGreaterThan(0.8);
  expect(lines.join('\n')).toContain('parameters: 1,941, of which 1,941 are trained');
  const table = lines.slice(lines.findIndex((line) => line.startsWith('epoch')));
  expect(new Set(table.map(({ length }) => length)).size).toBe(1);
});

it('functional model', async () => {
  expect(await functional(print)).toBeGreaterThan(0.8);
  expect(lines.join('\n')).toContain('parameters: 2,417, of which 2,417 are trained');
});

it('two outputs', async () => {
  const figures = await twoOutputs(print);
  expect(figures.classification_accuracy).toBeGreaterThan(0.7);
  expect(figures.regression_mae).toBeLessThan(0.5);
  const { loss, classification_loss, regression_loss } = figures;
  expect(loss).toBeCloseTo(classification_loss + 0.5 * regression_loss, 6);
});

it('controlled information flow', async () => {
  const { shape, before, after } = await informationFlow(print);
  expect(shape).toEqual([100, 1]);
  expect(before.accuracy).toBeLessThan(0.6);
  expect(after.accuracy).toBeGreaterThan(0.75);
});

it('feature filtering', async () => {
  const { before, after } = await featureFiltering(print);
  for (const predictions of [before, after]) {
    expect(predictions).toHaveLength(4);
    expect(predictions.every((p) => p > 0 && p < 1)).toBe(true);
  }
  expect(cellsOf('first half')?.slice(1)).toHaveLength(4);
  // The features that matter move the prediction more once it has been learned.
  expect(Math.abs(after[1] - 0.5)).toBeGreaterThan(Math.abs(before[1] - 0.5));
});

it('attention', async () => {
  const { shape, accuracy } = await attention(print);
  expect(shape).toEqual([50, 1]);
  expect(accuracy).toBeGreaterThan(0.75);
});

it('prints the same in every run', async () => {
  await featureFiltering(print);
  const first = [...lines];
  lines.length = 0;
  await featureFiltering(print);
  expect(lines).toEqual(first);
});
