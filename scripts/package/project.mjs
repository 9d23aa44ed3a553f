/**
 * The package as its users get it: packed with every prebuild that is there, and
 * installed in an empty project while no install script may run.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../native/settings.mjs';

/** Runs a program and returns its standard output; throws with all it said if it fails. */
export function runProgram(program, args, { env = process.env, timeout = 300_000, ...rest } = {}) {
  const result = spawnSync(program, args, {
    ...rest,
    env,
    timeout,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (result.status === 0) return result.stdout;
  const how = result.error?.message ?? result.signal ?? `status ${result.status}`;
  const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim();
  throw new Error(`${program} ${args.join(' ')} ended with ${how}\n${said}`);
}

const quiet = ['--silent', '--no-audit', '--no-fund', '--no-update-notifier'];

/**
 * Packs the checkout into `folder`, with the prebuilds that are there; returns
 * { file, bytes, unpackedBytes, names }. dist/ must be up to date.
 */
export function packPackage(folder) {
  runProgram(process.execPath, [path.join(root, 'scripts', 'copy-third-party.mjs')]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...quiet];
  const [report] = JSON.parse(runProgram('npm', args, { cwd: root }));
  return {
    file: path.join(folder, report.filename),
    bytes: report.size,
    unpackedBytes: report.unpackedSize,
    names: report.files.map((file) => file.path),
  };
}

/** A temporary folder, removed when the program ends. */
export function temporaryFolder(name) {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), `gln-${name}-`)));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Installs the tarball in a new project, without scripts and without asking a
 * registry: the one dependency, and `peers` (none of which may have dependencies of
 * its own), come from our own node_modules.
 */
export function installPackage(tarball, peers = []) {
  const project = temporaryFolder('project');
  writeFileSync(path.join(project, 'package.json'), '{ "name": "user", "private": true }\n');
  const packed = path.join(project, 'packed');
  mkdirSync(packed);
  const folders = ['node-gyp-build', ...peers].map((name) => path.join(root, 'node_modules', name));
  runProgram(
    'npm',
    ['pack', ...folders, '--ignore-scripts', '--pack-destination', packed, ...quiet],
    { cwd: project },
  );
  const tarballs = [tarball, ...readdirSync(packed).map((name) => path.join(packed, name))];
  // No empty cache: what an offline install may use is given by path.
  runProgram('npm', ['install', '--offline', '--ignore-scripts', ...tarballs, ...quiet], {
    cwd: project,
  });
  for (const name of readdirSync(programs)) {
    cpSync(path.join(programs, name), path.join(project, name));
  }
  return project;
}

/** The programs that use the installed package; each prints one line of JSON. */
const programs = path.join(root, 'scripts', 'package', 'programs');
