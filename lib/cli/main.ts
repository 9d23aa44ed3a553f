#!/usr/bin/env node
/** The program `gln`. */
import { ExitCode } from './exit-codes';
import { runCli } from './program';

// A reader that has seen enough, such as `head`, closes the pipe: no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  process.stderr.write(`error: standard output: ${error.message}\n`);
  process.exit(ExitCode.failure);
});
// Where nobody hears what is said on the way, the work goes on.
process.stderr.on('error', () => undefined);

runCli(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
  // A pipe that nobody closes must not keep a finished run alive.
  process.stdin.destroy();
});
