/**
 * Decisions that wait for their reward. There are at most so many of them: a service
 * whose rewards never come must not run out of memory.
 */
import { describe, GlnError } from '../errors';

/** What learning a reward needs, as it was when the decision was made. */
export interface Decision {
  /** Position of the action. */
  readonly action: number;
  readonly context: Float32Array;
  /** Contexts of all neurons. */
  readonly signature: Uint16Array;
}

/** Decisions by id, the oldest first. */
export class PendingDecisions {
  readonly #capacity: number;
  readonly #decisions = new Map<number, Decision>();
  #nextId: number;

  constructor(capacity: number, nextId = 1) {
    this.#capacity = capacity;
    this.#nextId = nextId;
  }

  get size(): number {
    return this.#decisions.size;
  }

  /** The id that the next decision will have. */
  get nextId(): number {
    return this.#nextId;
  }

  /** All of them, the oldest first. */
  entries(): IterableIterator<[number, Decision]> {
    return this.#decisions.entries();
  }

  /** Keeps a decision; `expire` is told of the one that had to make room, if any. */
  add(decision: Decision, expire: (oldest: Decision) => void): number {
    if (this.#decisions.size >= this.#capacity) {
      const [[id, oldest]] = this.#decisions;
      this.#decisions.delete(id);
      expire(oldest);
    }
    const id = this.#nextId++;
    this.#decisions.set(id, decision);
    return id;
  }

  /** Puts a saved decision back; ids must rise. */
  restore(id: number, decision: Decision): void {
    this.#decisions.set(id, decision);
  }

  /** @throws GlnError `ERR_GLN_TYPE`, or `ERR_GLN_DECISION` where none of that id waits. */
  get(id: unknown): Decision {
    if (typeof id !== 'number') {
      throw new GlnError('ERR_GLN_TYPE', `id: expected a number, got ${describe(id)}`);
    }
    const decision = this.#decisions.get(id);
    if (decision !== undefined) return decision;
    const made = Number.isInteger(id) && id >= 1 && id < this.#nextId;
    throw new GlnError(
      'ERR_GLN_DECISION',
      made
        ? `id: expected a decision that waits for its reward; ${id} was rewarded or forgotten, ` +
            `or more than ${this.#capacity} others were made since (maxPending)`
        : `id: expected that of a decision, got ${describe(id)}`,
    );
  }

  delete(id: number): void {
    this.#decisions.delete(id);
  }
}
