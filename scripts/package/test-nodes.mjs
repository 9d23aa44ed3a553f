/**
 * `npm run test:nodes`: installs the packed package and uses it from CommonJS,
 * from an ES module and from worker threads under every engine that npm has a
 * program of. All must compute the same; an engine that cannot be had is skipped.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ownPrebuildPath, prebuildsFolder } from '../prebuild/targets.mjs';
import { installPackage, packPackage, runProgram, temporaryFolder } from './project.mjs';
import { runtimes } from './runtimes.mjs';

const programs = ['commonjs.cjs', 'module.mjs', 'worker.mjs'];

if (!existsSync(path.join(prebuildsFolder, ownPrebuildPath()))) {
  console.error('there is no prebuild for this platform: npm run prebuild:all, or build:prebuilds');
  process.exit(1);
}

const { file } = packPackage(temporaryFolder('pack'));
const project = installPackage(file);
let expected;
let failures = 0;

function check(id, name, command) {
  const [program, ...first] = command;
  const output = runProgram(program, [...first, path.join(project, name)], { cwd: project });
  const { sum, classes, isa } = JSON.parse(output.trim().split('\n').at(-1));
  expected ??= { sum, classes };
  if (sum !== expected.sum || classes !== expected.classes) {
    throw new Error(
      `expected ${JSON.stringify(expected)}, got ${JSON.stringify({ sum, classes })}`,
    );
  }
  console.log(`${id.padEnd(14)} ${name.padEnd(13)} passed (${isa})`);
}

for (const { id, fetch } of runtimes) {
  let command;
  try {
    command = fetch();
  } catch (error) {
    console.log(`${id.padEnd(14)} skipped: ${error.message.split('\n')[0]}`);
    continue;
  }
  for (const name of programs) {
    try {
      check(id, name, command);
    } catch (error) {
      failures++;
      console.log(`${id.padEnd(14)} ${name.padEnd(13)} failed: ${error.message}`);
    }
  }
}
process.exitCode = failures > 0 ? 1 : 0;
