/**
 * Copies the headers that compiling at a user's machine needs into
 * native/third_party/, which only the published package contains: there the
 * packages they come from are not installed.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './native/settings.mjs';

const require = createRequire(import.meta.url);
const target = path.join(root, 'native', 'third_party');

function copy(packageName, sourceFolder, pattern, license) {
  const source = path.dirname(require.resolve(`${packageName}/package.json`));
  const folder = path.join(target, packageName);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(path.join(source, sourceFolder))) {
    if (!pattern.test(name)) continue;
    copyFileSync(path.join(source, sourceFolder, name), path.join(folder, name));
  }
  copyFileSync(path.join(source, license), path.join(folder, license));
}

rmSync(target, { recursive: true, force: true });
copy('node-addon-api', '.', /^napi.*\.h$/, 'LICENSE.md');
copy('node-api-headers', 'include', /\.h$/, 'LICENSE');
