/**
 * What every prebuild must hold before it may be published: it is there, it is
 * for the platform that its path says, it asks for nothing that a plain system
 * of that kind lacks, and it shows nothing but Node's entry points.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { compareVersions, newestGlibc } from './formats/elf.mjs';
import { readBinary } from './formats/read.mjs';
import { prebuildPath, targets } from './targets.mjs';

/** The libraries that every system of a kind has. */
const everywhere = {
  glibc: /^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|ld-linux.*)$/,
  musl: /^libc(\.musl-\w+)?\.so(\.1)?$/,
  win32: /^(kernel32|advapi32|ntdll|msvcrt|ucrtbase|api-ms-win-crt-[\w-]+)\.dll$/i,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
};

const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/** Zig's unwinder marks its functions as exported; on Windows nobody meets them. */
const unwinder = /^(_Unwind_|unw_|_GCC_specific_handler)/;

/**
 * On macOS: operators new and delete, which all libraries of a process share there,
 * and the mark of a library. Neither linker of Zig's can hide them.
 */
const sharedOnMac = /^(_Zn[wa]m|_Zd[la]Pv)(St11align_val_t)?$|^__dso_handle$/;

/** What an own copy of the C library would define instead of import. */
const fromSystem = ['malloc', 'pthread_create'];

/** Problems of one binary as sentences; none when all is well. */
export function problemsOf(target, binary) {
  const problems = [];
  const isFor = `${binary.platform}-${binary.arch}`;
  if (isFor !== `${target.platform}-${target.arch}`) problems.push(`is for ${isFor}`);
  const allowed = everywhere[target.libc ?? target.platform];
  const foreign = binary.needed.filter((name) => !allowed.test(name));
  if (foreign.length > 0) problems.push(`needs ${foreign.join(', ')}`);
  const known = { win32: unwinder, darwin: sharedOnMac }[binary.platform];
  const isShown = (name) => !known?.test(name);
  const exported = binary.exported.filter(isShown).sort();
  if (exported.join() !== entryPoints.join()) problems.push(`exports ${exported.join(', ')}`);
  if (binary.stripped === false) problems.push('is not stripped');
  return [...problems, ...linuxProblems(target, binary), ...macProblems(target, binary)];
}

function linuxProblems(target, { platform, versions, imported }) {
  if (platform !== 'linux') return [];
  const problems = [];
  const glibc = newestGlibc(versions);
  if (target.glibc && (!glibc || compareVersions(glibc, target.glibc) > 0)) {
    problems.push(`asks for glibc ${glibc}, expected at most ${target.glibc}`);
  }
  if (!target.glibc && glibc) problems.push(`asks for glibc ${glibc}, expected musl`);
  const own = fromSystem.filter((name) => !imported.includes(name));
  if (own.length > 0) problems.push(`brings its own ${own.join(', ')}`);
  return problems;
}

function macProblems(target, { platform, minimumMacos, signed }) {
  if (platform !== 'darwin') return [];
  const problems = [];
  if (minimumMacos !== target.minimumMacos) {
    problems.push(`is for macOS ${minimumMacos}, expected ${target.minimumMacos}`);
  }
  if (target.arch === 'arm64' && !signed) problems.push('is not signed');
  return problems;
}

/**
 * Checks a prebuilds folder: one line for each binary or problem.
 *
 * @returns {{ lines: string[], problems: string[] }}
 */
export function checkPrebuilds(folder, expected = targets) {
  const lines = [];
  const problems = [];
  for (const target of expected) {
    const name = prebuildPath(target);
    const file = path.join(folder, name);
    if (!existsSync(file)) {
      problems.push(`${name} is missing`);
      continue;
    }
    const binary = readBinary(file);
    problems.push(...problemsOf(target, binary).map((problem) => `${name} ${problem}`));
    const oldest = binary.versions && newestGlibc(binary.versions);
    const since = [
      oldest && `glibc ${oldest}`,
      binary.minimumMacos && `macOS ${binary.minimumMacos}`,
    ];
    const kilobytes = Math.round(statSync(file).size / 1000);
    lines.push(
      [name, `${kilobytes} kB`, ...since.filter(Boolean), binary.needed.join(' ')].join('  '),
    );
  }
  const known = targets.map(prebuildPath);
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  for (const entry of found) {
    const name = entry.split(path.sep).join('/');
    if (name.endsWith('.node') && !known.includes(name))
      problems.push(`${name} is no known prebuild`);
  }
  return { lines, problems };
}
