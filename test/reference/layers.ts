/**
 * The layers in double precision, element by element, as slow and plain as can be:
 * networks are read from their configuration, weights from a map.
 */

/** Numbers with a shape. */
export interface Values {
  shape: readonly number[];
  data: Float64Array;
}

/** Weights by path. */
export type Weights = ReadonlyMap<string, Float64Array>;

type Config = { [option: string]: unknown };

interface LayerEntry {
  className: string;
  config: Config;
}

/** The part of a functional model's configuration that says how values go. */
export interface NetworkConfig {
  layers: LayerEntry[];
  uses: number[][];
  outputs: { slots: number[] };
}

export interface ReferenceOptions {
  training: boolean;
  /** Factors that a dropout layer multiplies by, by its path; 1 where there are none. */
  factors?: ReadonlyMap<string, ArrayLike<number>>;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const ACTIVATIONS: Record<string, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  sigmoid,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
};

function map({ shape, data }: Values, each: (x: number, i: number) => number): Values {
  return { shape, data: data.map(each) };
}

function softmax(values: Values): Values {
  const width = values.shape.at(-1) ?? 1;
  const data = new Float64Array(values.data.length);
  for (let start = 0; start < data.length; start += width) {
    const row = values.data.subarray(start, start + width);
    const powers = row.map((x) => Math.exp(x - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b);
    data.set(
      powers.map((power) => power / sum),
      start,
    );
  }
  return { shape: values.shape, data };
}

function dense(input: Values, path: string, weights: Weights, activation: string): Values {
  const kernel = weights.get(`${path}/kernel`) as Float64Array;
  const bias = weights.get(`${path}/bias`);
  const inputs = input.shape.at(-1) ?? 1;
  const units = kernel.length / inputs;
  const rows = input.data.length / inputs;
  const data = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = bias?.[unit] ?? 0;
      for (let i = 0; i < inputs; i++) {
        sum += input.data[row * inputs + i] * kernel[i * units + unit];
      }
      data[row * units + unit] = sum;
    }
  }
  const result = { shape: [...input.shape.slice(0, -1), units], data };
  return activation === 'softmax' ? softmax(result) : map(result, ACTIVATIONS[activation]);
}

function glu(input: Values, path: string, weights: Weights): Values {
  const linear = dense(input, `${path}/linear`, weights, 'linear');
  const gate = dense(input, `${path}/sigmoid`, weights, 'sigmoid');
  return map(linear, (x, i) => x * gate.data[i]);
}

/** Normalises groups of elements: element i belongs to group `groupOf(i)`. */
function normalize(
  input: Values,
  groups: number,
  groupOf: (i: number) => number,
  epsilon: number,
): Values {
  const count = input.data.length / groups;
  const means = new Float64Array(groups);
  const variances = new Float64Array(groups);
  for (const [i, x] of input.data.entries()) means[groupOf(i)] += x / count;
  for (const [i, x] of input.data.entries()) {
    variances[groupOf(i)] += (x - means[groupOf(i)]) ** 2 / count;
  }
  return map(input, (x, i) => (x - means[groupOf(i)]) / Math.sqrt(variances[groupOf(i)] + epsilon));
}

function affine(input: Values, path: string, weights: Weights): Values {
  const width = input.shape.at(-1) ?? 1;
  const gamma = weights.get(`${path}/gamma`);
  const beta = weights.get(`${path}/beta`);
  return map(input, (x, i) => x * (gamma?.[i % width] ?? 1) + (beta?.[i % width] ?? 0));
}

function layerNormalization(input: Values, path: string, weights: Weights, epsilon = 1e-3) {
  const width = input.shape.at(-1) ?? 1;
  const rows = input.data.length / width;
  return affine(
    normalize(input, rows, (i) => Math.floor(i / width), epsilon),
    path,
    weights,
  );
}

function batchNormalization(
  input: Values,
  path: string,
  weights: Weights,
  epsilon: number,
  training: boolean,
): Values {
  const width = input.shape.at(-1) ?? 1;
  if (training) {
    return affine(
      normalize(input, width, (i) => i % width, epsilon),
      path,
      weights,
    );
  }
  const mean = weights.get(`${path}/moving_mean`) as Float64Array;
  const variance = weights.get(`${path}/moving_variance`) as Float64Array;
  const normal = (x: number, i: number) =>
    (x - mean[i % width]) / Math.sqrt(variance[i % width] + epsilon);
  return affine(map(input, normal), path, weights);
}

/** The element of a tensor of shape `from` that meets element `i` of shape `to`. */
function meeting(from: readonly number[], to: readonly number[], i: number): number {
  let rest = i;
  let stride = 1;
  let place = 0;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const at = rest % to[axis];
    rest = Math.floor(rest / to[axis]);
    place += (from[axis] === 1 ? 0 : at) * stride;
    stride *= from[axis];
  }
  return place;
}

