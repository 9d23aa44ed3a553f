/**
 * Whose turn it is: while an asynchronous call runs, networks have learned different
 * numbers of rows, and nobody else may look at the model.
 */
import { GlnError } from '../errors';

/** At most one asynchronous call at a time. */
export class Turn {
  #running: Promise<void> | undefined;

  /** @throws GlnError `ERR_GLN_BUSY` while a call runs */
  check(): void {
    if (this.#running === undefined) return;
    throw new GlnError('ERR_GLN_BUSY', 'the model is in use by an asynchronous call');
  }

  /** Runs a call, whose turn it must be. */
  async take(call: () => Promise<void>): Promise<void> {
    const running = call();
    this.#running = running;
    try {
      await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Waits for the call that runs, if any, however it ends. */
  async end(): Promise<void> {
    await Promise.allSettled([this.#running]);
  }
}
