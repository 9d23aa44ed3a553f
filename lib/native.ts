/**
 * Loading of the compiled addon, once a process and only when it is needed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Addon, BuildInfo } from '../types/addon';
import { GlnError } from './errors';
import { candidateFiles, describePlatform } from './platform';
import { requirePrebuild } from './prebuilds';

export type { BuildInfo, InstructionSet } from '../types/addon';

let loaded: Addon | undefined;

/** Whether the files around us are the package's own, and not those of a program bundled from it. */
function isPackageRoot(root: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      name?: unknown;
    };
    return name === 'gated-linear-networks';
  } catch {
    return false;
  }
}

/** Which binary is taken (a local build, else a prebuilt one) is node-gyp-build's decision. */
function load(root: string, inPackage: boolean): Addon {
  if (!inPackage) return requirePrebuild();
  const build = require('node-gyp-build') as (root: string) => Addon;
  return build(root);
}

/**
 * The addon.
 *
 * @throws GlnError `ERR_GLN_ADDON` when no binary can be loaded, `ERR_GLN_ISA`
 *   when `GLN_ISA` names an instruction set that is not available.
 * @internal
 */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  const root = join(__dirname, '..');
  const inPackage = isPackageRoot(root);
  try {
    loaded = load(root, inPackage);
  } catch (error) {
    const cause = error as { code?: unknown; message?: unknown };
    if (cause.code === 'ERR_GLN_ISA') {
      throw new GlnError('ERR_GLN_ISA', String(cause.message), { cause: error });
    }
    const tried = inPackage ? candidateFiles(root) : ['the prebuilds that the bundler took along'];
    throw new GlnError(
      'ERR_GLN_ADDON',
      `the native addon could not be loaded for ${describePlatform()}: ` +
        `${String(cause.message).trim()}\ntried:\n${tried.map((file) => `  ${file}`).join('\n')}`,
      { cause: error },
    );
  }
  return loaded;
}

/**
 * What the loaded addon is: version, compiler, and the instruction set that runs
 * (`isa`), out of those that this processor has (`available`).
 *
 * Set the environment variable `GLN_ISA` to `scalar`, `avx2`, `avx512`, `neon` or
 * `auto` before the first use to choose one.
 */
export function buildInfo(): BuildInfo {
  return loadAddon().buildInfo();
}
