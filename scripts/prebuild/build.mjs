/**
 * Cross-builds one prebuild: the files, definitions and flags of every other
 * build, compiled and linked by the compiler of zig.mjs.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, headerFlags, inNative, runCompiler } from '../native/direct.mjs';
import { linkFlags, readFlags, readSources, root } from '../native/settings.mjs';
import { nodeImports } from './node-imports.mjs';
import { prebuildPath, prebuildsFolder } from './targets.mjs';
import { zigCompiler, zigEnvironment, zigMacLinker } from './zig.mjs';

/** Node-API's version, which every build defines. */
function napiVersion() {
  const definition = readFlags().definitions.find((name) => name.startsWith('NAPI_VERSION='));
  return definition.split('=')[1];
}

/** Files that one platform alone needs. */
function platformFiles(target, folder) {
  if (target.platform !== 'win32') return [];
  const file = path.join(folder, 'node_imports.cpp');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, nodeImports(napiVersion()));
  return [file];
}

/** Node's headers declare functions as imported from the program only with this definition. */
const importing = ['-DBUILDING_NODE_EXTENSION'];

async function link(target, objects, output) {
  const env = zigEnvironment();
  if (target.platform === 'darwin') {
    return runCompiler(zigMacLinker(target), [...objects, `-femit-bin=${output}`], env);
  }
  const flags = linkFlags(path.join(root, 'native', 'exports.map'), target.platform, false);
  const command = ['-shared', '-s', ...objects, ...flags, '-o', output];
  return runCompiler(zigCompiler(target), command, env);
}

/** Builds prebuilds/<platform>-<arch>/… for one of targets.mjs; returns its path. */
export async function buildPrebuild(target) {
  const compiler = zigCompiler(target);
  const env = zigEnvironment();
  const folder = path.join(root, 'build-prebuilds', target.id);
  const { core, binding } = readSources();
  const { platform } = target;
  const files = [...inNative([...core, ...binding]), ...platformFiles(target, folder)];
  const extra = [...headerFlags(), ...(platform === 'win32' ? importing : [])];
  const settings = { extra, incremental: true, platform, env };
  const objects = await compile(compiler, files, folder, settings);
  const output = path.join(folder, 'addon.node');
  await link(target, objects, output);
  const prebuild = path.join(prebuildsFolder, prebuildPath(target));
  mkdirSync(path.dirname(prebuild), { recursive: true });
  // A running process may have the old file mapped: replace it, never write into it.
  rmSync(prebuild, { force: true });
  copyFileSync(output, prebuild);
  return prebuild;
}
