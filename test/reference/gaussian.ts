/**
 * The specification of the Gaussian Gated Linear Network in plain float64: Budden et
 * al., arXiv 2006.05964.
 *
 * Written to be obviously right rather than fast: the loss is written down as the
 * paper has it, and its gradient term by term by the chain rule, so that the test
 * beside it can hold the one against finite differences of the other. The engine is
 * measured against this.
 */

/** What a neuron mixes: as many normal distributions as it has weights. */
export interface Gaussians {
  means: readonly number[];
  variances: readonly number[];
}

/** A predicted distribution. */
export interface Gaussian {
  mean: number;
  variance: number;
}

/** Bounds of a neuron. */
export interface Bounds {
  minVariance: number;
  maxVariance: number;
  weightRange: readonly [number, number];
  /** Default `paper`; `robust` damps steps, and counts a negative precision as too wide. */
  rule?: 'paper' | 'robust';
  /** Magnitude beyond which means are cut; default none. */
  meanLimit?: number;
}

/** What shapes a reference network. */
export interface GaussianOptions extends Bounds {
  inputVariance: number;
  biasLength: number;
  biasMaxMean: number;
  biasVariance: number;
}

/** One layer's parameters, nested. */
export interface GaussianLayer {
  /** [neurons][contexts][inputs, then bias inputs] */
  weights: number[][][];
  /** [neurons][contextMapSize][side information] */
  hyperplanes: number[][][];
  /** [neurons][contextMapSize] */
  hyperplaneBias: number[][];
}

/** Each neuron's prediction, layer by layer, and the last one's as the network's. */
export interface GaussianPrediction extends Gaussian {
  layers: Gaussian[][];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

/**
 * The weights that a neuron mixes with: limited to the range, then moved by the
 * shortest way onto the plane where the mixture's precision is that of the bound it
 * broke. `bound` is that variance, undefined where none was broken. By the paper's rule
 * (DeepMind's reference) a mixture of negative precision counts as too narrow.
 */
export function projected(
  weights: readonly number[],
  { variances }: Gaussians,
  { minVariance, maxVariance, weightRange: [low, high], rule = 'paper' }: Bounds,
): { weights: number[]; bound: number | undefined } {
  const limited = weights.map((w) => Math.min(Math.max(w, low), high));
  const precisions = variances.map((variance) => 1 / variance);
  const precision = dot(limited, precisions);
  const variance = 1 / precision;
  let bound: number | undefined;
  if (rule === 'robust' && precision < 0) bound = maxVariance;
  else if (variance < minVariance) bound = minVariance;
  else if (variance > maxVariance) bound = maxVariance;
  if (bound === undefined) return { weights: limited, bound };
  const share = (precision - 1 / bound) / dot(precisions, precisions);
  return { weights: limited.map((w, i) => w - share * precisions[i]), bound };
}

/** The weighted product of normal densities, normalised (equation 2 of the paper). */
export function mixture(weights: readonly number[], { means, variances }: Gaussians): Gaussian {
  const shares = weights.map((w, i) => w / variances[i]);
  const variance = 1 / shares.reduce((sum, share) => sum + share, 0);
  return { mean: variance * dot(shares, means), variance };
}

/** What a neuron with these weights predicts. */
export function predictNeuron(
  weights: readonly number[],
  inputs: Gaussians,
  bounds: Bounds,
): Gaussian {
  const { mean, variance } = mixture(projected(weights, inputs, bounds).weights, inputs);
  const { meanLimit = Number.POSITIVE_INFINITY } = bounds;
  return { mean: Math.min(Math.max(mean, -meanLimit), meanLimit), variance };
}

/** -ln N(target; mean, variance) */
export function negativeLogDensity({ mean, variance }: Gaussian, target: number): number {
  return 0.5 * (Math.log(2 * Math.PI * variance) + (target - mean) ** 2 / variance);
}

/**
 * The gradient of a neuron's loss by its stored weights. With d = y - μ and input
 * precisions λ, the loss grows with an unprojected weight by
 *
 *     λ_i ((d² - σ²) / 2 + d (μ - μ_i))
 *
 * A projection onto a plane with normal λ takes what is along λ out of it, and the
 * range all of it where a weight is outside.
 */
export function neuronGradient(
  weights: readonly number[],
  inputs: Gaussians,
  bounds: Bounds,
  target: number,
): number[] {
  const used = projected(weights, inputs, bounds);
  const { mean, variance } = predictNeuron(weights, inputs, bounds);
  const precisions = inputs.variances.map((v) => 1 / v);
  const away = target - mean;
  const direct = precisions.map(
    (precision, i) => precision * ((away ** 2 - variance) / 2 + away * (mean - inputs.means[i])),
  );
  const along =
    used.bound === undefined ? 0 : dot(direct, precisions) / dot(precisions, precisions);
  const [low, high] = bounds.weightRange;
  return weights.map((w, i) => (w < low || w > high ? 0 : direct[i] - along * precisions[i]));
}

/**
 * The rate of a robust step along a gradient G (taken before the range holds weights
 * fixed). In q = Σ w λ and m = Σ w λ μ_i the loss is -ln(q) / 2 + m² / (2q) and terms
 * that are linear; with q' and m' their slopes along G, its second derivative there is
 *
 *     (q' / q)² / 2 + (m' - μ q')² / q
 */
export function dampedRate(
  weights: readonly number[],
  inputs: Gaussians,
  bounds: Bounds,
  target: number,
  rate: number,
): number {
  const free = { ...bounds, weightRange: [-Infinity, Infinity] as const };
  const [low, high] = bounds.weightRange;
  const limited = weights.map((w) => Math.min(Math.max(w, low), high));
  const gradient = neuronGradient(limited, inputs, free, target);
  const { mean, variance } = predictNeuron(limited, inputs, free);
  const precisions = inputs.variances.map((v) => 1 / v);
  const square = dot(gradient, gradient);
  if (square === 0) return 0;
  // Through a projection q does not change.
  const { bound } = projected(limited, inputs, free);
  const precisionSlope = bound === undefined ? dot(gradient, precisions) : 0;
  const meanSlope = dot(
    gradient,
    inputs.means.map((m, i) => m * precisions[i]),
  );
  const relative = precisionSlope * variance;
  const across = meanSlope - mean * precisionSlope;
  const curvature = (relative ** 2 / 2 + across ** 2 * variance) / square;
  return rate / (1 + rate * (curvature + Math.abs(relative)));
}

/** The means of the inputs that every layer gains: evenly spread over ± the largest. */
export function biasMeans(length: number, maxMean: number): number[] {
  return Array.from({ length }, (_, i) =>
    length === 1 ? -maxMean : -maxMean + (2 * maxMean * i) / (length - 1),
  );
}

/** The number that a row's halfspace bits spell. */
export function contextOf(
  hyperplanes: readonly number[][],
  bias: readonly number[],
  sideInfo: readonly number[],
): number {
  return hyperplanes.reduce(
    (sum, plane, i) => sum + (dot(plane, sideInfo) > bias[i] ? 2 ** i : 0),
    0,
  );
}

/** A network that learns row by row. */
export class ReferenceGaussianGLN {
  readonly layers: GaussianLayer[];
  readonly #options: GaussianOptions;

