/**
 * What stands between a prebuild and its publication: the readers of binaries,
 * the rules they serve, and that nothing was forgotten in one of the lists.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NAPI_VERSION } from '../../lib/platform';
import { removeAll, root, temporaryFolder } from '../build/stage';
import { machOFile, peFile } from './binaries';
import { callScript } from './scripts';

interface Binary {
  platform: string;
  arch: string;
  needed: string[];
  exported: string[];
  imported?: string[];
  versions?: { library: string; version: string }[];
  stripped?: boolean;
  minimumMacos?: string;
  signed?: boolean;
}

interface Target {
  id: string;
  platform: string;
  arch: string;
  libc?: string;
}

const addon = path.join(root, 'build', 'Release', 'gated_linear_networks.node');
const targets = callScript<Target[]>('prebuild/targets.mjs', 'targets');
const paths = targets.map((target) =>
  callScript<string>('prebuild/targets.mjs', 'prebuildPath', target),
);

afterAll(removeAll);

function readBytes(bytes: Buffer): Binary {
  const file = path.join(temporaryFolder(), 'binary.node');
  writeFileSync(file, bytes);
  return callScript<Binary>('prebuild/formats/read.mjs', 'readBinary', file);
}

const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const goodLinux: Binary = {
  platform: 'linux',
  arch: 'x64',
  needed: ['libc.so.6', 'libpthread.so.0'],
  versions: [
    { library: 'libc.so.6', version: 'GLIBC_2.2.5' },
    { library: 'libc.so.6', version: 'GLIBC_2.17' },
  ],
  exported: entryPoints,
  imported: ['malloc', 'pthread_create', 'napi_throw'],
  stripped: true,
};
const goodMac: Binary = {
  platform: 'darwin',
  arch: 'arm64',
  needed: ['/usr/lib/libSystem.B.dylib'],
  exported: entryPoints,
  minimumMacos: '11.0',
  signed: true,
};

function problems(id: string, binary: Binary): string[] {
  const target = targets.find((candidate) => candidate.id === id);
  return callScript<string[]>('prebuild/check.mjs', 'problemsOf', target, binary);
}

describe('reading binaries', () => {
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('finds in an ELF file what readelf finds', () => {
    const binary = callScript<Binary>('prebuild/formats/read.mjs', 'readBinary', addon);
    const said = execFileSync('readelf', ['-dVW', addon], { encoding: 'utf8' });
    const all = (pattern: RegExp) => Array.from(said.matchAll(pattern), (match) => match[1]);
    expect(binary).toMatchObject({ platform: 'linux', arch: process.arch });
    expect(binary.needed).toEqual(all(/\(NEEDED\).*\[(.+)\]/g));
    const versions = binary.versions?.map(({ version }) => version).sort();
    expect(versions).toEqual(all(/Name: (\S+)\s+Flags/g).sort());
    expect([...binary.exported].sort()).toEqual(entryPoints);
    expect(binary.imported).toContain('napi_create_function');
  });

  it('reads a Mach-O file', () => {
    expect(readBytes(machOFile())).toEqual({
      platform: 'darwin',
      arch: 'arm64',
      needed: ['/usr/lib/libSystem.B.dylib'],
      exported: ['shown'],
      minimumMacos: '11.0',
      signed: true,
    });
  });

  it('reads a PE file', () => {
    expect(readBytes(peFile())).toEqual({
      platform: 'win32',
      arch: 'x64',
      needed: ['KERNEL32.dll'],
      exported: ['shown'],
      stripped: true,
    });
  });

  it('takes nothing else', () => {
    expect(() => readBytes(Buffer.alloc(256, 'x'))).toThrow('expected an ELF, PE or Mach-O file');
  });
});

describe('what may be published', () => {
  it('has no problem', () => {
    expect(problems('linux-x64-glibc', goodLinux)).toEqual([]);
    expect(problems('darwin-arm64', goodMac)).toEqual([]);
  });

  it.each<[string, string, Binary, string]>([
    [
      'a newer glibc than the floor, by number and not by letter',
      'linux-x64-glibc',
      {
        ...goodLinux,
        versions: [...(goodLinux.versions ?? []), { library: 'c', version: 'GLIBC_2.100' }],
      },
      'asks for glibc 2.100, expected at most 2.17',
    ],
    ['another processor', 'linux-arm64-glibc', goodLinux, 'is for linux-x64'],
    [
      'a library that not every system has',
      'linux-x64-glibc',
      { ...goodLinux, needed: ['libc.so.6', 'libstdc++.so.6'] },
      'needs libstdc++.so.6',
    ],
    [
      'symbols that others could meet',
      'linux-x64-glibc',
      { ...goodLinux, exported: [...entryPoints, '_ZN3gln5thingE'] },
      'exports _ZN3gln5thingE, napi_register_module_v1, node_api_module_get_api_version_v1',
    ],
    ['debugging symbols', 'linux-x64-glibc', { ...goodLinux, stripped: false }, 'is not stripped'],
    [
      'a C library of its own',
      'linux-x64-musl',
      { ...goodLinux, needed: ['libc.so'], versions: [], imported: ['napi_throw'] },
      'brings its own malloc, pthread_create',
    ],
    ['no signature', 'darwin-arm64', { ...goodMac, signed: false }, 'is not signed'],
    [
      'a newer macOS',
      'darwin-arm64',
      { ...goodMac, minimumMacos: '14.0' },
      'is for macOS 14.0, expected 11.0',
    ],
  ])('has not %s', (_, id, binary, problem) => {
    expect(problems(id, binary)).toEqual([problem]);
  });

  it('is there, and nothing else is', () => {
    const folder = temporaryFolder();
    const stray = path.join(folder, 'stray.node');
    writeFileSync(stray, '');
    const found = callScript<{ problems: string[] }>(
      'prebuild/check.mjs',
      'checkPrebuilds',
      folder,
    );
    expect(found.problems).toEqual([
      ...paths.map((name) => `${name} is missing`),
      'stray.node is no known prebuild',
    ]);
    rmSync(stray);
  });
});

describe('lists that must agree', () => {
  const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8');

  it('requires every prebuild by a literal path', () => {
    const required = Array.from(
      read('lib', 'prebuilds.ts').matchAll(/require\('\.\.\/prebuilds\/(.+)'\)/g),
      (match) => match[1],
    );
    expect(required.sort()).toEqual([...paths].sort());
  });

  it('names the Node-API version that is compiled for', () => {
    const { definitions } = JSON.parse(read('native', 'build-flags.json')) as {
      definitions: string[];
    };
    expect(definitions).toContain(`NAPI_VERSION=${NAPI_VERSION}`);
  });

  it('finds Node’s functions on Windows by all names that this version has', () => {
    const text = callScript<string>('prebuild/node-imports.mjs', 'nodeImports', NAPI_VERSION);
    for (const name of ['napi_create_function', 'napi_add_finalizer', 'napi_get_uv_event_loop']) {
      expect(text).toContain(`void* __imp_${name};`);
      expect(text).toContain(`{&__imp_${name}, "${name}"}`);
    }
  });

  it('has documentation of every platform', () => {
    const page = read('docs', 'platforms.md');
    for (const { id } of targets) expect(page).toContain(id);
  });
});
