/**
 * Compiles with nothing but a C++ compiler: for machines without Python and make
 * (which node-gyp needs) or without CMake (which the C++ tests otherwise use).
 * Linux and macOS only. Files and flags are those of the other builds.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
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

function run([program, ...first], args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], { stdio: ['ignore', 2, 2] });
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

/** Compiles `files` (absolute) into `folder` and returns the object files. */
async function compile(compiler, files, folder, extra) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = [
    `-std=${readFlags().standard}`,
    ...compileFlags(),
    ...definitions().map((definition) => `-D${definition}`),
    `-I${path.join(root, 'native')}`,
    ...extra,
  ];
  const objects = [];
  const jobs = files.map((file) => {
    const name = path.relative(root, file).replaceAll(path.sep, '_');
    const object = path.join(folder, `${name}.o`);
    objects.push(object);
    return () => run(compiler, [...args, '-c', '-o', object, file]);
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

const inNative = (files) => files.map((file) => path.join(root, 'native', file));

/** Builds the addon where node-gyp would have put it. */
export async function buildAddonDirectly() {
  const compiler = requireCompiler();
  const { core, binding } = readSources();
  const nodeHeaders = includeFolder();
  if (!nodeHeaders) throw new Error("Node's headers (node_api.h) were not found");
  const objects = await compile(
    compiler,
    inNative([...core, ...binding]),
    path.join(root, 'build', 'direct'),
    ['-isystem', nodeAddonApiFolder(), '-isystem', nodeHeaders],
  );
  mkdirSync(path.dirname(addonPath), { recursive: true });
  const shared = process.platform === 'darwin' ? ['-bundle'] : ['-shared'];
  const link = linkFlags(path.join(root, 'native', 'exports.map'));
  // A running process may have the old file mapped: replace it, never write into it.
  rmSync(addonPath, { force: true });
  await run(compiler, [...shared, ...objects, ...link, '-o', addonPath]);
}

/** Builds the C++ tests and returns the program's path. */
export async function buildCoreTestsDirectly() {
  const compiler = requireCompiler();
  const tests = path.join(root, 'test', 'native');
  const files = readdirSync(tests)
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => path.join(tests, name));
  const folder = path.join(root, 'build-tests', 'direct');
  const objects = await compile(compiler, [...inNative(readSources().core), ...files], folder, [
    `-I${tests}`,
  ]);
  const program = path.join(folder, 'gln_core_tests');
  const openmp = wantsOpenmp() ? readFlags().openmp.link : [];
  await run(compiler, [...objects, '-pthread', ...openmp, '-o', program]);
  return program;
}
