/**
 * What every way of compiling the addon needs to know: files, definitions,
 * flags and include folders. They come from native/sources.json,
 * native/build-flags.json and package.json, so that node-gyp, CMake and the
 * direct build cannot drift apart. binding.gyp runs this file as a program;
 * CMakeLists.txt reads the same JSON by itself.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The package's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export const addonName = 'gated_linear_networks';

/** Where node-gyp-build looks first. */
export const addonPath = path.join(root, 'build', 'Release', `${addonName}.node`);

/** A checkout has what the published tarball leaves out; only there are warnings errors. */
export const isCheckout = existsSync(path.join(root, 'test', 'native'));

function readJson(...parts) {
  return JSON.parse(readFileSync(path.join(root, ...parts), 'utf8'));
}

/** The lists of C++ files, relative to native/. */
export function readSources() {
  const { core, binding } = readJson('native', 'sources.json');
  return { core, binding };
}

export function readFlags() {
  return readJson('native', 'build-flags.json');
}

/** OpenMP is asked for by GLN_OPENMP=1, which also reaches binding.gyp through the environment. */
export function wantsOpenmp() {
  return process.env.GLN_OPENMP === '1';
}

/** NAME or NAME=VALUE; values that are strings carry their quotes. */
export function definitions(openmp = wantsOpenmp()) {
  const { core, binding } = readSources();
  const flags = readFlags();
  return [
    ...flags.definitions,
    ...(openmp ? flags.openmp.definitions : []),
    `GLN_VERSION="${readJson('package.json').version}"`,
    `GLN_SOURCES="${[...core, ...binding].join(',')}"`,
  ];
}

/** Everything for the compiler except definitions, include folders and the standard. */
export function compileFlags(openmp = wantsOpenmp(), platform = process.platform) {
  const flags = readFlags();
  return [
    ...flags.optimize,
    ...flags.compile,
    ...(platform === 'win32' ? [] : flags.compilePosix),
    ...(isCheckout ? flags.checkout : []),
    ...(openmp ? flags.openmp.compile : []),
  ];
}

/** Linker flags; `exportsMap` is the version script as seen from where the linker runs. */
export function linkFlags(exportsMap, platform = process.platform, openmp = wantsOpenmp()) {
  const flags = readFlags();
  const chosen = { darwin: flags.linkMac, win32: flags.linkWindows }[platform];
  return [
    ...(chosen ?? flags.linkLinux).map((flag) => flag.replace('exports.map', exportsMap)),
    ...(openmp ? flags.openmp.link : []),
  ];
}

function resolveFolder(request) {
  try {
    return path.dirname(require.resolve(request));
  } catch {
    return undefined;
  }
}

/** Folder of napi.h: the installed node-addon-api, else the copy in the tarball. */
export function nodeAddonApiFolder() {
  return (
    resolveFolder('node-addon-api/napi.h') ??
    path.join(root, 'native', 'third_party', 'node-addon-api')
  );
}

/** Folder of node_api.h as node-api-headers ships it, or undefined where there is none. */
export function nodeApiHeadersFolder() {
  const installed = resolveFolder('node-api-headers/include/node_api.h');
  const copy = path.join(root, 'native', 'third_party', 'node-api-headers');
  return installed ?? (existsSync(path.join(copy, 'node_api.h')) ? copy : undefined);
}

/** Latest change of any file that the addon is made from, in milliseconds. */
function newestInput() {
  let newest = 0;
  const visit = (file) => {
    const status = statSync(file);
    if (!status.isDirectory()) newest = Math.max(newest, status.mtimeMs);
    else if (path.basename(file) !== 'third_party') {
      for (const entry of readdirSync(file)) visit(path.join(file, entry));
    }
  };
  for (const input of ['native', 'binding.gyp', 'package.json', 'scripts/native']) {
    visit(path.join(root, input));
  }
  return newest;
}

/** Whether a file that was built exists and is newer than everything it is made from. */
export function isUpToDate(output = addonPath) {
  return existsSync(output) && statSync(output).mtimeMs >= newestInput();
}

/** gyp splits a command's output as a shell would: one quoted word each. */
function printWords(words) {
  console.log(words.map((word) => `'${word}'`).join(' '));
}

function printForGyp(what, platform) {
  const { core, binding } = readSources();
  // make runs in build/; relative paths survive a root folder with spaces in its name
  const fromBuild = (file) => path.relative(path.join(root, 'build'), file).replaceAll('\\', '/');
  const fromRoot = (file) => path.relative(root, file).replaceAll('\\', '/');
  switch (what) {
    case 'sources':
      return printWords([...core, ...binding].map((file) => `native/${file}`));
    case 'definitions':
      return printWords(definitions());
    case 'compile':
      return printWords([
        `-std=${readFlags().standard}`,
        `-isystem${fromBuild(realpathSync(nodeAddonApiFolder()))}`,
        ...compileFlags(),
      ]);
    case 'link':
      return printWords(linkFlags('../native/exports.map', platform));
    case 'addon-api':
      return printWords([fromRoot(realpathSync(nodeAddonApiFolder()))]);
    default:
      throw new Error(
        `settings.mjs prints sources, definitions, compile, link or addon-api, not ${what}`,
      );
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  printForGyp(process.argv[2], process.argv[3]);
}
