/**
 * The command line of an installed package, as its users start it: by the name
 * that npm has put into node_modules/.bin.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runProgram } from './project.mjs';

function commandIn(project) {
  const windows = process.platform === 'win32';
  return path.join(project, 'node_modules', '.bin', windows ? 'gln.cmd' : 'gln');
}

/** Without commander there is no command line, but a word about how to get it. */
export function commandWithoutPeers(project) {
  const { status, stderr } = spawnSync(commandIn(project), ['inspect', 'some.gln'], {
    cwd: project,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 4 && stderr.includes('npm install commander')) return 'names what is missing';
  throw new Error(`expected status 4 and how to install commander, got ${status}: ${stderr}`);
}

/** A class in the first column, and the two features that tell it. */
function libsvmRows(count) {
  const line = (i) => (i % 2 === 0 ? `1 1:${0.5 + (i % 7)} 2:1` : `0 1:${-0.5 - (i % 5)} 2:2`);
  return `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
}

/** Learns rows from standard input, saves, loads and predicts. */
export function command(project) {
  const run = (args, input = '') =>
    runProgram(commandIn(project), args, {
      cwd: project,
      input,
      shell: process.platform === 'win32',
    });
  const { addon } = JSON.parse(run(['doctor', '--json']));
  if (!addon.loaded) throw new Error(`doctor: expected a loaded addon, got ${addon.error.message}`);
  const data = ['-', '--format', 'libsvm', '--model', 'some.gln', '--json'];
  const trained = JSON.parse(run(['train', ...data], libsvmRows(300)));
  if (trained.rows !== 300) throw new Error(`expected 300 rows learned, got ${trained.rows}`);
  const { accuracy } = JSON.parse(run(['evaluate', ...data], libsvmRows(40))).metrics;
  if (accuracy !== 1) throw new Error(`expected all of 40 rows to be told, got ${accuracy}`);
  return `${addon.file}, ${trained.rows} rows learned`;
}
