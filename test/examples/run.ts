/** Running an example in this process: what it is told, and what it writes. */
import type { Output } from '../../examples/support/program';

interface Texts {
  stdout: string;
  stderr: string;
}

/** An output that adds what is written to these texts. */
export function outputTo(texts: Texts): Output {
  return {
    stdout: (text) => {
      texts.stdout += text;
    },
    stderr: (text) => {
      texts.stderr += text;
    },
  };
}

/** What runs an example with the given arguments. */
export function runnerOf(
  main: (args: readonly string[], output: Output) => Promise<number>,
): (...args: string[]) => Promise<Texts & { code: number }> {
  return async (...args) => {
    const texts = { stdout: '', stderr: '' };
    const code = await main(args, outputTo(texts));
    return { code, ...texts };
  };
}
