/** The commands of `gln`, as one program; docs/cli.md describes it. */
import type { Command } from 'commander';
import { defineBench } from './commands/bench';
import type { CliRun } from './commands/command';
import { doctor, versionOf } from './commands/doctor';
import { defineEvaluate } from './commands/evaluate';
import { defineExplain } from './commands/explain';
import { defineInspect } from './commands/inspect';
import { defineMnist } from './commands/mnist';
import { definePredict } from './commands/predict';
import { defineServe } from './commands/serve';
import { defineTrain } from './commands/train';
import { type CliContext, type OutputOptions, processContext } from './context';
import { exitCodeOf, rootError } from './errors';
import { ExitCode } from './exit-codes';
import { outputFlags } from './flags';
import { loadCliPeer } from './peers';

const COMMANDS = [
  defineTrain,
  definePredict,
  defineEvaluate,
  defineExplain,
  defineInspect,
  defineServe,
  defineBench,
  defineMnist,
  defineDoctor,
];

function defineDoctor(program: Command, run: CliRun): void {
  const command = program
    .command('doctor')
    .summary('say whether everything works here')
    .description('Shows platform, binary, instruction sets and optional packages; learns one row.');
  outputFlags(command).action((flags: OutputOptions) => {
    run.status = doctor(flags, run.context);
  });
}

interface Commander {
  Command: new () => Command;
}

/** What commander throws in place of ending the process. */
interface CommanderExit extends Error {
  code: string;
  exitCode: number;
}

function isCommanderExit(error: unknown): error is CommanderExit {
  return error instanceof Error && String(Reflect.get(error, 'code')).startsWith('commander.');
}

/** The whole program, writing to the context's streams. */
export function buildProgram({ Command }: Commander, run: CliRun): Command {
  const { stdout, stderr } = run.context;
  const program = new Command()
    .name('gln')
    .description('Gated Linear Networks: train, evaluate, explain and serve from the terminal.')
    .version(versionOf('gated-linear-networks') ?? 'unknown', '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .showHelpAfterError('(gln <command> --help says what there is)');
  for (const define of COMMANDS) define(program, run);
  program.addHelpText(
    'after',
    '\nExit status: 0 done, 1 failure, 2 wrong command line, 3 wrong data, 4 a package is missing,' +
      '\n130 and 143 interrupted (what was learned is saved).',
  );
  return program;
}

/** With `--json`, programs want to read of failures too. */
function printError(context: CliContext, args: readonly string[], error: unknown): number {
  const root = rootError(error);
  const status = exitCodeOf(root);
  const message = root instanceof Error ? root.message : String(root);
  if (args.includes('--json')) {
    const code = root instanceof Error ? (Reflect.get(root, 'code') as unknown) : undefined;
    const place: unknown = root instanceof Error ? Reflect.get(root, 'place') : undefined;
    context.stdout.write(`${JSON.stringify({ error: { code, message, status, place } })}\n`);
  }
  context.stderr.write(`error: ${message}\n`);
  if (process.env.GLN_DEBUG !== undefined && root instanceof Error) {
    context.stderr.write(`${root.stack}\n`);
  }
  return status;
}

/**
 * Runs the command line.
 *
 * @param args without the interpreter and the script
 * @returns the exit status; nothing is thrown, and the process is not ended
 */
export async function runCli(
  args: readonly string[],
  context: CliContext = processContext(),
): Promise<number> {
  const run: CliRun = { context, status: ExitCode.ok };
  try {
    // What is missing is what doctor is asked for.
    if (args[0] === 'doctor' && versionOf('commander') === undefined) {
      return doctor({ json: args.includes('--json') }, context);
    }
    const program = buildProgram(loadCliPeer<Commander>('commander'), run);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return ExitCode.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return run.status;
  } catch (error) {
    if (isCommanderExit(error)) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return printError(context, args, error);
  }
}
