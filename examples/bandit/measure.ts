/** Plays learners against problems and adds up what they miss. */

import type { MakeLearner } from './learners';
import type { Problem } from './problems';

/** Cumulative regret of a learner on a problem, after certain rounds. */
export interface Regret {
  /** After how many rounds. */
  rounds: number[];
  /** Expected rewards missed until then, compared with the best action of each round. */
  regret: number[];
}

/** Points of a curve. */
const POINTS = 50;

/** Expected reward of a round's best action. */
function best({ actions, mean }: Problem, round: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let action = 0; action < actions; action++) {
    largest = Math.max(largest, mean(round, action));
  }
  return largest;
}

/** One learner plays one problem. */
export function play(problem: Problem, make: MakeLearner, seed: number): Regret {
  const learner = make(problem, seed);
  const { rounds } = problem;
  const result: Regret = { rounds: [0], regret: [0] };
  let regret = 0;
  for (let round = 0; round < rounds; round++) {
    const action = learner.choose(problem.context(round));
    learner.learn(problem.reward(round, action));
    regret += best(problem, round) - problem.mean(round, action);
    const point = result.rounds.length;
    if (round + 1 === Math.ceil((rounds * point) / POINTS)) {
      result.rounds.push(round + 1);
      result.regret.push(regret);
    }
  }
  return result;
}

/** A learner's regret on a problem over several seeds. */
export interface Score {
  learner: string;
  /** After all rounds, by seed. */
  finals: number[];
  /** Mean over seeds. */
  curve: Regret;
}

/** All learners on all seeds of a problem. */
export function compare(
  problemOf: (seed: number) => Problem,
  learners: ReadonlyMap<string, MakeLearner>,
  seeds: readonly number[],
  onPlayed: () => void = () => undefined,
): Score[] {
  return Array.from(learners, ([learner, make]) => {
    const runs = seeds.map((seed) => {
      const run = play(problemOf(seed), make, seed);
      onPlayed();
      return run;
    });
    const { rounds } = runs[0];
    const regret = rounds.map((_, i) => mean(runs.map((run) => run.regret[i])));
    const finals = runs.map((run) => run.regret[run.regret.length - 1]);
    return { learner, finals, curve: { rounds, regret } };
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation, 0 for a single value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
