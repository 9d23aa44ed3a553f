/** What the example prints and draws. */

import type { LinePlot } from 'gated-linear-networks';
import { formatTable } from '../../lib/terminal/table';
import { deviation, mean, type Score } from './measure';

/** All scores of a problem. */
export interface ProblemScores {
  problem: string;
  rounds: number;
  scores: readonly Score[];
}

function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}

/** Mean regret and its standard deviation over seeds: a row a problem, a column a learner. */
export function formatScores(all: readonly ProblemScores[]): string {
  const learners = all[0].scores.map(({ learner }) => learner);
  const rows = all.map(({ problem, rounds, scores }) => [
    problem,
    String(rounds),
    ...scores.map(({ finals }) =>
      finals.length > 1
        ? `${digits(mean(finals))} ± ${digits(deviation(finals))}`
        : digits(finals[0]),
    ),
  ]);
  return formatTable(['cumulative regret', 'rounds', ...learners], rows);
}

/** One object a line, a problem, a learner and a seed in each. */
export function toJsonLines(all: readonly ProblemScores[], seeds: readonly number[]): string {
  const lines: string[] = [];
  for (const { problem, rounds, scores } of all) {
    for (const { learner, finals } of scores) {
      finals.forEach((value, i) => {
        const metric = 'cumulativeRegret';
        lines.push(JSON.stringify({ problem, rounds, learner, seed: seeds[i], metric, value }));
      });
    }
  }
  return lines.join('\n');
}

/** Mean regret over rounds, a line a learner; regrets of 0 are left out of the scale's logarithm. */
export function regretPlot({ problem, scores }: ProblemScores, seeds: number): LinePlot {
  return {
    type: 'line',
    title: `Cumulative regret: ${problem}`,
    subtitle: `Expected reward missed, ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}`,
    x: { name: 'rounds' },
    y: { name: 'regret', scale: 'log' },
    series: scores.map(({ learner, curve }) => ({
      name: learner,
      reference: learner === 'uniform',
      points: curve.rounds.flatMap((round, i): [number, number][] =>
        curve.regret[i] > 0 ? [[round, curve.regret[i]]] : [],
      ),
    })),
  };
}

/** A file name for a problem. */
export function fileName(problem: string): string {
  return `regret-${problem.replace(/[^a-z0-9.]+/gi, '-')}`;
}
