/**
 * What a layer is told when values go through it, and what it gives back.
 */
import type { ActivationName } from './activations';
import type { Gradients } from './gradients';
import type { Memory } from './memory';
import type { Tensor } from './tensor';

/** One way of values through a network. */
export interface Pass {
  /** Whether the network is being trained: dropout drops, batches are normalised by themselves. */
  readonly training: boolean;
  readonly threads: number;
  /** Where results and what is remembered come from. */
  readonly memory: Memory;
  /** Where the way back leaves the gradients of weights; undefined where there is none. */
  readonly gradients: Gradients | undefined;
  /** What layers will have changed in themselves when the pass counts, such as moving means. */
  readonly changes: (() => void)[];
}

/**
 * The way back through a layer.
 *
 * @param gradient of the loss with respect to the layer's output; not to be changed
 * @param wanted which inputs' gradients are asked for
 * @returns those of the inputs, null where none was asked for
 */
export type Backward = (
  gradient: Float32Array,
  wanted: readonly boolean[],
) => (Float32Array | null)[];

/** What comes out of a layer. */
export interface Forward {
  readonly output: Tensor;
  /** There where the pass has a place for gradients. */
  readonly backward?: Backward;
  /**
   * For layers that end in an activation: the way back from a gradient with respect
   * to what went into it. Some losses know that gradient exactly where the one
   * behind the activation is lost in rounding.
   */
  readonly beforeActivation?: { readonly activation: ActivationName; readonly backward: Backward };
}
