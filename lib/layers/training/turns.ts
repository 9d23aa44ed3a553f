/** Giving other work its turn during a long run. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time for which the event loop is kept waiting, but for one batch. */
const MOST_MILLISECONDS = 10;

export class Turns {
  #since = performance.now();

  /** Lets timers and requests run where they have waited long. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < MOST_MILLISECONDS) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
