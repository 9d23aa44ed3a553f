/** Processes that measure: started, fed, and heard out, whatever language they are in. */
import { spawn } from 'node:child_process';

/** How a process ended, and what it had to say. */
export interface Heard {
  /** The exit code, or the name of the signal that ended it. */
  status: number | string | null;
  stdout: string;
  stderr: string;
}

/** What else a process is given. */
export interface Surroundings {
  env?: NodeJS.ProcessEnv;
  /** For its standard input; nothing by default. */
  input?: string;
}

/** @throws Error (of the system) when the command cannot be started */
export async function hear(
  command: string,
  args: readonly string[],
  { env, input = '' }: Surroundings = {},
): Promise<Heard> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  // A child that ends early breaks the pipe; its exit status tells more.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return { status, ...printed };
}
