/**
 * A way to run the musl prebuilds without a musl system: Bun's program for musl,
 * Debian's musl for its loader, glibc's libstdc++ for Bun, and a few lines of C for
 * what that misses. A smoke test; Alpine itself runs in hosted CI.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native/settings.mjs';
import { cacheFolder } from './cache.mjs';
import { zigCompiler, zigEnvironment } from './zig.mjs';

/** Where the running Node has a shared library from. */
function ownLibrary(name) {
  const { sharedObjects } = process.report.getReport();
  return sharedObjects.find((file) => path.basename(file) === name);
}

/**
 * - `zig`: the compiler's target
 * - `loader`: the name of glibc's loader, which libraries ask for
 * - `library`: where glibc's C++ library of that kind of processor stands
 */
const kinds = {
  x64: { zig: 'x86_64-linux-musl', loader: 'ld-linux-x86-64.so.2', library: ownLibrary },
  arm64: {
    zig: 'aarch64-linux-musl',
    loader: 'ld-linux-aarch64.so.1',
    library: (name) => path.join('/usr/aarch64-linux-gnu/lib', name),
  },
};

const source = path.join(root, 'scripts', 'prebuild', 'musl-shim.c');

/** Compiles the stand-in for glibc's loader, unless it is there and newer than its source. */
function buildShim(target, output) {
  if (existsSync(output) && statSync(output).mtimeMs > statSync(source).mtimeMs) return;
  const [program, , ...flags] = zigCompiler(target);
  const args = ['cc', ...flags, '-shared', '-nostdlib', '-fPIC', '-w', source, '-o', output];
  const { status, stderr } = spawnSync(program, args, { env: zigEnvironment(), encoding: 'utf8' });
  if (status !== 0) throw new Error(`the musl shim could not be compiled: ${stderr}`);
}

/** The command and environment of Bun on musl; `bun` is its program for `arch`. */
export function muslBun(bun, arch) {
  const { zig, loader, library } = kinds[arch];
  const folder = path.join(cacheFolder(), 'musl-libraries', arch);
  mkdirSync(folder, { recursive: true });
  for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
    const file = library(name);
    if (!file) throw new Error(`${name} not found: Node is linked without it`);
    copyFileSync(file, path.join(folder, name));
  }
  const shim = path.join(folder, loader);
  buildShim({ zig }, shim);
  chmodSync(bun, 0o755);
  // Preloaded: not every library that misses something names the loader.
  const env = { LD_LIBRARY_PATH: folder, LD_PRELOAD: shim, LIBC: 'musl' };
  return { command: [bun], env };
}
