/**
 * The package inside programs that bundlers have packed: each bundle is moved to
 * a folder with nothing else in it, and must work there.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, fetchPackage } from '../prebuild/cache.mjs';
import { runProgram, temporaryFolder } from './project.mjs';

const esbuildVersion = '0.28.2';
const webpackPackages = ['webpack@5', 'node-loader@2'];

/** Moves a bundle away from the project and its node_modules, and runs it. */
function runElsewhere(bundle, name) {
  const folder = temporaryFolder('bundle');
  cpSync(bundle, folder, { recursive: true });
  return runProgram(process.execPath, [path.join(folder, name)], { cwd: folder });
}

/** `defines`: platform constants, with which the other platforms' binaries fall away. */
export function esbuild(project, { defines = [] } = {}) {
  const windows = process.platform === 'win32';
  const name = `@esbuild/${process.platform}-${process.arch}`;
  const folder = fetchPackage(name, esbuildVersion);
  const program = windows ? path.join(folder, 'esbuild.exe') : path.join(folder, 'bin', 'esbuild');
  if (!windows) chmodSync(program, 0o755);
  const output = path.join(project, `esbuild-${defines.length}`);
  const flags = ['--bundle', '--platform=node', '--loader:.node=copy', '--minify-syntax'];
  const outputs = [`--outdir=${output}`, '--log-level=warning'];
  runProgram(program, ['commonjs.cjs', ...flags, ...defines, ...outputs], { cwd: project });
  const binaries = readdirSync(output).filter((file) => file.endsWith('.node'));
  return { output: runElsewhere(output, 'commonjs.js'), binaries };
}

export function webpack(project) {
  const tools = path.join(cacheFolder(), 'webpack');
  mkdirSync(tools, { recursive: true });
  writeFileSync(path.join(tools, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  runProgram('npm', ['install', '--prefer-offline', ...quiet, ...webpackPackages], { cwd: tools });
  const output = path.join(project, 'webpack');
  const configuration = {
    mode: 'production',
    target: 'node',
    context: project,
    entry: './module.mjs',
    output: { path: output, filename: 'program.js' },
    module: {
      rules: [{ test: '.node', loader: path.join(tools, 'node_modules', 'node-loader') }],
    },
    optimization: { minimize: false },
  };
  const script = path.join(project, 'bundle.cjs');
  writeFileSync(
    script,
    `const configuration = ${JSON.stringify(configuration)};
     configuration.module.rules[0].test = /\\.node$/;
     require(process.argv[2])(configuration, (error, stats) => {
       if (error) throw error;
       if (!stats.hasErrors()) return;
       console.error(stats.toString());
       process.exitCode = 1;
     });`,
  );
  runProgram(process.execPath, [script, path.join(tools, 'node_modules', 'webpack')], {
    cwd: project,
  });
  const binaries = readdirSync(output).filter((file) => file.endsWith('.node'));
  return { output: runElsewhere(output, 'program.js'), binaries };
}
