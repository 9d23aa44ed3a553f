/**
 * How property tests run: repeatably, unless asked to search further.
 *
 * A fixed seed keeps a change from failing for cases it has nothing to do with;
 * `FAST_CHECK_SEED` and `FAST_CHECK_RUNS` (a factor) let a longer search run.
 */

const defaultSeed = 1910_01526;

export interface RunParameters {
  numRuns: number;
  seed: number;
}

export function runs(numRuns: number): RunParameters {
  const { FAST_CHECK_SEED, FAST_CHECK_RUNS } = process.env;
  return {
    numRuns: numRuns * Number(FAST_CHECK_RUNS ?? 1),
    seed: Number(FAST_CHECK_SEED ?? defaultSeed),
  };
}
