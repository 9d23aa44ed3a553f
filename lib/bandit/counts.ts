/**
 * How often an action was taken in the contexts that a row falls in: the GLCB
 * paper's counts for each neuron and context, and the pseudo-count made of them
 * (Sezener et al., arXiv 2002.11611, section 4).
 *
 * A row's signature is the contexts of all U neurons. Whole signatures hardly ever
 * repeat, so what is counted are the single contexts, N(s_u, a), and the pseudo-count
 * of the signature is their soft maximum
 *
 *     N̂(s, a) = Σ_u N(s_u, a) t^(N(s_u, a) / M) / Σ_u t^(N(s_u, a) / M)
 *
 * with M the largest count of the action and t the decisions so far (the form of public
 * reimplementations).
 */
import type { NativeKernels } from '../../types/addon';

/** Counts of one action, [neurons][contexts]. */
export class SignatureCounts {
  readonly counts: Uint32Array;
  readonly #contexts: number;
  #largest = 0;

  /** @param counts those of a saved action; taken over. */
  constructor(neurons: number, contexts: number, counts?: Uint32Array) {
    this.#contexts = contexts;
    this.counts = counts ?? new Uint32Array(neurons * contexts);
    if (counts !== undefined) this.#findLargest();
  }

  /** Counts a decision. */
  add(signature: Uint32Array): void {
    for (let u = 0; u < signature.length; u++) {
      const count = ++this.counts[u * this.#contexts + signature[u]];
      if (count > this.#largest) this.#largest = count;
    }
  }

  /** Takes a counted decision back. */
  remove(signature: ArrayLike<number>): void {
    for (let u = 0; u < signature.length; u++) {
      const at = u * this.#contexts + signature[u];
      // A file may hold decisions that its counts know nothing of.
      if (this.counts[at] > 0) this.counts[at]--;
    }
    this.#findLargest();
  }

  /**
   * N̂ of a signature; 0 where no neuron saw the action in its context.
   *
   * @param logarithm ln t
   */
  pseudoCount(signature: Uint32Array, logarithm: number, soft: SoftMaximum): number {
    if (this.#largest === 0) return 0;
    const { values } = soft;
    for (let u = 0; u < signature.length; u++) {
      values[u] = this.counts[u * this.#contexts + signature[u]];
    }
    return soft.of(logarithm / this.#largest);
  }

  #findLargest(): void {
    this.#largest = 0;
    for (const count of this.counts) if (count > this.#largest) this.#largest = count;
  }
}

/** Σ x e^(bx) / Σ e^(bx), by the addon's exponential, which is the same on every machine. */
export class SoftMaximum {
  /** What x is; set before {@link of}. */
  readonly values: Float64Array;
  readonly #powers: Float32Array;
  readonly #kernels: NativeKernels;

  constructor(size: number, kernels: NativeKernels) {
    this.values = new Float64Array(size);
    this.#powers = new Float32Array(size);
    this.#kernels = kernels;
  }

  /** @param b at least 0, small enough that b times the largest value is an exponent. */
  of(b: number): number {
    const powers = this.#powers;
    for (let i = 0; i < powers.length; i++) powers[i] = b * this.values[i];
    this.#kernels.exp(powers, powers);
    let weighted = 0;
    let total = 0;
    for (let i = 0; i < powers.length; i++) {
      weighted += powers[i] * this.values[i];
      total += powers[i];
    }
    return weighted / total;
  }
}
