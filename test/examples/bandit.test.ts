/** The bandit example: few rounds, its table, lines and pictures, and the linear learners. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linUcb, thompson } from '../../examples/bandit/learners';
import { main } from '../../examples/bandit/main';
import { play } from '../../examples/bandit/measure';
import { type Problem, wheelProblem } from '../../examples/bandit/problems';
import { Random } from '../../examples/bandit/random';
import { runnerOf } from './run';

// Seconds on two idle cores; a busy machine must not fail it.
jest.setTimeout(180_000);

const run = runnerOf(main);

it('misses less than linear learners on Shuttle', async () => {
  const { code, stdout } = await run('--quick', '--only', 'shuttle', '--json');
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { learner: string; value: number });
  const regret = new Map(lines.map(({ learner, value }) => [learner, value]));
  expect([...regret.keys()]).toEqual(['GLCB', 'LinUCB', 'Thompson', 'ε-greedy', 'uniform']);
  const ours = regret.get('GLCB') ?? Number.NaN;
  for (const learner of ['LinUCB', 'Thompson', 'ε-greedy']) {
    // About 60 against 200 and more.
    expect(ours).toBeLessThan((regret.get(learner) ?? 0) / 1.5);
  }
  expect(regret.get('uniform')).toBeGreaterThan(1500);
});

it('prints a table and draws a picture of each problem', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gln-bandit-'));
  try {
    const args = ['--only', 'wheel-0.9,vehicle', '--rounds', '120', '--seeds', '2'];
    const { code, stdout } = await run(...args, '--out', folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^cumulative regret +rounds +GLCB +LinUCB +Thompson +ε-greedy +uniform$/m,
    );
    expect(stdout).toMatch(/^wheel-0\.9 +120( +[\d.]+ ± [\d.]+){5}$/m);
    expect(stdout).toMatch(/^vehicle +120/m);
    expect((await readdir(folder)).sort()).toEqual([
      'regret-vehicle.png',
      'regret-vehicle.svg',
      'regret-wheel-0.9.png',
      'regret-wheel-0.9.svg',
    ]);
    const picture = await readFile(join(folder, 'regret-wheel-0.9.svg'), 'utf8');
    for (const learner of ['GLCB', 'LinUCB', 'uniform']) expect(picture).toContain(learner);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('explains flags that are wrong', async () => {
  for (const args of [['--only', 'roulette'], ['--rounds', '0'], ['--seeds', 'two'], ['--fast']]) {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
  }
  expect((await run('--help')).code).toBe(0);
});

it('has a wheel as it was published', () => {
  const { context, mean, reward, rounds } = wheelProblem(0.8, 1, 3000);
  let outside = 0;
  for (let round = 0; round < rounds; round++) {
    const [x, y] = context(round);
    const means = [0, 1, 2, 3, 4].map((action) => mean(round, action));
    expect(Math.hypot(x, y)).toBeLessThanOrEqual(1);
    const high = means.filter((value) => value === 50).length;
    expect(high).toBe(Math.hypot(x, y) > 0.8 ? 1 : 0);
    outside += high;
    expect(means[4]).toBe(1.2);
    expect(Math.abs(reward(round, 4) - 1.2)).toBeLessThan(0.1);
  }
  // 1 - 0.8² = 0.36 of all, with a deviation of 0.009.
  expect(outside / rounds).toBeCloseTo(0.36, 1);
});

it('has linear learners that solve what is linear', () => {
  const random = new Random(7);
  const weights = Array.from({ length: 3 }, () => [random.normal(), random.normal()]);
  const rows = Array.from({ length: 1500 }, () =>
    Float32Array.of(random.normal(), random.normal()),
  );
  const mean = (round: number, action: number) =>
    weights[action][0] * rows[round][0] + weights[action][1] * rows[round][1];
  const problem: Problem = {
    name: 'linear',
    contextSize: 2,
    actions: 3,
    rounds: rows.length,
    range: { min: -5, max: 5 },
    context: (round) => rows[round],
    reward: mean,
    mean,
  };
  for (const make of [linUcb(0.25), thompson]) {
    const { regret } = play(problem, make, 1);
    const half = regret[(regret.length - 1) / 2];
    const all = regret[regret.length - 1];
    // What is missed is missed at the beginning.
    expect(all - half).toBeLessThan(half / 2);
    expect(all).toBeLessThan(100);
  }
});
