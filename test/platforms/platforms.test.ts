/**
 * The runs that platforms are compared by, on this one: every instruction set
 * comes to the same bits, and a difference would be found and named.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildInfo } from '../../lib/index';
import { removeAll, root, temporaryFolder } from '../build/stage';
import { contracts } from '../contract/models';
import { runChild } from '../support/child';
import type { PlatformAnswer } from './platform-child';
import { trainings } from './training';

const script = require.resolve('./platform-child');
/** Of networks, of each model, and of the layers. */
const trainingCount = trainings.length + contracts.length + 1;
const answers = new Map<string, PlatformAnswer>();

beforeAll(() => {
  for (const isa of buildInfo().available) {
    answers.set(isa, runChild(script, null, { environment: { GLN_ISA: isa } }));
  }
}, 120_000);

afterAll(removeAll);

it.each([...buildInfo().available])('runs on %s, close to the golden files', (isa) => {
  const answer = answers.get(isa);
  expect(answer).toMatchObject({ isa, platform: `${process.platform}-${process.arch}` });
  expect(Object.keys(answer?.trainings ?? {})).toHaveLength(trainingCount);
  for (const { probabilities, weights } of answer?.goldens ?? []) {
    // What the package promises of float32 arithmetic.
    expect(probabilities).toBeLessThan(1e-5);
    expect(weights).toBeLessThan(1e-5);
  }
});

it('learns the same bits on all of them', () => {
  const [first, ...others] = answers.values();
  for (const other of others) {
    expect(other.trainings).toEqual(first.trainings);
    expect(other.hash).toBe(first.hash);
  }
  // No training may be a copy of another, nor learn nothing.
  expect(new Set(Object.values(first.trainings)).size).toBe(trainingCount);
});

describe('comparing the answers of several machines', () => {
  function compare(...runs: object[]) {
    const file = path.join(temporaryFolder(), 'runs.json');
    writeFileSync(file, JSON.stringify(runs));
    const program = path.join(root, 'scripts', 'prebuild', 'compare.mjs');
    try {
      return {
        status: 0,
        text: execFileSync(process.execPath, [program, file], { encoding: 'utf8' }),
      };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { status, text: stdout };
    }
  }
  const run = (id: string, change: Partial<PlatformAnswer> = {}) => {
    const [answer] = answers.values();
    return { id, seconds: 1, answer: { ...answer, ...change } };
  };

  it('passes equal ones, and counts what was skipped', () => {
    const { status, text } = compare(run('here'), run('there'), { id: 'nowhere', skipped: 'gone' });
    expect(status).toBe(0);
    expect(text).toContain('skipped: gone');
    expect(text).toContain('2 ran, 1 skipped; all that ran gave the same bits');
  });

  it('names the training that differs', () => {
    const [{ trainings: digests }] = answers.values();
    const changed = { hash: 'other', trainings: { ...digests, 'long rows': 'other' } };
    const { status, text } = compare(run('here'), run('there', changed));
    expect(status).toBe(1);
    expect(text).toContain('there differs from here in: long rows');
  });

  it('fails where a platform failed or none ran', () => {
    expect(compare(run('here'), { id: 'there', failed: 'crashed' }).status).toBe(1);
    expect(compare({ id: 'nowhere', skipped: 'gone' }).status).toBe(1);
  });
});
