/**
 * The addon is one program whichever tool builds it: node-gyp's binary, which
 * installing made, and cmake-js's must say the same of themselves.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildInfo } from '../../types/addon';
import { findProgram, root, runNode } from './stage';

const fileName = 'gated_linear_networks.node';
const builtByNodeGyp = path.join(root, 'build', 'Release', fileName);
const builtByCmake = path.join(root, 'build-cmake', 'Release', fileName);

/** `buildInfo()` of a binary, asked in a process of its own: two cannot tell in one which is which. */
function buildInfoOf(file: string): BuildInfo {
  const code = `console.log(JSON.stringify(require(${JSON.stringify(file)}).buildInfo()))`;
  return JSON.parse(runNode(['-e', code], root)) as BuildInfo;
}

function readJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(path.join(root, ...parts), 'utf8')) as T;
}

describe('the binary that installing built', () => {
  test('is of this version and Node-API level', () => {
    const info = buildInfoOf(builtByNodeGyp);
    expect(info.version).toBe(readJson<{ version: string }>('package.json').version);
    expect(info.napiVersion).toBe(8);
  });

  test('is made of the files in native/sources.json', () => {
    const { core, binding } = readJson<Record<string, string[]>>('native', 'sources.json');
    expect(buildInfoOf(builtByNodeGyp).sources).toEqual([...(core ?? []), ...(binding ?? [])]);
  });

  const nm = process.platform === 'linux' ? findProgram('nm') : undefined;
  const exportsTest = nm ? test : test.skip;
  exportsTest('exports nothing but the entry points of Node', () => {
    const listing = execFileSync(nm as string, ['-D', '--defined-only', builtByNodeGyp]);
    const names = listing
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split(' ').at(-1));
    expect(names.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });
});

describe('the binary that cmake-js builds', () => {
  if (!findProgram('cmake')) {
    test.skip('equals the one of node-gyp (skipped: CMake is not installed)', () => {});
    return;
  }

  test('equals the one of node-gyp in everything that buildInfo tells', () => {
    const expected = buildInfoOf(builtByNodeGyp);
    const cmakeJs = path.join(root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
    const openmp = `--CDGLN_OPENMP=${expected.openmp ? 'ON' : 'OFF'}`;
    // Apart, because cmake-js would not configure a folder again that it has seen before.
    runNode([cmakeJs, 'configure', '--out', 'build-cmake', openmp], root);
    runNode([cmakeJs, 'build', '--out', 'build-cmake', '--parallel', '2'], root);
    expect(buildInfoOf(builtByCmake)).toEqual(expected);
  }, 600_000);
});
