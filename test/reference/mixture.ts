/**
 * The specification of `aggregation: 'switching'`: the mixture of Veness et al.,
 * arXiv 1712.01897, section 5, over the neurons of a network.
 */

/** What each neuron says of each network's target: [networks][neurons]. */
type Said = readonly (readonly number[])[];

export class ReferenceMixture {
  /** What each neuron counts. */
  weights: number[];
  private next: number[];
  private rows = 0;

  constructor(neurons: number) {
    this.weights = Array.from({ length: neurons }, () => 1 / neurons);
    this.next = this.weights;
  }

  /** Each network's probability: Σ u_i p_i. */
  mix(said: Said): number[] {
    const shares = this.shares(said);
    return shares.map((ofNetwork) =>
      ofNetwork.reduce((sum, share, i) => sum + this.weights[i] * share, 0),
    );
  }

  /** Learns a row's label, for the predictions after the next `commit`. */
  learn(said: Said, label: number): void {
    this.rows += 1;
    const count = this.next.length;
    if (count === 1) return;
    const shares = this.shares(said);
    const likelihoods =
      said.length > 1 ? shares[label] : shares[0].map((p) => (label === 1 ? p : 1 - p));
    const total = likelihoods.reduce((sum, p, i) => sum + this.next[i] * p, 0);
    const [t, m] = [this.rows, count];
    this.next = this.next.map(
      (u, i) =>
        1 / ((t + 1) * (m - 1)) +
        ((t * m - t - 1) / ((t + 1) * (m - 1))) * ((u * likelihoods[i]) / total),
    );
  }

  commit(): void {
    this.weights = this.next;
  }

  /** Neurons at the same place in all networks say a distribution over the classes. */
  private shares(said: Said): number[][] {
    if (said.length === 1) return [[...said[0]]];
    const totals = said[0].map((_, i) => said.reduce((sum, ofNetwork) => sum + ofNetwork[i], 0));
    return said.map((ofNetwork) => ofNetwork.map((p, i) => p / totals[i]));
  }
}