  /** @param layers are copied */
  constructor(options: GaussianOptions, layers: readonly GaussianLayer[]) {
    this.#options = options;
    this.layers = structuredClone(layers) as GaussianLayer[];
  }

  predict(input: readonly number[], sideInfo = input): GaussianPrediction {
    return this.#run(input, sideInfo, undefined, 0);
  }

  /** Returns the prediction from before the update. */
  learn(
    input: readonly number[],
    target: number,
    rate: number,
    sideInfo = input,
  ): GaussianPrediction {
    return this.#run(input, sideInfo, target, rate);
  }

  #run(
    input: readonly number[],
    sideInfo: readonly number[],
    target: number | undefined,
    rate: number,
  ): GaussianPrediction {
    const { inputVariance, biasLength, biasMaxMean, biasVariance } = this.#options;
    const bias = biasMeans(biasLength, biasMaxMean);
    let below: Gaussian[] = input.map((mean) => ({ mean, variance: inputVariance }));
    const layers = this.layers.map((layer) => {
      const inputs = {
        means: [...below.map(({ mean }) => mean), ...bias],
        variances: [...below.map(({ variance }) => variance), ...bias.map(() => biasVariance)],
      };
      below = layer.weights.map((contexts, neuron) => {
        const context = contextOf(
          layer.hyperplanes[neuron],
          layer.hyperplaneBias[neuron],
          sideInfo,
        );
        const weights = contexts[context];
        const prediction = predictNeuron(weights, inputs, this.#options);
        if (target !== undefined) {
          const gradient = neuronGradient(weights, inputs, this.#options, target);
          const step =
            this.#options.rule === 'robust'
              ? dampedRate(weights, inputs, this.#options, target, rate)
              : rate;
          contexts[context] = weights.map((w, i) => w - step * gradient[i]);
        }
        return prediction;
      });
      return below;
    });
    return { ...below[0], layers };
  }
}
