/** What models of layers take and give besides numbers. */
import type { Graph } from './core/graph';
import type { Parts } from './core/structure';
import type { Tensor } from './core/tensor';

/** Options that every model of layers takes. */
export interface LayeredModelOptions {
  /** Default: the class's, counted. */
  name?: string;
  /**
   * Where first weights, dropout and orders of rows come from: an integer from 0 to
   * 2^53 - 1. Weights that have values already keep them, as do layers with a seed of
   * their own. Default: each layer's, from the process's sequence of seeds.
   */
  seed?: number;
  /** Threads that a call may use, 1 or more; results do not depend on it. Default: the processor's. */
  threads?: number;
}

/** Names of those options. */
export const MODEL_KEYS = ['name', 'seed', 'threads'] as const;

/** Options of {@link LayeredModel.evaluate} and {@link LayeredModel.predict}. */
export interface BatchOptions {
  /** Rows that go through the network at once; default 32. */
  batchSize?: number;
}

/** What {@link LayeredModel.computeGradients} gives. */
export interface LossGradients {
  /** The loss, with penalties of layers where there are some. */
  readonly loss: number;
  /** By the paths of weights; those that the loss does not depend on are left out. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

/** A drawn network. */
export interface Network {
  readonly graph: Graph;
  readonly inputs: Parts;
  readonly outputs: Parts;
}

/** What a saved model goes on from, besides weights. @internal */
export interface TrainingState {
  seed: number;
  /** Epochs that began, which orders of rows depend on. */
  epochsBegun: number;
}
