/** Runs one case in a process of its own: nothing of one can disturb another. */
import { join } from 'node:path';
import { hear } from './child-process';
import type { Answer, Request } from './protocol';

/** @throws Error with what the child said, when it did not end well */
export async function runChild(request: Request, isa: string): Promise<Answer> {
  const script = join(__dirname, 'child.ts');
  const { status, stdout, stderr } = await hear(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', script, JSON.stringify(request)],
    { env: { ...process.env, GLN_ISA: isa } },
  );
  if (status !== 0) {
    const reason = stderr.trim() || `ended with ${status}`;
    throw new Error(`${request.case} (${isa}, ${request.threads} threads): ${reason}`);
  }
  const answer = JSON.parse(stdout) as Answer;
  if (answer.isa !== isa) throw new Error(`${request.case}: ${answer.isa} ran instead of ${isa}`);
  return answer;
}
