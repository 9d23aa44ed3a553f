/**
 * Loading of the compiled addon, once a process and only when it is needed.
 */
import { join } from 'node:path';
import type { Addon, BuildInfo } from '../types/addon';
import { GlnError } from './errors';

export type { BuildInfo, InstructionSet } from '../types/addon';

let loaded: Addon | undefined;

/**
 * The addon. Which binary is taken (a local build, else a prebuilt one) is
 * node-gyp-build's decision.
 *
 * @throws GlnError `ERR_GLN_ADDON` when no binary can be loaded, `ERR_GLN_ISA`
 *   when `GLN_ISA` names an instruction set that is not available.
 * @internal
 */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  const root = join(__dirname, '..');
  try {
    const load = require('node-gyp-build') as (root: string) => Addon;
    loaded = load(root);
  } catch (error) {
    const cause = error as { code?: unknown; message?: unknown };
    if (cause.code === 'ERR_GLN_ISA') {
      throw new GlnError('ERR_GLN_ISA', String(cause.message), { cause: error });
    }
    throw new GlnError(
      'ERR_GLN_ADDON',
      `the native addon could not be loaded for ${process.platform}-${process.arch}, ` +
        `Node ${process.versions.node} (Node-API ${process.versions.napi}), from ${root}: ` +
        `${String(cause.message).trim()}`,
      { cause: error },
    );
  }
  return loaded;
}

/**
 * What the loaded addon is: version, compiler, and the instruction set that runs
 * (`isa`), out of those that this processor has (`available`).
 *
 * Set the environment variable `GLN_ISA` to `scalar`, `avx2`, `avx512` or `auto`
 * before the first use to choose one.
 */
export function buildInfo(): BuildInfo {
  return loadAddon().buildInfo();
}
