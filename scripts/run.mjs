/** Runs the programs that the other scripts are made of. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './native/settings.mjs';

const require = createRequire(import.meta.url);

/**
 * Runs a program in the root folder and ends this process if it fails. Its
 * standard output becomes our standard error unless `stdout` says otherwise.
 */
export function run(program, args, { env = process.env, stdout = 2 } = {}) {
  const result = spawnSync(program, args, { cwd: root, env, stdio: ['inherit', stdout, 2] });
  if (result.error) console.error(`${program}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Path of a program that an installed npm package brings, by its name in "bin". */
export function binOf(packageName, bin = packageName) {
  const manifestPath = require.resolve(`${packageName}/package.json`);
  const entry = require(manifestPath).bin;
  return path.join(path.dirname(manifestPath), typeof entry === 'string' ? entry : entry[bin]);
}

/** Runs an npm package's program with the running Node. */
export function runBin(packageName, args, options = {}) {
  run(process.execPath, [binOf(packageName, options.bin), ...args], options);
}
