/** Runs one case in a process of its own: nothing of one can disturb another. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Request } from './protocol';

/** @throws Error with what the child said, when it did not end well */
export async function runChild(request: Request, isa: string): Promise<Answer> {
  const script = join(__dirname, 'child.ts');
  const child = spawn(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', script, JSON.stringify(request)],
    { env: { ...process.env, GLN_ISA: isa }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) {
    const reason = printed.stderr.trim() || `ended with ${status}`;
    throw new Error(`${request.case} (${isa}, ${request.threads} threads): ${reason}`);
  }
  const answer = JSON.parse(printed.stdout) as Answer;
  if (answer.isa !== isa) throw new Error(`${request.case}: ${answer.isa} ran instead of ${isa}`);
  return answer;
}
