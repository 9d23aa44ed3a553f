/**
 * `npm run prebuild:all [-- target…]`: cross-builds the prebuilds of all
 * platforms, or of those named, and checks them. The first build of a target
 * also makes its C++ library, which takes minutes; that is kept.
 *
 *   --check    builds nothing, only checks what is there
 */
import { parseArgs } from 'node:util';
import { buildPrebuild } from './build.mjs';
import { checkPrebuilds } from './check.mjs';
import { chooseTargets, prebuildsFolder } from './targets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
});

function chosen() {
  try {
    return chooseTargets(positionals);
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

// An OpenMP binary would need libgomp wherever it is installed.
process.env.GLN_OPENMP = '0';
const targets = chosen();
for (const target of values.check ? [] : targets) {
  const began = performance.now();
  await buildPrebuild(target);
  console.error(`${target.id} built in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
const { lines, problems } = checkPrebuilds(prebuildsFolder, targets);
for (const line of lines) console.log(line);
for (const problem of problems) console.error(`problem: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
