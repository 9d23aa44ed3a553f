/**
 * The actions of a bandit: for each, its networks, its counts, and what its leaves
 * stand for. All networks look at the same hyperplanes, and are bound to the one
 * encoded context.
 */
import { native } from '../calls';
import { loadAddon } from '../native';
import { Network } from '../network';
import { type ResolvedOptions, resolveOptions } from '../options';
import type { RowRates } from '../row-rates';
import { SignatureCounts } from './counts';
import type { ContextEncoder } from './encoder';
import type { RewardTree } from './rewards';

/** What is known of one action. */
export interface ActionState {
  /** One a node of the tree of rewards. */
  networks: readonly Network[];
  counts: SignatureCounts;
  /** Rewards that fell into each leaf: how many, and their sum. */
  leafCounts: Float64Array;
  leafSums: Float64Array;
}

/** One action. */
export class Action {
  readonly networks: readonly Network[];
  readonly counts: SignatureCounts;
  readonly leafCounts: Float64Array;
  readonly leafSums: Float64Array;
  readonly #tree: RewardTree;
  readonly #rates: RowRates;
  /** What networks predicted for the encoded context. */
  readonly #right: Float32Array[];
  /** What the leaves stand for. */
  readonly #values: Float64Array;

  constructor(state: ActionState, encoder: ContextEncoder, tree: RewardTree, rates: RowRates) {
    this.networks = state.networks;
    this.counts = state.counts;
    this.leafCounts = state.leafCounts;
    this.leafSums = state.leafSums;
    this.#tree = tree;
    this.#rates = rates;
    this.#right = this.networks.map(({ native: network }) => {
      const right = new Float32Array(1);
      native(() => network.bind(encoder.base, encoder.sideInfo, right));
      return right;
    });
    this.#values = new Float64Array(tree.leaves);
    for (let leaf = 0; leaf < tree.leaves; leaf++) this.#setValue(leaf);
  }

  /** The expected reward in the encoded context. */
  estimate(): number {
    for (const { native: network } of this.networks) network.runBound(-1, 0);
    return this.#tree.estimate(this.#right, this.#values);
  }

  /** Learns a checked reward in the encoded context. */
  learn(reward: number): void {
    const leaf = this.#tree.leafOf(reward);
    const path: { network: Network; bit: number; rate: number }[] = [];
    for (let node = this.#tree.leaves + leaf; node > 1; node >>= 1) {
      const network = this.networks[(node >> 1) - 1];
      const rate = this.#rates.forRow(() => network.rowsSeen, 1);
      path.push({ network, bit: node & 1, rate });
    }
    // A schedule of the caller's that fails has failed by now.
    for (const { network, bit, rate } of path) native(() => network.native.runBound(bit, rate));
    if (!this.#tree.averages) return;
    this.leafCounts[leaf]++;
    this.leafSums[leaf] += reward;
    this.#setValue(leaf);
  }

  dispose(): void {
    for (const { native: network } of this.networks) network.dispose();
  }

  #setValue(leaf: number): void {
    const count = this.leafCounts[leaf];
    const averaged = this.#tree.averages && count > 0;
    this.#values[leaf] = averaged ? this.leafSums[leaf] / count : this.#tree.middleOf(leaf);
  }
}

/** Options of each network, which sees contexts that are encoded already. */
export function encodedOptions(
  options: Readonly<ResolvedOptions>,
  encoder: ContextEncoder,
): Readonly<ResolvedOptions> {
  const { basePredictor, sideInfo: _, layerRates, gateFeatures, ...plain } = options;
  return resolveOptions({
    ...plain,
    ...(layerRates === undefined ? {} : { layerRates }),
    ...(gateFeatures === undefined ? {} : { gateFeatures }),
    inputSize: encoder.base.length,
    sideInfoSize: encoder.sideInfo.length,
    basePredictor: Array.isArray(basePredictor) ? 'logits' : (basePredictor as 'logits'),
    // Checked where contexts are; what stages make of them needs no limit.
    inputLimit: LARGEST_INPUT,
    // Rates are computed here and passed with each row.
    learningRate: 1,
  });
}

const LARGEST_INPUT = 3e38;

/** A network that knows nothing, with the hyperplanes of `gates` where it is given. */
export function newNetwork(options: Readonly<ResolvedOptions>, gates?: Network): Network {
  const network = new Network(options, { randomize: gates === undefined });
  if (gates !== undefined) {
    const layers = options.gating === 'hadamard' ? 1 : options.layerSizes.length + 1;
    native(() => {
      for (let k = 0; k < layers; k++) network.native.setPlanes(k, gates.native.getPlanes(k));
    });
  }
  return network;
}

/** An action that was never tried. */
export function newAction(
  options: Readonly<ResolvedOptions>,
  tree: RewardTree,
  gates: Network | undefined,
): ActionState {
  const networks: Network[] = [];
  try {
    while (networks.length < tree.nodes) networks.push(newNetwork(options, gates ?? networks[0]));
  } catch (error) {
    for (const { native: network } of networks) network.dispose();
    throw error;
  }
  return {
    networks,
    counts: new SignatureCounts(neuronsOf(options), 2 ** options.contextMapSize),
    leafCounts: new Float64Array(tree.leaves),
    leafSums: new Float64Array(tree.leaves),
  };
}

/** Neurons of a network, the last one included: contexts of a signature. */
export function neuronsOf({ layerSizes }: Readonly<ResolvedOptions>): number {
  return layerSizes.reduce((sum, neurons) => sum + neurons, 1);
}

/** The contexts of all neurons in the encoded context. */
export function readSignature(
  { native: network }: Network,
  { base, sideInfo }: ContextEncoder,
  out: Uint32Array,
): void {
  native(() => network.contexts(base, sideInfo, out));
}

/** ln t, the same on every machine. */
export function logarithm(t: number): number {
  const value = Float32Array.of(t);
  loadAddon().kernels.log(value, value);
  return value[0];
}
