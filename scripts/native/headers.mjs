/**
 * Finds a folder of Node headers for node-gyp, which otherwise downloads one.
 *
 * The addon needs Node-API alone, so any Node's headers serve, and where the
 * running Node came without headers those of the package node-api-headers do,
 * dressed up as the folder that node-gyp expects.
 *
 * GLN_HEADERS=package leaves out the running Node's own headers, GLN_HEADERS=download
 * leaves everything to node-gyp.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeApiHeadersFolder, root } from './settings.mjs';

/** gyp's defaults for every target; node-gyp insists on such a file beside the headers. */
const commonGypi = `# Written by scripts/native/headers.mjs: the least that node-gyp asks of a header folder.
{
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {
      'Debug': { 'cflags': ['-g', '-O0'] },
      'Release': { 'cflags': ['-O3'] },
    },
    'conditions': [
      ['OS!="win" and OS!="mac"', { 'cflags': ['-pthread'], 'ldflags': ['-pthread'] }],
    ],
  },
}
`;

function holdsHeaders(prefix) {
  return Boolean(prefix) && existsSync(path.join(prefix, 'include', 'node', 'node_api.h'));
}

/** The prefix of a Node installation whose headers can be used, or undefined. */
function installedPrefix() {
  const candidates = [
    process.env.npm_config_nodedir,
    path.resolve(process.execPath, '..', '..'),
    process.config.variables.node_prefix,
  ];
  return candidates.find(
    (prefix) =>
      holdsHeaders(prefix) && existsSync(path.join(prefix, 'include', 'node', 'common.gypi')),
  );
}

/** Makes a header folder from node-api-headers and returns its prefix. */
function synthesisePrefix(source) {
  const prefix = path.join(root, 'build-headers');
  const target = path.join(prefix, 'include', 'node');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) {
    if (name.endsWith('.h')) copyFileSync(path.join(source, name), path.join(target, name));
  }
  writeFileSync(path.join(target, 'common.gypi'), commonGypi);
  const { target_defaults, variables } = process.config;
  writeFileSync(
    path.join(target, 'config.gypi'),
    `${JSON.stringify({ target_defaults, variables }, null, 2)}\n`,
  );
  return prefix;
}

/**
 * What to tell node-gyp about headers: `nodedir`, or undefined for its own
 * download, and a word on where they came from.
 */
export function findHeaders(mode = process.env.GLN_HEADERS ?? 'auto') {
  // Windows also needs node.lib, which no header folder carries.
  if (mode === 'download' || process.platform === 'win32') return { from: 'download' };
  if (mode === 'auto') {
    const prefix = installedPrefix();
    if (prefix) return { nodedir: prefix, from: 'the running Node' };
  }
  const source = nodeApiHeadersFolder();
  if (source) return { nodedir: synthesisePrefix(source), from: 'node-api-headers' };
  return { from: 'download' };
}

/** A folder to give the compiler as an include path, for the direct build. */
export function includeFolder() {
  const packaged = nodeApiHeadersFolder();
  if (packaged) return packaged;
  const prefix = installedPrefix();
  return prefix && path.join(prefix, 'include', 'node');
}
