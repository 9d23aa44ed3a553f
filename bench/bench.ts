/**
 * What a case measures with: repeated timing, each sample between two
 * measurements of the machine's peak.
 */
import { Machine } from './machine';
import type { Measurement, Request } from './protocol';

/** Work that is done `times` over; returns the seconds it took where it times itself. */
export type Work = (times: number) => number | undefined;

/** What one round of the work amounts to. */
export interface Amount {
  rows: number;
  /** Useful floating-point operations (operations.ts). */
  operations: number;
}

/** Names of what is timed, in {@link Measurement}'s sense. */
export interface Named {
  metric: string;
  quantity?: string;
}

export class Bench {
  readonly threads: number;
  readonly repeats: number;
  readonly quick: boolean;
  readonly isa: string;
  readonly #measurements = new Map<string, Measurement>();
  readonly #machine: Machine;
  readonly #sampleSeconds: number;

  constructor(request: Request, isa: string) {
    this.threads = request.threads;
    this.repeats = request.repeats;
    this.quick = request.quick;
    this.isa = isa;
    this.#sampleSeconds = request.quick ? 0.02 : 0.15;
    this.#machine = new Machine(request.threads, request.quick ? 0.004 : 0.008);
  }

  /** One of three amounts of work: the portable kernels are many times slower than the others. */
  choose<Value>(amounts: { full: Value; quick: Value; scalar: Value }): Value {
    if (this.isa === 'scalar') return amounts.scalar;
    return this.quick ? amounts.quick : amounts.full;
  }

  record({ metric, quantity = metric }: Named, unit: string, value: number): void {
    const key = JSON.stringify([metric, unit]);
    const known = this.#measurements.get(key);
    if (known) known.values.push(value);
    else this.#measurements.set(key, { metric, quantity, unit, values: [value] });
  }

  get measurements(): Measurement[] {
    return [...this.#measurements.values()];
  }

  /** Seconds of one round of the work, over as many rounds as make a sample long enough. */
  time(work: Work, times: number): number {
    const started = performance.now();
    const own = work(times);
    return (own ?? (performance.now() - started) / 1000) / times;
  }

  /** Rounds that make a sample long enough; the first round, which warms up, is not counted. */
  rounds(work: Work): number {
    this.time(work, 1);
    return Math.max(1, Math.ceil(this.#sampleSeconds / this.time(work, 1)));
  }

  /** Samples the work as often as asked for, over enough rounds, after a warm-up. */
  sample(named: Named, amount: Amount, work: Work): void {
    const rounds = this.rounds(work);
    for (let i = 0; i < this.repeats; i++) {
      this.sampleOnce(named, amount, () => this.time(work, rounds));
    }
  }

  /**
   * One sample between two measurements of the peak. `work` returns the seconds
   * that the amount took, and so does this.
   */
  sampleOnce(named: Named, { rows, operations }: Amount, work: () => number): number {
    const before = this.#machine.peak();
    const seconds = work();
    const after = this.#machine.peak();
    // The larger of the two: a disturbed yardstick would flatter.
    const peak = Math.max(before, after);
    this.record(named, 'peak', operations / seconds / peak);
    this.record(named, 'GFLOP/s', operations / seconds / 1e9);
    this.record(named, 'rows/s', rows / seconds);
    this.record({ metric: 'multiply-add peak' }, 'GFLOP/s', peak / 1e9);
    return seconds;
  }

  /**
   * Samples single rows, where memory is the limit: `bytes` are read or written a
   * round. Fractions are of the bandwidth before or after all samples, the larger.
   */
  sampleMemory(named: Named, bytes: number, work: Work): void {
    const rounds = this.rounds(work);
    const before = this.#machine.bandwidth();
    const samples = Array.from({ length: this.repeats }, () => this.time(work, rounds));
    const after = this.#machine.bandwidth();
    const copy = Math.max(before.copy, after.copy);
    const read = Math.max(before.read, after.read);
    this.record({ metric: 'memory copy' }, 'GB/s', copy / 1e9);
    this.record({ metric: 'memory read' }, 'GB/s', read / 1e9);
    this.record(named, 'bytes/row', bytes);
    for (const seconds of samples) {
      this.record(named, 'bandwidth', bytes / seconds / copy);
      this.record(named, 'read bandwidth', bytes / seconds / read);
      this.record(named, 'GB/s', bytes / seconds / 1e9);
      this.record(named, 'rows/s', 1 / seconds);
    }
  }

  /** Bandwidth for the record, where no sample is measured against it. */
  recordBandwidth(): void {
    const { copy, read } = this.#machine.bandwidth();
    this.record({ metric: 'memory copy' }, 'GB/s', copy / 1e9);
    this.record({ metric: 'memory read' }, 'GB/s', read / 1e9);
  }
}
