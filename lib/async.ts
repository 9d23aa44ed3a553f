/**
 * Calls of a model that run on a thread of the addon.
 *
 * What a caller passes is copied when the call is made: a buffer may be changed,
 * transferred or resized while it is learned, and native code must not see that.
 * Learning calls wait for each other here rather than in native code, because
 * learning rates depend on how many rows the calls before them really learned.
 */
import { native } from './calls';
import { describe, GlnAbortError, GlnError } from './errors';

/** What every asynchronous call takes. */
export interface AsyncOptions {
  /** Stops the call between two blocks of rows. */
  signal?: AbortSignal;
}

/** Told at the end of a native call how it ended (`RunOutcome` of the addon's contract). */
export type Done = (outcome: number, rows: number) => void;

/** Told instead, by a call that JavaScript drives, of what else ended it. */
export type Failed = (error: unknown) => void;

/** A checked call of which nothing is the caller's any more. */
export interface OwnCall<Results> {
  readonly count: number;
  /** Whether it takes its turn: it must wait for the calls before it that do. */
  readonly inTurn: boolean;
  /**
   * Finds out what depends on the calls before it, and returns what hands the call to
   * native code. That returns what stops it there.
   */
  ready(): (done: Done, failed: Failed) => () => void;
  /** The results of the first `rows` rows, in the caller's arrays where such were given. */
  deliver(rows: number): Results;
}

/** A call that has not ended. */
interface Pending<Results> {
  readonly name: string;
  readonly call: OwnCall<Results>;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
  readonly resolve: (results: Results) => void;
  readonly reject: (error: unknown) => void;
  /** Stops it in native code; undefined while it waits for others. */
  stop: (() => void) | undefined;
  ended: boolean;
}

/** `RunOutcome` of the addon's contract. */
export const OUTCOME = { done: 0, aborted: 1, disposed: 2, noMemory: 3 } as const;

/** What a call that ended so is rejected with, where it was neither done nor stopped. */
export function outcomeError(outcome: number): GlnError | undefined {
  switch (outcome) {
    case OUTCOME.disposed:
      return new GlnError('ERR_GLN_DISPOSED', 'the model was disposed');
    case OUTCOME.noMemory:
      return new GlnError('ERR_GLN_MEMORY', 'memory could not be had');
    default:
      return undefined;
  }
}

/** The asynchronous calls of one model. */
export class AsyncCalls<Results> {
  /** Calls that take turns, the running one first. */
  readonly #queue: Pending<Results>[] = [];
  #unfinished = 0;
  #onIdle: (() => void)[] = [];

  /** Waits until no call is left. */
  async idle(): Promise<void> {
    while (this.#unfinished > 0) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }
  }

  /** For models that nothing may look at meanwhile. @throws GlnError `ERR_GLN_BUSY` */
  checkIdle(): void {
    if (this.#unfinished === 0) return;
    throw new GlnError('ERR_GLN_BUSY', 'the model is in use by an asynchronous call');
  }

  /**
   * Makes a call: those that take turns start when the ones before them have ended,
   * others at once, between two blocks of what is being learned.
   *
   * @param name of the method, for messages.
   * @param copy checks and copies what the caller gave, the signal left out.
   */
  make<Options extends object>(
    name: string,
    options: (Options & AsyncOptions) | undefined,
    copy: (given: Options | undefined) => OwnCall<Results>,
  ): Promise<Results> {
    const { signal, ...given } = isObject(options) ? options : ({} as Options & AsyncOptions);
    checkSignal(signal);
    // What is no object is for the call's own checks to refuse.
    const call = copy(isObject(options) ? (given as unknown as Options) : options);
    if (signal?.aborted) throw aborted(name, signal, 0, call.count);
    return new Promise<Results>((resolve, reject) => {
      const onAbort = () => this.#abort(pending);
      const pending: Pending<Results> = {
        ...{ name, call, signal, onAbort, resolve, reject },
        ...{ stop: undefined, ended: false },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#unfinished++;
      if (!call.inTurn) this.#start(pending);
      else if (this.#queue.push(pending) === 1) this.#startNext();
    });
  }

  /** Starts the first of the queued calls that can be. */
  #startNext(): void {
    while (this.#queue.length > 0 && this.#queue[0].stop === undefined) {
      this.#start(this.#queue[0]);
    }
  }

  #start(pending: Pending<Results>): void {
    try {
      const run = pending.call.ready();
      // A schedule is a function of the caller's: it may have aborted the call.
      if (pending.ended) return;
      const done: Done = (outcome, rows) => this.#finish(pending, outcome, rows);
      const failed: Failed = (error) => this.#fail(pending, error);
      pending.stop = native(() => run(done, failed));
    } catch (error) {
      this.#end(pending);
      pending.reject(error);
    }
  }

  #abort(pending: Pending<Results>): void {
    if (pending.stop !== undefined) {
      pending.stop();
      return;
    }
    this.#end(pending);
    pending.reject(aborted(pending.name, pending.signal, 0, pending.call.count));
  }

  #finish(pending: Pending<Results>, outcome: number, rows: number): void {
    const { name, call, signal } = pending;
    const error = outcomeError(outcome);
    if (error !== undefined) {
      this.#fail(pending, error);
      return;
    }
    this.#end(pending);
    this.#startNext();
    try {
      const results = call.deliver(rows);
      if (outcome === OUTCOME.done) pending.resolve(results);
      else pending.reject(aborted(name, signal, rows, call.count));
    } catch (error) {
      pending.reject(error);
    }
  }

  #fail(pending: Pending<Results>, error: unknown): void {
    this.#end(pending);
    this.#startNext();
    pending.reject(error);
  }

  /** Strikes a call off all lists. */
  #end(pending: Pending<Results>): void {
    pending.ended = true;
    pending.signal?.removeEventListener('abort', pending.onAbort);
    const place = this.#queue.indexOf(pending);
    if (place >= 0) this.#queue.splice(place, 1);
    this.#unfinished--;
    if (this.#unfinished > 0) return;
    const idle = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of idle) resolve();
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** @throws GlnError `ERR_GLN_TYPE` for what is no AbortSignal */
export function checkSignal(signal: unknown): void {
  if (signal === undefined) return;
  if (!isObject(signal) || !('aborted' in signal) || !('addEventListener' in signal)) {
    throw new GlnError('ERR_GLN_TYPE', `signal: expected an AbortSignal, got ${describe(signal)}`);
  }
}

function aborted(
  name: string,
  signal: AbortSignal | undefined,
  rows: number,
  count: number,
): GlnAbortError {
  return new GlnAbortError(`${name}: aborted after ${rows} of ${count} rows`, rows, {
    cause: signal?.reason,
  });
}
