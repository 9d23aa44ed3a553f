/**
 * `npm run prebuild:test`: runs the prebuilds wherever this machine can, on the
 * golden files and on seeded training runs, and holds all of them to the same
 * bits. What cannot be run is skipped, with the reason.
 *
 *   --json FILE    writes what every platform answered, for compare.mjs
 *   --only ID      only the platform of that name (may be given several times)
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isUpToDate } from '../native/settings.mjs';
import { compareRuns, printRuns } from './compare.mjs';
import { elsewhere, Missing, platforms } from './platforms.mjs';
import { runOnPlatform } from './run-platform.mjs';
import { makeStage } from './stage.mjs';
import { ownLibc, prebuildPath, prebuildsFolder } from './targets.mjs';

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});

/** How far a result may be from the golden files: what the package promises of float32. */
const tolerance = 1e-5;

function checkGoldens(goldens) {
  for (const { name, probabilities, weights } of goldens) {
    if (probabilities <= tolerance && weights <= tolerance) continue;
    throw new Error(`${name}: probabilities off by ${probabilities}, weights by ${weights}`);
  }
}

/** The prebuild that a platform runs; this machine's own where nothing else is said. */
function prebuildFor({ target, libc }) {
  const tag = libc ?? (target.startsWith('linux') ? ownLibc() : undefined);
  const [platform, arch] = target.split('-');
  return prebuildPath({ platform, arch, libc: tag });
}

function runOne(stage, platform) {
  const { id, isa, env, make } = platform;
  const prebuild = prebuildFor(platform);
  if (!existsSync(path.join(stage, 'prebuilds', prebuild))) {
    return { id, skipped: `there is no ${prebuild}: npm run prebuild:all` };
  }
  try {
    const place = make();
    const run = runOnPlatform(stage, 'test/platforms/platform-child.js', {
      ...place,
      env: { ...place.env, ...env },
    });
    const { answer } = run;
    if (isa && answer.isa !== isa) throw new Error(`expected ${isa} to run, got ${answer.isa}`);
    checkGoldens(answer.goldens);
    return { id, ...run };
  } catch (error) {
    if (error instanceof Missing) return { id, skipped: error.message };
    const isStale = !isUpToDate(path.join(prebuildsFolder, prebuild));
    const hint = isStale ? 'the prebuild is older than its sources (npm run prebuild:all): ' : '';
    return { id, failed: `${hint}${error.message}` };
  }
}

const chosen = platforms.filter(({ id }) => !values.only || values.only.includes(id));
if (chosen.length === 0) {
  console.error(`--only: expected ${platforms.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}
const stage = makeStage();
const runs = chosen.map((platform) => {
  console.error(`running on ${platform.id}`);
  return runOne(stage, platform);
});
if (!values.only) runs.push(...elsewhere.map(({ id, reason }) => ({ id, skipped: reason })));
if (values.json) writeFileSync(values.json, `${JSON.stringify(runs, null, 2)}\n`);
printRuns(runs);
process.exitCode = compareRuns(runs) ? 0 : 1;
