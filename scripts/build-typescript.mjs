/**
 * Compiles lib/ into dist/: CommonJS by the TypeScript compiler, without comments,
 * then the ESM wrapper. `--if-stale` does nothing while dist/ is newer than all it is made
 * from, and nothing where TypeScript is not installed (a production install of
 * a checkout).
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { writeEsmWrappers } from './build-esm.mjs';
import { root } from './native/settings.mjs';
import { runBin } from './run.mjs';
import { stripComments } from './strip-comments.mjs';

const require = createRequire(import.meta.url);
const inRoot = (...parts) => path.join(root, ...parts);

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Latest change below a file or folder, in milliseconds. */
function newest(file) {
  const status = statSync(file);
  if (!status.isDirectory()) return status.mtimeMs;
  // The folder's own date counts as well: it changes when a file is removed.
  const below = readdirSync(file).map((entry) => newest(path.join(file, entry)));
  return Math.max(status.mtimeMs, ...below);
}

function isStale() {
  const last = inRoot('dist', 'layers', 'index.mjs');
  if (!existsSync(last)) return true;
  const inputs = ['lib', 'types', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
  return Math.max(...inputs.map((input) => newest(inRoot(input)))) > statSync(last).mtimeMs;
}

function build() {
  // Files of removed modules must not live on in the package.
  rmSync(inRoot('dist'), { recursive: true, force: true });
  runBin('typescript', ['-p', 'tsconfig.build.json'], { bin: 'tsc' });
  stripComments();
  writeEsmWrappers();
}

if (!process.argv.includes('--if-stale')) build();
else if (isInstalled('typescript') && isStale()) build();
