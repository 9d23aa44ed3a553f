/** Runs one model in a process of its own and reads what it predicted. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { hear } from '../child-process';
import type { Peer } from './catalogue';
import { readBytes, readFloats } from './files';
import { type Answer, type Job, MISSING_STATUS, RESULTS } from './protocol';
import type { DatasetJob, Workspace } from './workspace';

const PYTHON_PROGRAM = join(__dirname, 'python', 'program.py');

/** Probabilities and classes of rows. */
export interface Predicted {
  probabilities: Float32Array;
  classes: Uint8Array;
}

/** One process's answer, and what it predicted. */
export interface Run {
  answer: Answer;
  /** Of the rows to learn, from before each was learned; online models only. */
  learn?: Predicted;
  /** Of the rows to test with. */
  test: Predicted;
}

/** Threads that a model is given. */
export function threadsOf({ allThreads = false }: Peer): number {
  return allThreads ? availableParallelism() : 1;
}

/**
 * Runs a model.
 *
 * @returns what came of it, or why it cannot run here
 * @throws Error with what the process said, when it failed
 */
export async function runPeer(
  peer: Peer,
  dataset: DatasetJob,
  workspace: Workspace,
  python: string,
): Promise<Run | string> {
  const threads = threadsOf(peer);
  const out = workspace.results();
  const job: Job = { ...dataset, model: peer.model, threads, out };
  const [command, program] =
    peer.runtime === 'node' ? [process.execPath, workspace.program] : [python, PYTHON_PROGRAM];
  const { status, stdout, stderr } = await hear(command, [program], {
    input: JSON.stringify(job),
    env: environment(threads),
  });
  const lastWord = stderr.trim().split('\n').at(-1) ?? '';
  if (status === MISSING_STATUS) return lastWord;
  if (status !== 0) throw new Error(`${peer.id}: ${lastWord || `ended with ${status}`}`);
  const answer = JSON.parse(stdout) as Answer;
  const read = (part: keyof typeof RESULTS): Predicted => ({
    probabilities: readFloats(join(out, RESULTS[part].probabilities)),
    classes: readBytes(join(out, RESULTS[part].classes)),
  });
  return { answer, test: read('test'), ...(answer.online ? { learn: read('learn') } : {}) };
}

/** The number of threads, as every library that somebody uses wants to be told. */
function environment(threads: number): NodeJS.ProcessEnv {
  const names = ['OMP', 'OPENBLAS', 'MKL', 'VECLIB_MAXIMUM', 'NUMEXPR'];
  return {
    ...process.env,
    ...Object.fromEntries(names.map((name) => [`${name}_NUM_THREADS`, String(threads)])),
    // Threads that wait for each other by spinning crawl where others use the cores too.
    OMP_WAIT_POLICY: 'passive',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/**
 * Whether there is such an interpreter.
 *
 * @returns why not, or nothing
 */
export async function whyNoPython(command: string): Promise<string | undefined> {
  try {
    const { status, stdout } = await hear(command, ['-c', 'print(6 * 7)']);
    if (status === 0 && stdout.trim() === '42') return undefined;
    return `${command} is no Python`;
  } catch {
    return `there is no ${command}`;
  }
}
