/**
 * The optional packages of the command line, each loaded when it is first needed.
 */
import { GlnError } from '../errors';

const PURPOSE = {
  commander: 'gln',
  '@duckdb/node-api': 'reading files and queries',
  'csv-parse': 'reading CSV from standard input',
} as const;

/** Optional packages that the command line loads itself. */
export type CliPeer = keyof typeof PURPOSE;

/**
 * Loads an optional package.
 *
 * @param load how a package is loaded; replaced in tests
 * @throws GlnError `ERR_GLN_DEPENDENCY` that says what to install
 */
export function loadCliPeer<Module>(
  name: CliPeer,
  load: (name: string) => unknown = require,
): Module {
  try {
    return load(name) as Module;
  } catch (cause) {
    const message = `${PURPOSE[name]}: the package ${name} could not be loaded`;
    throw new GlnError('ERR_GLN_DEPENDENCY', `${message}: run \`npm install ${name}\``, { cause });
  }
}
