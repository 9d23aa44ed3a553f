/**
 * The install script in the situations it promises to handle, with an addon of
 * two small files in place of the real one so that each build takes seconds.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram, removeAll, runNode, stage, temporaryFolder, tryNode } from './stage';

const core = `#include "core/answer.hpp"
int Answer() { return 42; }
`;
const binding = `#include <napi.h>
#include "core/answer.hpp"
Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("answer", Answer());
  exports.Set("sources", GLN_SOURCES);
  return exports;
}
NODE_API_MODULE(gated_linear_networks, Init)
`;

/** A package with the real build set-up and the small addon. */
function stageSmallAddon(): string {
  const folder = stage([
    'package.json',
    'binding.gyp',
    'scripts',
    'native/build-flags.json',
    'native/exports.map',
  ]);
  const sources = { core: ['core/answer.cpp'], binding: ['binding/addon.cpp'] };
  const files = {
    'sources.json': JSON.stringify(sources),
    'core/answer.hpp': 'int Answer();\n',
    'core/answer.cpp': core,
    'binding/addon.cpp': binding,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, 'native', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** A folder for PATH that holds only the named programs. */
function pathWith(programs: string[]): string {
  const folder = temporaryFolder();
  for (const name of programs) {
    const program = findProgram(name);
    if (program) symlinkSync(program, path.join(folder, name));
  }
  return folder;
}

const compilerPrograms = ['c++', 'g++', 'clang++', 'as', 'ld', 'sh'];

function answerOf(folder: string): { answer: number; sources: string } {
  const code = 'console.log(JSON.stringify(require("node-gyp-build")(process.cwd())))';
  return JSON.parse(runNode(['-e', code], folder)) as { answer: number; sources: string };
}

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('the install script', () => {
  const expected = { answer: 42, sources: 'core/answer.cpp,binding/addon.cpp' };

  afterAll(removeAll);

  test('builds with the headers of the package where Node has none, then leaves the binary alone', () => {
    const folder = stageSmallAddon();
    const first = tryNode(['scripts/install.mjs'], folder, { GLN_HEADERS: 'package' });
    expect(first).toMatchObject({ status: 0, stdout: '' });
    const config = readFileSync(path.join(folder, 'build', 'config.gypi'), 'utf8');
    expect(config).toContain(path.join(folder, 'build-headers'));
    expect(answerOf(folder)).toEqual(expected);

    const second = tryNode(['scripts/install.mjs'], folder);
    expect(second).toMatchObject({ status: 0, stdout: '', stderr: '' });
  }, 120_000);

  test('calls the compiler itself where Python and make are missing', () => {
    const folder = stageSmallAddon();
    const PATH = pathWith(compilerPrograms);
    const result = tryNode(['scripts/install.mjs'], folder, { PATH, PYTHON: '' });
    expect(result).toMatchObject({ status: 0, stdout: '' });
    expect(result.stderr).toContain('Python 3.8 or newer (python3) and make not found');
    expect(answerOf(folder)).toEqual(expected);
  }, 120_000);

  test('names the compiler where there is none', () => {
    const folder = stageSmallAddon();
    const result = tryNode(['scripts/install.mjs'], folder, { PATH: pathWith([]), CXX: '' });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('a C++ compiler ($CXX, c++, g++, clang++) not found');
    expect(existsSync(path.join(folder, 'build'))).toBe(false);
  });

  test('fails where the code does not compile, without trying again by other means', () => {
    const folder = stageSmallAddon();
    writeFileSync(path.join(folder, 'native', 'core', 'answer.cpp'), 'int Answer() { return; }\n');
    const result = tryNode(['scripts/install.mjs'], folder);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('node-gyp could not compile');
    expect(result.stderr).not.toContain('calling the C++ compiler directly');
  }, 120_000);
});
