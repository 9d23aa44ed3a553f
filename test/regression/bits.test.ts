/**
 * The same bits on every instruction set, with any number of threads, and however rows
 * are split into calls: predictions and whole files.
 */
import { buildInfo } from '../../lib';
import { runChild } from '../support/child';
import type { BitsRun } from './bits-child';

it('are the same everywhere', () => {
  const script = require.resolve('./bits-child');
  const results = buildInfo().available.map((isa) => {
    const result = runChild<BitsRun>(script, null, { environment: { GLN_ISA: isa } });
    expect(result.isa).toBe(isa);
    return result.files;
  });
  for (const files of results) {
    for (const [one, ...more] of files) {
      expect(one.length).toBeGreaterThan(1000);
      for (const other of more) expect(other === one).toBe(true);
    }
    expect(files.map(([one]) => one)).toEqual(results[0].map(([one]) => one));
  }
}, 120_000);
