/**
 * Looks for the programs that a build needs, so that a missing one can be named
 * instead of showing up as a stack trace from the middle of node-gyp.
 */
import { spawnSync } from 'node:child_process';

/** Whether a command starts and ends well; `command` may carry leading arguments. */
function runs(command, ...more) {
  const [program, ...first] = command;
  const result = spawnSync(program, [...first, ...more], { stdio: 'ignore', timeout: 30_000 });
  return result.status === 0;
}

/** A variable such as CXX="ccache g++" as words. */
function words(text) {
  return text?.trim() ? text.trim().split(/\s+/) : undefined;
}

/** The C++ compiler's command as words, or undefined. */
export function findCompiler() {
  const candidates = [words(process.env.CXX), ['c++'], ['g++'], ['clang++']];
  return candidates.find((command) => command && runs(command, '--version'));
}

/** Whether a Python that node-gyp would take is there; it looks in the same places. */
export function hasPython() {
  const named = [process.env.npm_config_python, process.env.PYTHON].filter(Boolean);
  const check = 'import sys; sys.exit(sys.version_info < (3, 8))';
  return [...named, 'python3', 'python'].some((name) => runs([name], '-c', check));
}

export function hasMake() {
  return runs([process.env.MAKE || 'make'], '--version') || runs(['gmake'], '--version');
}

export function hasCmake() {
  return runs(['cmake'], '--version');
}
