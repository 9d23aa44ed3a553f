/**
 * Programs that only building and testing prebuilds takes (a cross compiler, Node
 * for other platforms), as npm packages. They are large, and belong to other
 * platforms than this one, so they are no devDependencies: they are fetched when
 * they are first asked for, into a folder that outlives the checkout's
 * node_modules. GLN_CACHE names another one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where fetched packages and the cross compiler's own cache stand. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return process.env.GLN_CACHE || path.join(base, 'gated-linear-networks');
}

function runQuietly(program, args, cwd) {
  const result = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status === 0) return;
  const said = (result.error?.message ?? result.stderr).trim().split('\n').slice(0, 5).join('\n');
  throw new Error(`${program} ${args[0]} ${args[1]} failed: ${said}`);
}

/**
 * The folder of an npm package of exactly this version, whatever platform it is
 * made for, fetched if it is not there yet. None of its scripts runs.
 *
 * @throws Error when npm cannot fetch it
 */
export function fetchPackage(name, version) {
  const folder = path.join(cacheFolder(), 'packages', `${name.replace('/', '+')}@${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  // Unpacked beside its place and then renamed: what is there is always whole.
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    console.error(`fetching ${name}@${version}`);
    runQuietly('npm', ['pack', `${name}@${version}`, '--silent'], unfinished);
    const [tarball] = readdirSync(unfinished);
    runQuietly('tar', ['-xzf', tarball], unfinished);
    rmSync(path.join(unfinished, tarball));
    const [unpacked] = readdirSync(unfinished);
    renameSync(path.join(unfinished, unpacked), folder);
  } catch (error) {
    // Somebody else may have been faster.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
