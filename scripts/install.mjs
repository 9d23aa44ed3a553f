/**
 * npm's install script, run in a fresh clone and wherever the package is a
 * dependency. A binary that loads is left alone; otherwise the addon is
 * compiled, without downloading anything where that can be avoided:
 *
 * 1. with node-gyp, if Python and make are there;
 * 2. else with the C++ compiler alone (scripts/native/direct.mjs).
 *
 * GLN_BUILD=direct or GLN_BUILD=node-gyp allows only that way,
 * npm_config_build_from_source=true compiles even where a prebuild would do.
 */
import { spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { buildAddonDirectly } from './native/direct.mjs';
import { findNodeGyp, runNodeGyp } from './native/node-gyp.mjs';
import { addonPath, isCheckout, isUpToDate, root } from './native/settings.mjs';
import { findCompiler, hasMake, hasPython } from './native/tools.mjs';

const say = (text) => console.error(`gated-linear-networks: ${text}`);

/** Whether node-gyp-build finds a binary that this Node can load, tried in a process of its own. */
function loads() {
  const code = `require('node-gyp-build')(${JSON.stringify(root)})`;
  // A GLN_ISA that this machine cannot serve says nothing about the binary.
  const { GLN_ISA: _ignored, ...env } = process.env;
  const result = spawnSync(process.execPath, ['-e', code], { cwd: root, env, stdio: 'ignore' });
  return result.status === 0;
}

/** In a checkout the C++ files may have changed since the last build. */
function isReady() {
  if (process.env.npm_config_build_from_source === 'true') return false;
  return (!isCheckout || isUpToDate()) && loads();
}

/** What node-gyp lacks on this machine. */
function missingForNodeGyp() {
  if (process.platform === 'win32') return findNodeGyp() ? [] : ['node-gyp'];
  return [
    !findNodeGyp() && 'node-gyp',
    !hasPython() && 'Python 3.8 or newer (python3)',
    !hasMake() && 'make',
  ].filter(Boolean);
}

function fail(reason) {
  say(`the native addon could not be built: ${reason}`);
  process.exit(1);
}

function failForLackOf(what) {
  say('no prebuilt binary fits this platform, so the addon must be compiled. That needs a C++17');
  say('compiler: g++ or clang++ (on Debian and Ubuntu the package build-essential, on macOS the');
  say('Xcode command line tools), on Windows Visual Studio with the C++ workload and Python 3.');
  fail(`${what} not found`);
}

/** Builds and loads; ends the process with a message on failure. */
async function build() {
  if (process.platform !== 'win32' && !findCompiler()) {
    failForLackOf('a C++ compiler ($CXX, c++, g++, clang++)');
  }
  const only = process.env.GLN_BUILD;
  const missing = only === 'direct' ? [] : missingForNodeGyp();
  let direct = only === 'direct';
  if (!direct && missing.length > 0) {
    const list = missing.join(' and ');
    if (only === 'node-gyp' || process.platform === 'win32') failForLackOf(list);
    say(`${list} not found, so node-gyp cannot run; calling the C++ compiler directly`);
    direct = true;
  }
  // Where configuring fails the machine is to blame, and the compiler alone may
  // still do; where building fails the code is, and a second try would not help.
  if (!direct && !runNodeGyp('configure')) {
    if (only === 'node-gyp' || process.platform === 'win32') fail('node-gyp could not configure');
    say('node-gyp could not configure; calling the C++ compiler directly');
    direct = true;
  }
  try {
    if (direct) await buildAddonDirectly();
    else if (!runNodeGyp('build', '-j', 'max')) throw new Error('node-gyp could not compile');
  } catch (error) {
    fail(error.message);
  }
  // make leaves an unchanged binary's date alone, but it is up to date now
  const now = new Date();
  utimesSync(addonPath, now, now);
  if (!loads()) fail(`${addonPath} was built but does not load`);
}

if (!isReady()) await build();
