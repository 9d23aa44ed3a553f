/**
 * Folders of their own for tests that build or pack, so that they disturb
 * neither the checkout nor the tests that run beside them.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(__dirname, '..', '..');

/** A new temporary folder; `removeAll` takes them away. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gln-build-')));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export function removeAll(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Copies files and folders of the checkout, dates included, and lends it our node_modules. */
export function stage(entries: string[]): string {
  const folder = temporaryFolder();
  for (const entry of entries) {
    const source = path.join(root, entry);
    if (!existsSync(source)) continue;
    cpSync(source, path.join(folder, entry), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

/** The environment without what npm put there when it started us. */
export function plainEnvironment(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config)_|npm_command|INIT_CWD|GLN_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...changes };
}

/** Runs Node and returns everything, whether it succeeds or not. */
export function tryNode(
  args: string[],
  cwd: string,
  changes: NodeJS.ProcessEnv = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, {
    cwd,
    env: plainEnvironment(changes),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Runs Node and returns standard output; throws with all that was printed if it fails. */
export function runNode(args: string[], cwd: string, changes: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = tryNode(args, cwd, changes);
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Where a program stands, or undefined. */
export function findProgram(name: string): string | undefined {
  const found = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, process.platform === 'win32' ? `${name}.exe` : name))
    .find((file) => existsSync(file));
  return found;
}
