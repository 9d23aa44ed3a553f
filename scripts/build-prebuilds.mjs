/**
 * Writes prebuilds/<platform>-<arch>/: the binary that the published package
 * carries for this platform, so that installing it runs no compiler.
 *
 * `--reuse` takes the binary in build/Release if it is up to date, stripped,
 * which is what prebuildify would arrive at by building it again.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { headerEnvironment } from './native/node-gyp.mjs';
import { addonPath, isUpToDate, root } from './native/settings.mjs';
import { run, runBin } from './run.mjs';

function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

/** Where prebuildify writes: node-gyp-build reads platform, architecture and libc off the path. */
const libcTag = process.platform === 'linux' ? `.${isMusl() ? 'musl' : 'glibc'}` : '';
const target = path.join(
  root,
  'prebuilds',
  `${process.platform}-${process.arch}`,
  `gated-linear-networks${libcTag}.node`,
);

function reuse() {
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(addonPath, target);
  if (process.platform === 'linux') run('strip', ['--strip-all', target]);
  if (process.platform === 'darwin') run('strip', ['-Sx', target]);
}

function prebuild() {
  const libc = libcTag ? ['--tag-libc'] : [];
  // Without a target prebuildify builds once for Node and once more for Electron,
  // to the same result, as Node-API is the same in both.
  const runtime = `node@${process.versions.node}`;
  const args = ['--napi', '--strip', ...libc, '--arch', process.arch, '--target', runtime];
  // An OpenMP binary would need libgomp wherever it is installed.
  const env = { ...headerEnvironment(), JOBS: 'max', GLN_OPENMP: '0' };
  if (isMusl()) env.PREBUILD_LIBC = 'musl';
  runBin('prebuildify', args, { env });
  // prebuildify moves the binary out of build/; a checkout goes on using it from there.
  copyFileSync(target, addonPath);
}

if (process.argv.includes('--reuse') && isUpToDate()) reuse();
else prebuild();
