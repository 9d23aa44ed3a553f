/**
 * Writes prebuilds/<platform>-<arch>/: the binary that the published package
 * carries for this platform, so that installing it runs no compiler. One that is
 * newer than all it is made from stays: `npm run prebuild:all` makes binaries
 * that run on older systems than those made here.
 *
 * `--reuse` takes the binary in build/Release if it is up to date, stripped,
 * which is what prebuildify would arrive at by building it again.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { headerEnvironment } from './native/node-gyp.mjs';
import { addonPath, isUpToDate } from './native/settings.mjs';
import { ownLibc, ownPrebuildPath, prebuildsFolder } from './prebuild/targets.mjs';
import { run, runBin } from './run.mjs';

const target = path.join(prebuildsFolder, ownPrebuildPath());

function reuse() {
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(addonPath, target);
  if (process.platform === 'linux') run('strip', ['--strip-all', target]);
  if (process.platform === 'darwin') run('strip', ['-Sx', target]);
}

function prebuild() {
  const libc = ownLibc();
  // Without a target prebuildify builds once for Node and once more for Electron,
  // to the same result, as Node-API is the same in both.
  const runtime = `node@${process.versions.node}`;
  const tag = libc ? ['--tag-libc'] : [];
  const args = ['--napi', '--strip', ...tag, '--arch', process.arch, '--target', runtime];
  // An OpenMP binary would need libgomp wherever it is installed.
  const env = { ...headerEnvironment(), JOBS: 'max', GLN_OPENMP: '0' };
  if (libc) env.PREBUILD_LIBC = libc;
  runBin('prebuildify', args, { env });
  // prebuildify moves the binary out of build/; a checkout goes on using it from there.
  copyFileSync(target, addonPath);
}

if (process.argv.includes('--reuse') && isUpToDate()) reuse();
else if (!isUpToDate(target)) prebuild();
