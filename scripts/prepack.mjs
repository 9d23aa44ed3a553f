/**
 * Makes everything that the published package has and the repository has not:
 * dist/, this platform's prebuild, third-party headers.
 * GLN_PREBUILD=reuse strips the binary in build/ instead of building once more.
 */
import path from 'node:path';
import { root } from './native/settings.mjs';
import { run } from './run.mjs';

const script = (name, ...args) =>
  run(process.execPath, [path.join(root, 'scripts', name), ...args]);

script('build-typescript.mjs');
script('copy-third-party.mjs');
script('build-prebuilds.mjs', ...(process.env.GLN_PREBUILD === 'reuse' ? ['--reuse'] : []));
