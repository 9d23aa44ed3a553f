/**
 * The package as users get it: packed, installed without running any script, and
 * used from an ESM, a CommonJS and a TypeScript program.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { plainEnvironment, removeAll, root, runNode, stage, temporaryFolder } from './stage';

/** Everything that goes into the tarball or is needed to make it. */
const inputs = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'binding.gyp', 'native', 'scripts'],
  ...['lib', 'types', 'tsconfig.json', 'tsconfig.build.json'],
  'build/Release/gated_linear_networks.node',
];

/** What may stand in the tarball; anything else is a stray file. */
const allowed = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|binding\.gyp)$/,
  /^dist\/.+\.(js|mjs|d\.ts|d\.mts)$/,
  /^types\/(addon|dendritic|gaussian|preprocessor|tensors)\.d\.ts$/,
  /^prebuilds\/[a-z0-9]+-[a-z0-9+]+\/gated-linear-networks(\.glibc|\.musl)?\.node$/,
  /^native\/(sources\.json|build-flags\.json|exports\.map)$/,
  /^native\/(core|simd|kernels|binding)\/.+\.(cpp|hpp|h)$/,
  /^native\/third_party\/(node-addon-api|node-api-headers)\/(.+\.h|LICENSE(\.md)?)$/,
  /^scripts\/(install|native\/[a-z-]+)\.mjs$/,
];

