/**
 * Bandits compared: `npm run example:bandit`.
 *
 * Tables whose classes are actions (Shuttle, known as statlog, and others), and the
 * wheel, are played by the bandit of this package and by linear ones: LinUCB,
 * Thompson sampling, ε-greedy; and by chance. What counts is the cumulative regret.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { GlnError, savePlot } from 'gated-linear-networks';
import { CONSOLE, type Output, runAsProgram } from '../support/program';
import { type Flags, parseFlags } from './flags';
import {
  epsilonGreedy,
  gatedLinear,
  linUcb,
  type MakeLearner,
  thompson,
  uniform,
} from './learners';
import { compare } from './measure';
import { type Problem, tableProblem, wheelProblem } from './problems';
import { fileName, formatScores, type ProblemScores, regretPlot, toJsonLines } from './report';

const DELTAS = [0.5, 0.7, 0.9, 0.95, 0.99];
const TABLES = ['letter', 'satellite', 'vehicle', 'pima', 'vowel', 'ionosphere', 'breast-cancer'];
const QUICK_ROUNDS = 2000;

/** By name: a problem of so many rounds at most. */
const PROBLEMS: ReadonlyMap<string, (seed: number, rounds: number) => Problem> = new Map([
  ...['shuttle', ...TABLES].map(
    (name) => [name, (seed: number, rounds: number) => tableProblem(name, seed, rounds)] as const,
  ),
  ...DELTAS.map(
    (delta) =>
      [
        `wheel-${delta}`,
        (seed: number, rounds: number) => wheelProblem(delta, seed, rounds),
      ] as const,
  ),
]);

/** Those that are played where none is named. */
const DEFAULT_PROBLEMS = ['shuttle', ...DELTAS.map((delta) => `wheel-${delta}`)];

const LEARNERS: ReadonlyMap<string, MakeLearner> = new Map([
  ['GLCB', gatedLinear()],
  ['LinUCB', linUcb(0.25)],
  ['Thompson', thompson],
  ['ε-greedy', epsilonGreedy(0.05)],
  ['uniform', uniform],
]);

/**
 * Runs the example.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the exit code: 0 for success, 2 for a bad flag, 1 for anything else
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const flags = parseFlags(args, [...PROBLEMS.keys()], output);
  if (typeof flags === 'number') return flags;
  try {
    await run(flags, output);
    return 0;
  } catch (error) {
    if (!(error instanceof GlnError)) throw error;
    output.stderr(`error: ${error.message}\n`);
    return 1;
  }
}

async function run(flags: Flags, output: Output): Promise<void> {
  const rounds = flags.quick ? Math.min(QUICK_ROUNDS, flags.rounds) : flags.rounds;
  const seeds = Array.from({ length: flags.quick ? 1 : flags.seeds }, (_, i) => i + 1);
  if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
  const all: ProblemScores[] = [];
  for (const name of flags.only ?? DEFAULT_PROBLEMS) {
    const make = PROBLEMS.get(name);
    if (make === undefined) continue;
    const scores = compare((seed) => make(seed, rounds), LEARNERS, seeds);
    const played = scores[0].curve.rounds.at(-1) ?? 0;
    const result = { problem: name, rounds: played, scores };
    all.push(result);
    if (flags.out === undefined) continue;
    const plot = regretPlot(result, seeds.length);
    for (const type of ['svg', 'png']) {
      await savePlot(join(flags.out, `${fileName(name)}.${type}`), plot);
    }
  }
  output.stdout(`${flags.json ? toJsonLines(all, seeds) : formatScores(all)}\n`);
}

if (require.main === module) runAsProgram(main);
