/**
 * `npm run bench`: measures this package against what the machine can do
 * (docs/performance.md).
 */
import { addon } from './addon';
import { cases } from './cases';
import { type Flags, parseFlags } from './flags';
import { comparisons, formatLines, type Outcome, toLines } from './report';
import { runChild } from './run-child';

/**
 * One case with each instruction set and number of threads.
 *
 * @throws Error when a child failed its checks, or two children differ
 */
async function runCase(name: string, flags: Flags): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const isa of flags.isa) {
    for (const threads of flags.threads) {
      const started = performance.now();
      const { repeats, quick } = flags;
      const answer = await runChild({ case: name, threads, repeats, quick }, isa);
      const [first = { answer }] = outcomes;
      if (answer.digest !== first.answer.digest) {
        throw new Error(`${name}: ${isa} with ${threads} threads computed something else`);
      }
      outcomes.push({ case: name, threads, answer });
      if (!flags.json) {
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        process.stderr.write(`${name}: ${isa}, ${threads} threads, ${seconds} s\n`);
      }
    }
  }
  return outcomes;
}

async function main(): Promise<number> {
  const flags = parseFlags(process.argv.slice(2), Object.keys(cases), addon.buildInfo().available);
  if (typeof flags === 'number') return flags;
  for (const name of flags.only) {
    const outcomes = await runCase(name, flags);
    const lines = [...outcomes.flatMap(toLines), ...comparisons(outcomes)];
    const text = flags.json
      ? lines.map((line) => JSON.stringify(line)).join('\n')
      : `\n${name}: ${cases[name].about}\n\n${formatLines(lines)}\n`;
    process.stdout.write(`${text}\n`);
  }
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