function npm(args: string[], cwd: string): void {
  const quiet = ['--silent', '--no-audit', '--no-fund', '--no-update-notifier'];
  execFileSync('npm', [...args, ...quiet], {
    cwd,
    env: plainEnvironment({ GLN_PREBUILD: 'reuse' }),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
}

/** Packs a staged copy of the checkout; returns the tarball's path. */
function pack(): string {
  const folder = stage(inputs);
  const target = temporaryFolder();
  npm(['pack', '--pack-destination', target], folder);
  const [tarball] = readdirSync(target);
  return path.join(target, tarball as string);
}

function listFiles(tarball: string): string[] {
  const listing = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .map((line) => line.replace(/^package\//, ''));
}

/** A program's text: trains a layered network on one row. */
const useOfLayers = `
  const model = new Sequential([new GatedLinearUnit({ units: 2 })]);
  model.compile({ optimizer: 'adam', loss: 'mse' });
  if (!(model.trainOnBatch([[1, 2]], [[0, 1]]).loss >= 0)) throw new Error('no loss');
`;

/** A program's text: learns one row, and reports which class GlnError is. */
const useOfModel = `
  const model = new GLN({ inputSize: 3, layerSizes: [4], seed: 1 });
  model.learn(Float32Array.of(0.1, 0.5, 0.9), 1);
  const classes = model.predict(Float32Array.of(0.1, 0.5, 0.9));
  if (typeof new GlnError('ERR_GLN_SHAPE', 'x').code !== 'string') throw new Error('no code');
`;

const typedProgram = `
  import { GLN, GlnError, type GlnErrorCode } from 'gated-linear-networks';
  import { GatedLinearUnit, type Tensor } from 'gated-linear-networks/layers';
  const output: Tensor = new GatedLinearUnit({ units: 2 }).apply([[1, 2]]);
  const model: GLN = new GLN({ inputSize: 3, layerSizes: [4], seed: 1 });
  const code: GlnErrorCode = new GlnError('ERR_GLN_SHAPE', 'x').code;
  // @ts-expect-error: a size is a number
  new GLN({ inputSize: 'three' });
  export { model, code, output };
`;

describe('the packed package', () => {
  let project: string;
  let files: string[];

  beforeAll(() => {
    const tarball = pack();
    files = listFiles(tarball);
    project = temporaryFolder();
    writeFileSync(path.join(project, 'package.json'), '{ "name": "user", "private": true }\n');
    // Its only dependency comes from our own node_modules, so that no registry is asked.
    const dependency = path.join(root, 'node_modules', 'node-gyp-build');
    npm(['pack', dependency, '--ignore-scripts', '--pack-destination', project], project);
    const packed = readdirSync(project).filter((name) => name.endsWith('.tgz'));
    const tarballs = [tarball, ...packed.map((name) => path.join(project, name))];
    npm(['install', '--offline', '--ignore-scripts', ...tarballs], project);
  }, 300_000);

  afterAll(removeAll);

  test('holds no stray file', () => {
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  test('holds what users and a compilation need', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'binding.gyp', 'scripts/install.mjs'],
        ...['dist/index.js', 'dist/index.d.ts', 'dist/index.mjs', 'dist/index.d.mts'],
        ...['native/sources.json', 'native/third_party/node-addon-api/napi.h'],
        'native/third_party/node-api-headers/node_api.h',
      ]),
    );
    expect(files.filter((file) => file.startsWith('prebuilds/'))).toHaveLength(1);
  });

  test('loads its prebuild though no install script ran', () => {
    const code = "console.log(require('node-gyp-build').path(process.argv[1]))";
    const installed = path.join(project, 'node_modules', 'gated-linear-networks');
    const file = runNode(['-e', code, installed], project).trim();
    expect(path.relative(installed, file).split(path.sep)[0]).toBe('prebuilds');
    expect(readdirSync(installed)).not.toContain('build');
  });

  test('works from CommonJS', () => {
    const file = path.join(project, 'program.cjs');
    writeFileSync(file, `const { GLN, GlnError } = require('gated-linear-networks');${useOfModel}`);
    runNode([file], project);
  });

  test('works from ESM, and shares one instance with CommonJS', () => {
    const file = path.join(project, 'program.mjs');
    const text = `
      import { createRequire } from 'node:module';
      import * as imported from 'gated-linear-networks';
      const { GLN, GlnError } = imported;
      ${useOfModel}
      const required = createRequire(import.meta.url)('gated-linear-networks');
      const names = Object.keys(required).filter((name) => name !== 'default').sort();
      if (names.join() !== Object.keys(imported).sort().join()) throw new Error('names differ');
      for (const name of names) {
        if (required[name] !== imported[name]) throw new Error(name + ' differs');
      }
    `;
    writeFileSync(file, text);
    runNode([file], project);
  });

  test('has its layers from both module systems, as one instance', () => {
    const names = '{ GatedLinearUnit, Sequential }';
    const required = path.join(project, 'layers.cjs');
    const text = `const ${names} = require('gated-linear-networks/layers');${useOfLayers}`;
    writeFileSync(required, text);
    runNode([required], project);
    const imported = path.join(project, 'layers.mjs');
    const both = `
      import { createRequire } from 'node:module';
      import ${names} from 'gated-linear-networks/layers';
      ${useOfLayers}
      const required = createRequire(import.meta.url)('gated-linear-networks/layers');
      if (required.Sequential !== Sequential) throw new Error('two instances');
    `;
    writeFileSync(imported, both);
    runNode([imported], project);
  });

  test('loads its prebuild by a literal path where a bundler has taken it elsewhere', () => {
    const installed = path.join(project, 'node_modules', 'gated-linear-networks');
    const folder = temporaryFolder();
    // No manifest and no node-gyp-build: nothing but what a bundle would hold.
    for (const part of ['dist', 'prebuilds']) {
      cpSync(path.join(installed, part), path.join(folder, part), { recursive: true });
    }
    const file = path.join(folder, 'program.cjs');
    writeFileSync(file, `const { GLN, GlnError } = require('./dist/index.js');${useOfModel}`);
    runNode([file], folder);
  });

  test('has types for both module systems under module: node16', () => {
    writeFileSync(path.join(project, 'program.mts'), typedProgram);
    writeFileSync(path.join(project, 'program.cts'), typedProgram);
    const compilerOptions = {
      module: 'node16',
      target: 'es2022',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules', '@types')],
    };
    const configuration = { compilerOptions, files: ['program.mts', 'program.cts'] };
    writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify(configuration));
    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(runNode([compiler, '-p', '.'], project)).toBe('');
  }, 60_000);

  test('carries the headers that compiling takes where no prebuild fits', () => {
    const installed = path.join(project, 'node_modules', 'gated-linear-networks');
    const code = `import('./scripts/native/settings.mjs').then((settings) =>
      console.log(settings.nodeAddonApiFolder() + '\\n' + settings.nodeApiHeadersFolder()))`;
    const carried = path.join(installed, 'native', 'third_party');
    expect(runNode(['-e', code], installed).trim().split('\n')).toEqual([
      path.join(carried, 'node-addon-api'),
      path.join(carried, 'node-api-headers'),
    ]);
  });
});
