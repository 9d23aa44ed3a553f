/**
 * The part of the compiled addon's contract (addon.d.ts) that layers trained by
 * gradients are built on.
 */

/** What a dense layer ends in; softmax is made of `Linear`. */
export enum ActivationKind {
  Linear = 0,
  Relu = 1,
  Sigmoid = 2,
  Elu = 3,
  Tanh = 4,
}

/**
 * Layers that are trained by gradients. All arrays are row-major and may be longer
 * than what is used of them; sizes are 1 or more. No array that is written may
 * overlap another, except where it is said. What is wrong throws before anything
 * is written. Same bits with every instruction set and number of threads; NaN is
 * passed on.
 *
 * Shapes: `input` [rows][inputs]; kernels [inputs][units]; biases [units], or null
 * for none; `output`, `linear` and `gate` [rows][units]; gradients like what they
 * are gradients of. Gradients are overwritten, not added to.
 */
export interface NativeTensors {
  /** output = activation(input · kernel + bias) */
  dense(
    input: Float32Array,
    kernel: Float32Array,
    bias: Float32Array | null,
    rows: number,
    inputs: number,
    units: number,
    activation: ActivationKind,
    output: Float32Array,
    threads: number,
  ): void;
  /** Gradients of {@link dense}; the activation's derivative comes from `output`. */
  denseBackward(
    input: Float32Array,
    kernel: Float32Array,
    output: Float32Array,
    outputGradient: Float32Array,
    rows: number,
    inputs: number,
    units: number,
    activation: ActivationKind,
    inputGradient: Float32Array | null,
    kernelGradient: Float32Array,
    biasGradient: Float32Array | null,
    threads: number,
  ): void;
  /**
   * linear = input · kernel + bias, gate = σ(input · gateKernel + gateBias),
   * output = linear ⊙ gate. The factors are written where they are given.
   */
  gatedLinearUnit(
    input: Float32Array,
    kernel: Float32Array,
    bias: Float32Array | null,
    gateKernel: Float32Array,
    gateBias: Float32Array | null,
    rows: number,
    inputs: number,
    units: number,
    linear: Float32Array | null,
    gate: Float32Array | null,
    output: Float32Array,
    threads: number,
  ): void;
  /** Gradients of {@link gatedLinearUnit}, from the factors that it wrote. */
  gatedLinearUnitBackward(
    input: Float32Array,
    kernel: Float32Array,
    gateKernel: Float32Array,
    linear: Float32Array,
    gate: Float32Array,
    outputGradient: Float32Array,
    rows: number,
    inputs: number,
    units: number,
    inputGradient: Float32Array | null,
    kernelGradient: Float32Array,
    biasGradient: Float32Array | null,
    gateKernelGradient: Float32Array,
    gateBiasGradient: Float32Array | null,
    threads: number,
  ): void;
  /** Elementwise, as many elements as `input` has; `output` may be `input`. */
  activate(activation: ActivationKind, input: Float32Array, output: Float32Array): void;
  /** inputGradient = outputGradient ⊙ activation′; any of the arrays may be the same. */
  activateBackward(
    activation: ActivationKind,
    output: Float32Array,
    outputGradient: Float32Array,
    inputGradient: Float32Array,
  ): void;
  /**
   * Adam as Keras computes it, on all of `parameters`: mean += (1 - beta1) (g - mean),
   * variance += (1 - beta2) (g² - variance),
   * parameters -= stepSize · mean / (√variance + epsilon). `stepSize` holds the bias
   * correction √(1 - beta2ᵗ) / (1 - beta1ᵗ).
   */
  adam(
    parameters: Float32Array,
    gradients: Float32Array,
    mean: Float32Array,
    variance: Float32Array,
    stepSize: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;
  /**
   * parameters -= rate · gradients; with a velocity,
   * velocity = momentum · velocity - rate · gradients, parameters += velocity.
   */
  sgd(
    parameters: Float32Array,
    gradients: Float32Array,
    velocity: Float32Array | null,
    rate: number,
    momentum: number,
  ): void;
}
