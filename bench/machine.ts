/**
 * The machine's own limits, as they are at this moment: what fractions are
 * fractions of.
 */
import { addon } from './addon';

/** Bytes of the memory that bandwidth is measured over: more than caches hold. */
const BUFFER_BYTES = 256 * 2 ** 20;
const PEAK_TRIES = 4;
const BANDWIDTH_TRIES = 3;

function secondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

/** Bytes a second. */
export interface Bandwidth {
  /** Bytes read and bytes written together. */
  copy: number;
  read: number;
}

export class Machine {
  readonly #threads: number;
  #iterations = 1000;
  #buffer: Float32Array | undefined;

  /** @param sampleSeconds how long one try of the peak takes */
  constructor(threads: number, sampleSeconds: number) {
    this.#threads = threads;
    while (secondsOf(() => this.#multiplyAdd()) < sampleSeconds) this.#iterations *= 2;
  }

  /** Floating-point operations a second, two a multiply-add: the best of a few tries. */
  peak(): number {
    let best = 0;
    for (let i = 0; i < PEAK_TRIES; i++) {
      let operations = 0;
      const seconds = secondsOf(() => {
        operations = this.#multiplyAdd();
      });
      best = Math.max(best, operations / seconds);
    }
    return best;
  }

  /** The best of a few tries. */
  bandwidth(): Bandwidth {
    this.#buffer ??= addon.measure.buffer(BUFFER_BYTES / 4).fill(1);
    const whole = this.#buffer;
    const from = whole.subarray(0, whole.length / 2);
    const to = whole.subarray(whole.length / 2);
    const best = { copy: 0, read: 0 };
    for (let i = 0; i < BANDWIDTH_TRIES; i++) {
      const ordinary = secondsOf(() => addon.measure.copy(from, to, this.#threads));
      // The C library's copy goes past the caches. The faster of the two counts.
      const library = secondsOf(() => to.set(from));
      const read = secondsOf(() => addon.measure.read(whole, this.#threads));
      best.copy = Math.max(best.copy, whole.byteLength / Math.min(ordinary, library));
      best.read = Math.max(best.read, whole.byteLength / read);
    }
    return best;
  }

  #multiplyAdd(): number {
    return addon.measure.fusedMultiplyAdds(this.#iterations, this.#threads);
  }
}
