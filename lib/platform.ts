/**
 * What this machine is, as far as it decides which binary can be loaded: said in
 * errors of loading, where a person must find out what is missing.
 */
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Node-API's version that the addon is compiled for: NAPI_VERSION in
 * native/build-flags.json.
 *
 * @internal
 */
export const NAPI_VERSION = 8;

/**
 * Whether node-gyp-build, too, would take this for a system with musl: Alpine, or
 * `LIBC=musl` in the environment.
 *
 * @internal
 */
export function usesMusl(): boolean {
  return process.env.LIBC ? process.env.LIBC === 'musl' : existsSync('/etc/alpine-release');
}

/** The C library that runs; undefined where there is but one. */
function runningLibc(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const report = process.report?.getReport() as
    | { header?: { glibcVersionRuntime?: string } }
    | undefined;
  const glibc = report?.header?.glibcVersionRuntime;
  return glibc === undefined ? 'musl' : `glibc ${glibc}`;
}

/** Paths of the binaries in a folder, or a word on why there are none. */
function binariesIn(folder: string): string[] {
  if (!existsSync(folder)) return [`${folder} (does not exist)`];
  const names = readdirSync(folder).filter((name) => name.endsWith('.node'));
  if (names.length === 0) return [`${folder} (holds no .node file)`];
  return names.map((name) => join(folder, name));
}

/**
 * Every place where a binary is looked for, in node-gyp-build's order.
 *
 * @param root the package's folder
 * @internal
 */
export function candidateFiles(root: string): string[] {
  const base = process.env.GATED_LINEAR_NETWORKS_PREBUILD || root;
  const tuple = `${process.platform}-${process.arch}`;
  return [
    join(base, 'build', 'Release'),
    join(base, 'build', 'Debug'),
    join(base, 'prebuilds', tuple),
    join(dirname(process.execPath), 'prebuilds', tuple),
  ].flatMap(binariesIn);
}

/**
 * Platform, C library, Node, Node-API, processor and the instruction set asked for, in one line.
 *
 * @internal
 */
export function describePlatform(): string {
  const isa = process.env.GLN_ISA;
  return [
    `${process.platform}-${process.arch}`,
    runningLibc(),
    `Node ${process.versions.node} (Node-API ${process.versions.napi}, ${NAPI_VERSION} is needed)`,
    `processor ${cpus()[0]?.model.trim() || 'unknown'}`,
    isa ? `instruction set ${isa} (GLN_ISA)` : 'instruction set chosen by itself (no GLN_ISA)',
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
