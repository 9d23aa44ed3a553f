/**
 * The platforms that the package carries a binary for: what node-gyp-build calls
 * them, what the cross compiler calls them, and the oldest system each must run on.
 */
import path from 'node:path';
import { root } from '../native/settings.mjs';

/** File name of every prebuild but for its end; the package's name, as prebuildify has it. */
export const prebuildName = 'gated-linear-networks';

/**
 * - `id`: what the scripts' options and tables say
 * - `zig`: the compiler's target, with the oldest system in it
 * - `glibc`: the newest symbol version that the binary may ask for
 * - `minimumMacos`: the oldest macOS that it must say it runs on
 */
export const targets = [
  {
    id: 'linux-x64-glibc',
    platform: 'linux',
    arch: 'x64',
    libc: 'glibc',
    zig: 'x86_64-linux-gnu.2.17',
    glibc: '2.17',
  },
  {
    id: 'linux-arm64-glibc',
    platform: 'linux',
    arch: 'arm64',
    libc: 'glibc',
    zig: 'aarch64-linux-gnu.2.17',
    glibc: '2.17',
  },
  {
    id: 'linux-x64-musl',
    platform: 'linux',
    arch: 'x64',
    libc: 'musl',
    zig: 'x86_64-linux-musl',
  },
  {
    id: 'linux-arm64-musl',
    platform: 'linux',
    arch: 'arm64',
    libc: 'musl',
    zig: 'aarch64-linux-musl',
  },
  { id: 'win32-x64', platform: 'win32', arch: 'x64', zig: 'x86_64-windows-gnu' },
  {
    id: 'darwin-x64',
    platform: 'darwin',
    arch: 'x64',
    zig: 'x86_64-macos.10.15',
    minimumMacos: '10.15',
  },
  {
    id: 'darwin-arm64',
    platform: 'darwin',
    arch: 'arm64',
    zig: 'aarch64-macos.11.0',
    minimumMacos: '11.0',
  },
];

/** A prebuild's path inside prebuilds/, from which node-gyp-build reads what it is for. */
export function prebuildPath({ platform, arch, libc }) {
  const tag = libc ? `.${libc}` : '';
  return path.posix.join(`${platform}-${arch}`, `${prebuildName}${tag}.node`);
}

/** The C library that the running Node is linked with; undefined where there is but one. */
export function ownLibc() {
  if (process.platform !== 'linux') return undefined;
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** The prebuild that the running Node would load. */
export function ownPrebuildPath() {
  const { platform, arch } = process;
  return prebuildPath({ platform, arch, libc: ownLibc() });
}

export const prebuildsFolder = path.join(root, 'prebuilds');

/** The targets named on a command line; all of them without names. */
export function chooseTargets(names) {
  const known = targets.map((target) => target.id);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`target: expected ${known.join(', ')}, got ${unknown.join(', ')}`);
  }
  return targets.filter((target) => names.length === 0 || names.includes(target.id));
}
