/**
 * Runs node-gyp with the headers that are already on the machine.
 *
 * Everything it prints goes to standard error: standard output belongs to the
 * programs that our scripts start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findHeaders } from './headers.mjs';
import { root } from './settings.mjs';

const require = createRequire(import.meta.url);

/** Path of node-gyp's program: the installed package, else the one inside npm, else undefined. */
export function findNodeGyp() {
  try {
    return require.resolve('node-gyp/bin/node-gyp.js');
  } catch {
    const npm = process.env.npm_execpath;
    const candidates = [
      process.env.npm_config_node_gyp,
      npm && path.resolve(npm, '..', '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    ];
    return candidates.find((file) => file && existsSync(file));
  }
}

/** The environment in which node-gyp finds `headers` wherever it is started from. */
export function headerEnvironment(headers = findHeaders()) {
  const { npm_config_nodedir: _ignored, ...environment } = process.env;
  return headers.nodedir ? { ...environment, npm_config_nodedir: headers.nodedir } : environment;
}

/** Runs one node-gyp command; returns whether it succeeded. */
export function runNodeGyp(command, ...more) {
  const headers = findHeaders();
  const result = spawnSync(
    process.execPath,
    [
      findNodeGyp(),
      command,
      '--release',
      '--loglevel=warn',
      ...(headers.nodedir ? [`--nodedir=${headers.nodedir}`] : []),
      ...more,
    ],
    { cwd: root, env: headerEnvironment(headers), stdio: ['ignore', 2, 2] },
  );
  return result.status === 0;
}