function merge(inputs: readonly Values[], combine: (a: number, b: number) => number): Values {
  const shape = inputs[0].shape.map((_, axis) =>
    Math.max(...inputs.map((input) => input.shape[axis])),
  );
  const size = shape.reduce((a, b) => a * b);
  const data = Float64Array.from({ length: size }, (_, i) =>
    inputs.map((input) => input.data[meeting(input.shape, shape, i)]).reduce(combine),
  );
  return { shape, data };
}

function concatenate(inputs: readonly Values[], axis: number): Values {
  const at = axis < 0 ? inputs[0].shape.length + axis : axis;
  const extent = inputs.reduce((sum, { shape }) => sum + shape[at], 0);
  const shape = inputs[0].shape.map((length, i) => (i === at ? extent : length));
  const blocks = shape.slice(0, at).reduce((a, b) => a * b);
  const data: number[] = [];
  for (let block = 0; block < blocks; block++) {
    for (const input of inputs) {
      const length = input.data.length / blocks;
      data.push(...input.data.subarray(block * length, (block + 1) * length));
    }
  }
  return { shape, data: Float64Array.from(data) };
}

function drop(input: Values, path: string, { factors }: ReferenceOptions): Values {
  const own = factors?.get(path);
  return own === undefined ? input : map(input, (x, i) => x * own[i]);
}

function grn(input: Values, path: string, weights: Weights, options: ReferenceOptions): Values {
  const first = dense(input, `${path}/elu_dense`, weights, 'elu');
  const second = dense(first, `${path}/linear_dense`, weights, 'linear');
  const kept = drop(second, `${path}/dropout`, options);
  const gated = glu(kept, `${path}/gated_linear_unit`, weights);
  const skip = weights.has(`${path}/project/kernel`)
    ? dense(input, `${path}/project`, weights, 'linear')
    : input;
  const sum = map(gated, (x, i) => x + skip.data[i]);
  return layerNormalization(sum, `${path}/layer_norm`, weights);
}

function apply(
  { className, config }: LayerEntry,
  inputs: readonly Values[],
  weights: Weights,
  options: ReferenceOptions,
): Values {
  const [first] = inputs;
  const path = String(config.name);
  const epsilon = Number(config.epsilon);
  switch (className) {
    case 'Dense':
      return dense(first, path, weights, String(config.activation));
    case 'GatedLinearUnit':
      return glu(first, path, weights);
    case 'GatedResidualNetwork':
      return grn(first, path, weights, options);
    case 'LayerNormalization':
      return layerNormalization(first, path, weights, epsilon);
    case 'BatchNormalization':
      return batchNormalization(first, path, weights, epsilon, options.training);
    case 'Dropout':
      return drop(first, path, options);
    case 'Multiply':
      return merge(inputs, (a, b) => a * b);
    case 'Add':
      return merge(inputs, (a, b) => a + b);
    case 'Concatenate':
      return concatenate(inputs, Number(config.axis));
    default:
      throw new Error(`the reference does not know ${className}`);
  }
}

/** What comes out of a network. */
export function forward(
  { layers, uses, outputs }: NetworkConfig,
  inputs: readonly Values[],
  weights: Weights,
  options: ReferenceOptions,
): Values[] {
  const slots = [...inputs];
  for (const [layer, ...from] of uses) {
    slots.push(
      apply(
        layers[layer],
        from.map((slot) => slots[slot]),
        weights,
        options,
      ),
    );
  }
  return outputs.slots.map((slot) => slots[slot]);
}

/** The losses' definitions. Targets of the sparse one are class numbers. */
export const LOSSES: Record<string, (target: ArrayLike<number>, output: Values) => number> = {
  mse: (target, { data }) =>
    data.reduce((sum, y, i) => sum + (y - target[i]) ** 2, 0) / data.length,
  binary_crossentropy: (target, { data }) =>
    -data.reduce(
      (sum, p, i) => sum + target[i] * Math.log(p) + (1 - target[i]) * Math.log(1 - p),
      0,
    ) / data.length,
  binary_crossentropy_logits: (target, { shape, data }) =>
    LOSSES.binary_crossentropy(target, map({ shape, data }, sigmoid)),
  categorical_crossentropy: (target, { shape, data }) => {
    const width = shape.at(-1) ?? 1;
    const rows = data.length / width;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const own = data.subarray(row * width, (row + 1) * width);
      const total = own.reduce((a, b) => a + b);
      for (let k = 0; k < width; k++) sum -= target[row * width + k] * Math.log(own[k] / total);
    }
    return sum / rows;
  },
  categorical_crossentropy_logits: (target, output) =>
    LOSSES.categorical_crossentropy(target, softmax(output)),
  sparse_categorical_crossentropy: (target, output) => {
    const width = output.shape.at(-1) ?? 1;
    const oneHot = Array.from(output.data, (_, i) =>
      Number(target[Math.floor(i / width)] === i % width),
    );
    return LOSSES.categorical_crossentropy(oneHot, output);
  },
};
