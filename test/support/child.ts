/**
 * Runs a TypeScript script in a process of its own and returns what it answers.
 *
 * The instruction set is chosen once, when the addon loads, so forcing one takes
 * a process for each. The same goes for everything that can end a process.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

// Marks the answer among whatever else the script prints.
const mark = '\u001eanswer ';

/** How a child ended. */
export interface ChildResult<Answer> {
  status: number | null;
  signal: string | null;
  stderr: string;
  answer: Answer | undefined;
}

export interface ChildOptions {
  environment?: Record<string, string>;
  nodeFlags?: string[];
  timeout?: number;
}

/** Runs `script` to its end, whatever that is. `input` is what `answer` gives its function. */
export function spawnChild<Answer>(
  script: string,
  input: unknown = null,
  { environment = {}, nodeFlags = [], timeout = 120_000 }: ChildOptions = {},
): ChildResult<Answer> {
  const { status, signal, stdout, stderr, error } = spawnSync(
    process.execPath,
    [...nodeFlags, '-r', 'ts-node/register/transpile-only', script],
    {
      cwd: root,
      env: { ...process.env, ...environment },
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      timeout,
    },
  );
  if (error) throw error;
  const line = stdout.split('\n').find((text) => text.startsWith(mark));
  const answer = line === undefined ? undefined : (JSON.parse(line.slice(mark.length)) as Answer);
  return { status, signal, stderr, answer };
}

/** Runs `script` and returns its answer; throws when it ends in any other way. */
export function runChild<Answer>(script: string, input?: unknown, options?: ChildOptions): Answer {
  const { status, signal, stderr, answer } = spawnChild<Answer>(script, input, options);
  if (status !== 0 || answer === undefined) {
    throw new Error(`${script} ended with ${signal ?? status} and no answer:\n${stderr}`);
  }
  return answer;
}

/** The child's side: computes the answer from what the parent sent, and sends it back. */
export async function answer<Input>(compute: (input: Input) => unknown): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const input = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Input;
  const text = `\n${mark}${JSON.stringify(await compute(input))}\n`;
  // Waits until the pipe has taken it: an exit right after must not cut the answer short.
  await new Promise((resolve) => process.stdout.write(text, resolve));
}

/** Floats keep their bits on the way through JSON. */
export function encodeFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function decodeFloats(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}
