/** Networks in worker threads: they share one pool, and may end at any time. */

import { join } from 'node:path';
import { runChild } from '../support/child';

it('trains in many workers at once and survives those that are terminated', () => {
  const { expected, digests, ended, after } = runChild<{
    expected: string;
    digests: string[];
    ended: number[];
    after: string;
  }>(join(__dirname, 'workers-child.ts'), { workers: 4, terminated: 4 });
  expect(digests).toEqual([expected, expected, expected, expected]);
  expect(ended).toHaveLength(4);
  expect(after).toBe(expected);
});
