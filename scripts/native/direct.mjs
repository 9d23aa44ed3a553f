/**
 * Compiles with nothing but a C++ compiler: for machines without Python and make
 * (which node-gyp needs) or without CMake (which the C++ tests otherwise use).
 * Linux and macOS only. Files and flags are those of the other builds.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { includeFolder } from './headers.mjs';
import {
  addonPath,
  compileFlags,
  definitions,
  linkFlags,
  nodeAddonApiFolder,
  readFlags,
  readSources,
  root,
  wantsOpenmp,
} from './settings.mjs';
import { findCompiler } from './tools.mjs';

/** Runs a compiler's command; what it prints goes to standard error. */
export function runCompiler([program, ...first], args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], { env, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} failed on ${args.at(-1)}`)),
    );
  });
}

/** Runs `jobs` with as many at a time as there are cores; the first failure stops the rest. */
async function inParallel(jobs) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      try {
        await job();
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
}

/** Whether an object was made by this command from files that have not changed since. */
function isCurrent(object, command) {
  const record = `${object}.command`;
  if (!existsSync(object) || !existsSync(record)) return false;
  if (readFileSync(record, 'utf8') !== command) return false;
  // "object: file file \\", as make reads it; our paths have no spaces to quote.
  const names = readFileSync(`${object}.d`, 'utf8').replaceAll('\\\n', ' ').split(/\s+/).slice(1);
  const made = statSync(object).mtimeMs;
  return names.filter(Boolean).every((name) => existsSync(name) && statSync(name).mtimeMs < made);
}

/**
 * Compiles `files` (absolute) into `folder` and returns the object files.
 *
 * @param settings `extra`: more flags; `sanitize`: flags in place of those that
 *   optimise, for a build with assertions; `incremental`: files that have not
 *   changed stay as they are; `platform`: what is compiled for; `env`: the
 *   compiler's environment
 */
export async function compile(compiler, files, folder, settings = {}) {
  const { extra = [], sanitize, incremental = sanitize !== undefined, env } = settings;
  if (!incremental) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const isUsed = (definition) => sanitize === undefined || definition !== 'NDEBUG';
  const { optimize } = readFlags();
  const flags = compileFlags(wantsOpenmp(), settings.platform).filter(
    (flag) => !sanitize || !optimize.includes(flag),
  );
  const args = [
    `-std=${readFlags().standard}`,
    ...flags,
    ...(sanitize ?? []),
    ...definitions()
      .filter(isUsed)
      .map((definition) => `-D${definition}`),
    `-I${path.join(root, 'native')}`,
    ...extra,
  ];
  const objects = [];
  const jobs = files.map((file) => {
    const name = path.relative(root, file).replaceAll(path.sep, '_');
    const object = path.join(folder, `${name}.o`);
    objects.push(object);
    return async () => {
      if (!incremental) return runCompiler(compiler, [...args, '-c', '-o', object, file], env);
      const command = [...compiler, ...args].join('\n');
      if (isCurrent(object, command)) return;
      const makeDependencies = ['-MMD', '-MF', `${object}.d`];
      await runCompiler(compiler, [...args, ...makeDependencies, '-c', '-o', object, file], env);
      writeFileSync(`${object}.command`, command);
    };
  });
  await inParallel(jobs);
  return objects;
}

function requireCompiler() {
  const compiler = findCompiler();
  if (!compiler || process.platform === 'win32') {
    throw new Error('no C++ compiler was found (tried $CXX, c++, g++, clang++)');
  }
  return compiler;
}

/** Paths of files that native/sources.json lists. */
export const inNative = (files) => files.map((file) => path.join(root, 'native', file));

/** Where the addon's files find node_api.h and napi.h. */
export function headerFlags() {
  const nodeHeaders = includeFolder();
  if (!nodeHeaders) throw new Error("Node's headers (node_api.h) were not found");
  return ['-isystem', nodeAddonApiFolder(), '-isystem', nodeHeaders];
}

/** Builds the addon where node-gyp would have put it. */
export async function buildAddonDirectly() {
  const compiler = requireCompiler();
  const { core, binding } = readSources();
  const objects = await compile(
    compiler,
    inNative([...core, ...binding]),
    path.join(root, 'build', 'direct'),
    { extra: headerFlags() },
  );
  mkdirSync(path.dirname(addonPath), { recursive: true });
  const shared = process.platform === 'darwin' ? ['-bundle'] : ['-shared'];
  const link = linkFlags(path.join(root, 'native', 'exports.map'));
  // A running process may have the old file mapped: replace it, never write into it.
  rmSync(addonPath, { force: true });
  await runCompiler(compiler, [...shared, ...objects, ...link, '-o', addonPath]);
}

/** The C++ files of a folder. */
export function cppFilesIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.cpp'));
  return names.map((name) => path.join(folder, name));
}

/** Builds the C++ tests and returns the program's path. */
export async function buildCoreTestsDirectly() {
  const compiler = requireCompiler();
  const tests = path.join(root, 'test', 'native');
  const files = cppFilesIn(tests);
  const folder = path.join(root, 'build-tests', 'direct');
  const objects = await compile(compiler, [...inNative(readSources().core), ...files], folder, {
    extra: [`-I${tests}`],
  });
  const program = path.join(folder, 'gln_core_tests');
  const openmp = wantsOpenmp() ? readFlags().openmp.link : [];
  await runCompiler(compiler, [...objects, '-pthread', ...openmp, '-o', program]);
  return program;
}
