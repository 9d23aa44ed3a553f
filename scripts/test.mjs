/**
 * `npm test`: every check in turn, each run even if one before it failed, and at
 * the end one plain line that counts the C++ and the Jest tests together. A step
 * that fails without a failed test (lint, a suite that does not compile) adds one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './native/settings.mjs';
import { binOf } from './run.mjs';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'gln-test-'));
const cppReport = path.join(scratch, 'cpp.json');
const jestReport = path.join(scratch, 'jest.json');
const node = (...args) => [process.execPath, ...args];
const script = (name, ...args) => node(path.join(root, 'scripts', name), ...args);

const steps = [
  {
    name: 'lint',
    commands: [
      node(binOf('@biomejs/biome', 'biome'), 'lint', '--error-on-warnings'),
      script('check-file-length.mjs'),
    ],
  },
  {
    name: 'format:check',
    commands: [
      node(binOf('@biomejs/biome', 'biome'), 'format'),
      script('clang-format.mjs', '--check'),
    ],
  },
  { name: 'typecheck', commands: [node(binOf('typescript', 'tsc'), '-p', 'tsconfig.json')] },
  { name: 'test:cpp', commands: [script('test-cpp.mjs')], report: cppReport },
  {
    name: 'test:jest',
    commands: [script('install.mjs'), node(binOf('jest'), '--json', `--outputFile=${jestReport}`)],
    report: jestReport,
  },
];

function runStep({ name, commands }) {
  console.log(`\n> ${name}`);
  return commands
    .map(([program, ...args]) => {
      // Jest's own JSON on standard output is kept out; its report for people is on stderr.
      const stdio = ['ignore', args.includes('--json') ? 'ignore' : 'inherit', 'inherit'];
      const env = { ...process.env, GLN_TEST_REPORT: cppReport };
      return spawnSync(program, args, { cwd: root, env, stdio }).status === 0;
    })
    .every(Boolean);
}

function readCounts(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const total = { passed: 0, failed: 0 };
const failedSteps = [];
for (const step of steps) {
  const succeeded = runStep(step);
  if (!succeeded) failedSteps.push(step.name);
  const { passed, failed } = step.report ? readCounts(step.report) : { passed: 0, failed: 0 };
  total.passed += passed;
  // A test suite that does not compile has no tests to count, but it is no success.
  total.failed += succeeded ? failed : Math.max(failed, 1);
}
rmSync(scratch, { recursive: true, force: true });

console.log(
  failedSteps.length > 0 ? `\nfailed: ${failedSteps.join(', ')}` : '\nall steps succeeded',
);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(failedSteps.length > 0 ? 1 : 0);
