/**
 * Everything that one platform is asked: which binary runs, how far it is from
 * the golden files, and what it learns.
 */

import { createHash } from 'node:crypto';
import { buildInfo } from '../../lib/index';
import { answer } from '../support/child';
import { runFamily } from './family';
import { type GoldenDistance, goldenDistances } from './goldens';
import { runTrainings } from './training';

export interface PlatformAnswer {
  platform: string;
  node: string;
  isa: string;
  goldens: GoldenDistance[];
  trainings: Record<string, string>;
  /** Over all of the above that must be the same everywhere. */
  hash: string;
}

void answer(async (): Promise<PlatformAnswer> => {
  const goldens = goldenDistances();
  const trainings = { ...runTrainings(), ...(await runFamily()) };
  const digests = [...goldens.map((golden) => golden.digest), ...Object.values(trainings)];
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    isa: buildInfo().isa,
    goldens,
    trainings,
    hash: createHash('sha256').update(digests.join()).digest('hex'),
  };
});
