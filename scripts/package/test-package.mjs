/**
 * `npm run test:package`: the tarball that would be published, with all its
 * prebuilds. Its size, what it holds, and its use in an empty project where no
 * install script ran: from both module systems and from bundles.
 *
 *   --partial    allows prebuilds to be missing
 */
import { parseArgs } from 'node:util';
import { prebuildPath, targets } from '../prebuild/targets.mjs';
import { esbuild, webpack } from './bundles.mjs';
import { command, commandWithoutPeers } from './command.mjs';
import { installPackage, packPackage, runProgram, temporaryFolder } from './project.mjs';

const { values } = parseArgs({ options: { partial: { type: 'boolean', default: false } } });

/** What the packed package may weigh. */
const limit = 4e6;

let failures = 0;

function check(name, test) {
  try {
    const word = test();
    console.log(`passed   ${name}${word ? `: ${word}` : ''}`);
  } catch (error) {
    failures++;
    console.log(`failed   ${name}: ${error.message}`);
  }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const tarball = packPackage(temporaryFolder('pack'));
const project = installPackage(tarball.file);
let expected;

/** Every way of loading must come to the same results. */
function same(output) {
  const { sum, classes, isa } = JSON.parse(output.trim().split('\n').at(-1));
  const result = JSON.stringify({ sum, classes });
  expected ??= result;
  if (result !== expected) throw new Error(`expected ${expected}, got ${result}`);
  return isa;
}

check('size', () => {
  const said = `${megabytes(tarball.bytes)} packed, ${megabytes(tarball.unpackedBytes)} unpacked`;
  if (tarball.bytes >= limit) throw new Error(`${said}, expected less than ${megabytes(limit)}`);
  return said;
});
check('prebuilds', () => {
  const missing = targets
    .map((target) => `prebuilds/${prebuildPath(target)}`)
    .filter((name) => !tarball.names.includes(name));
  if (missing.length === 0) return `all ${targets.length}`;
  if (!values.partial) throw new Error(`missing: ${missing.join(', ')}`);
  return `${targets.length - missing.length} of ${targets.length}`;
});
for (const name of ['commonjs.cjs', 'module.mjs', 'worker.mjs']) {
  check(name, () => same(runProgram(process.execPath, [name], { cwd: project })));
}
check('gln, without commander', () => commandWithoutPeers(project));
check('gln', () => command(installPackage(tarball.file, ['commander'])));
check('esbuild', () => {
  const { output, binaries } = esbuild(project);
  return `${same(output)}, ${binaries.length} binaries`;
});
check('esbuild for this platform alone', () => {
  const { platform, arch } = process;
  const defines = [`--define:process.platform="${platform}"`, `--define:process.arch="${arch}"`];
  const { output, binaries } = esbuild(project, { defines });
  if (binaries.length > 2) throw new Error(`expected at most 2 binaries, got ${binaries.length}`);
  return `${same(output)}, ${binaries.length} binaries`;
});
check('webpack', () => {
  const { output, binaries } = webpack(project);
  return `${same(output)}, ${binaries.length} binaries`;
});
process.exitCode = failures > 0 ? 1 : 0;
