/**
 * Builds and runs the C++ tests of the core, with CMake or, where there is none,
 * with the compiler alone. Arguments go to the test program, which takes a part
 * of a test's name.
 */
import path from 'node:path';
import { buildCoreTestsDirectly } from './native/direct.mjs';
import { root } from './native/settings.mjs';
import { hasCmake } from './native/tools.mjs';
import { run } from './run.mjs';

function buildWithCmake() {
  const folder = path.join(root, 'build-tests', 'cmake');
  run('cmake', ['-S', root, '-B', folder, '-DGLN_BUILD_ADDON=OFF', '-DGLN_BUILD_TESTS=ON']);
  run('cmake', ['--build', folder, '--parallel']);
  return path.join(folder, 'gln_core_tests');
}

const program = hasCmake() ? buildWithCmake() : await buildCoreTestsDirectly();
run(program, process.argv.slice(2), { stdout: 1 });
