/**
 * Holds what platforms answered against each other. As a program it reads the
 * files that `test.mjs --json` wrote on several machines:
 *
 *   node scripts/prebuild/compare.mjs linux.json macos.json windows.json
 */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Rows of text in columns as wide as they need to be. */
function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
}

function describe({ id, answer, seconds, skipped, failed }) {
  if (skipped) return [id, '', '', '', '', `skipped: ${skipped}`];
  if (failed) return [id, '', '', '', '', `failed: ${failed}`];
  const { platform, node, isa, hash } = answer;
  return [id, platform, node, isa, `${seconds.toFixed(1)} s`, hash.slice(0, 24)];
}

/** One line a platform, with the hash over all that it learned. */
export function printRuns(runs) {
  const head = ['where', 'binary', 'Node', 'kernels', 'time', 'hash of weights and predictions'];
  printTable([head, ...runs.map(describe)]);
}

/** Names of the trainings and golden files in which two answers differ. */
function differences(one, other) {
  const digestsOf = ({ goldens, trainings }) => ({
    ...trainings,
    ...Object.fromEntries(goldens.map(({ name, digest }) => [name, digest])),
  });
  const expected = digestsOf(one);
  const actual = digestsOf(other);
  return Object.keys({ ...expected, ...actual }).filter((name) => expected[name] !== actual[name]);
}

/** Whether at least one platform ran, none failed and all agree in every bit; says where not. */
export function compareRuns(runs) {
  const answered = runs.filter((run) => run.answer);
  const failed = runs.filter((run) => run.failed);
  const [first, ...others] = answered;
  const different = others.filter((run) => run.answer.hash !== first.answer.hash);
  for (const run of different) {
    const names = differences(first.answer, run.answer).join('; ');
    console.log(`${run.id} differs from ${first.id} in: ${names}`);
  }
  const counts = `${answered.length} ran, ${runs.length - answered.length - failed.length} skipped`;
  if (failed.length > 0 || different.length > 0 || !first) {
    console.log(`${counts}, ${failed.length} failed, ${different.length} differ`);
    return false;
  }
  console.log(`${counts}; all that ran gave the same bits`);
  return true;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const runs = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')));
  printRuns(runs);
  process.exitCode = compareRuns(runs) ? 0 : 1;
}
