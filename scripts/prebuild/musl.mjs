/**
 * A way to run the musl prebuild without a musl system: Bun's program for musl,
 * Debian's musl for its loader, this machine's libstdc++ for Bun, and a few lines
 * of C for what that misses. A smoke test; Alpine itself runs in hosted CI.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native/settings.mjs';
import { cacheFolder } from './cache.mjs';
import { zigCompiler, zigEnvironment } from './zig.mjs';

/** Where the running Node has a shared library from. */
function ownLibrary(name) {
  const { sharedObjects } = process.report.getReport();
  return sharedObjects.find((file) => path.basename(file) === name);
}

/** Compiles the stand-in for glibc's loader. */
function buildShim(output) {
  const [program, , ...flags] = zigCompiler({ zig: 'x86_64-linux-musl' });
  const source = path.join(root, 'scripts', 'prebuild', 'musl-shim.c');
  const args = ['cc', ...flags, '-shared', '-nostdlib', '-fPIC', '-w', source, '-o', output];
  const { status, stderr } = spawnSync(program, args, { env: zigEnvironment(), encoding: 'utf8' });
  if (status !== 0) throw new Error(`the musl shim could not be compiled: ${stderr}`);
}

/** The command and environment of Bun on musl; `bun` is its program. */
export function muslBun(bun) {
  const folder = path.join(cacheFolder(), 'musl-libraries');
  mkdirSync(folder, { recursive: true });
  for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
    const library = ownLibrary(name);
    if (!library) throw new Error(`${name} not found: Node is linked without it`);
    copyFileSync(library, path.join(folder, name));
  }
  const shim = path.join(folder, 'ld-linux-x86-64.so.2');
  if (!existsSync(shim)) buildShim(shim);
  chmodSync(bun, 0o755);
  return { command: [bun], env: { LD_LIBRARY_PATH: folder, LIBC: 'musl' } };
}
