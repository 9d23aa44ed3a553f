/**
 * Ctrl-C: the first ends a run in order, so that what was learned is saved; the
 * second ends the process.
 */
import type { CliContext } from './context';
import { ExitCode } from './exit-codes';

/** Signals that are being waited for. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit status that the signal asks for; undefined while none came. */
  readonly status: number | undefined;
  /** Gives the signals back. */
  stop(): void;
}

const STATUS = { SIGINT: ExitCode.interrupted, SIGTERM: ExitCode.terminated } as const;

/** @param told what to say at the first signal */
export function listenForInterrupt(context: CliContext, told: string): Interrupt {
  const controller = new AbortController();
  let status: number | undefined;
  const handlers = Object.entries(STATUS).map(([name, code]) => {
    const handler = (): void => {
      if (status !== undefined) {
        context.kill(code);
        return;
      }
      status = code;
      context.stderr.write(`\n${told}\n`);
      controller.abort(new Error(name));
    };
    context.signals.on(name, handler);
    return { name, handler };
  });
  return {
    signal: controller.signal,
    get status() {
      return status;
    },
    stop() {
      for (const { name, handler } of handlers) context.signals.off(name, handler);
    },
  };
}

/** Runs `body` with signals listened for, and ends listening whatever happens. */
export async function withInterrupt<Result>(
  context: CliContext,
  told: string,
  body: (interrupt: Interrupt) => Promise<Result>,
): Promise<Result> {
  const interrupt = listenForInterrupt(context, told);
  try {
    return await body(interrupt);
  } finally {
    interrupt.stop();
  }
}
