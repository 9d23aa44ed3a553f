/**
 * The gradient that the specification writes down against finite differences of the
 * loss that it writes down: through every projection, at weights of both signs.
 */
import { Random } from '../support/random';
import {
  type Bounds,
  biasMeans,
  type Gaussians,
  negativeLogDensity,
  neuronGradient,
  predictNeuron,
  projected,
} from './gaussian';

interface Neuron {
  weights: number[];
  inputs: Gaussians;
  bounds: Bounds;
  target: number;
}

function makeNeuron(random: Random, size: number): Neuron {
  const signed = (scale: number) => scale * (2 * random.uniform() - 1);
  const minVariance = 0.05 + random.uniform();
  return {
    weights: Array.from({ length: size }, () => signed(1.5)),
    inputs: {
      means: Array.from({ length: size }, () => signed(2)),
      variances: Array.from({ length: size }, () => 0.2 + 3 * random.uniform()),
    },
    bounds: {
      minVariance,
      maxVariance: minVariance + 3 * random.uniform(),
      weightRange: [-1 - random.uniform() * 0.3, 1 + random.uniform() * 0.3],
    },
    target: signed(3),
  };
}

function lossOf({ weights, inputs, bounds, target }: Neuron): number {
  return negativeLogDensity(predictNeuron(weights, inputs, bounds), target);
}

/** Which case of the rule the neuron is in, and whether a small step could leave it. */
function caseOf({ weights, inputs, bounds }: Neuron): { name: string; firm: boolean } {
  const [low, high] = bounds.weightRange;
  const limited = weights.map((w) => Math.min(Math.max(w, low), high));
  const precision = limited.reduce((sum, w, i) => sum + w / inputs.variances[i], 0);
  const { minVariance, maxVariance } = bounds;
  const edges = [1 / minVariance, 1 / maxVariance, 0].map((edge) => Math.abs(precision - edge));
  const corners = weights.flatMap((w) => [Math.abs(w - low), Math.abs(w - high)]);
  const { bound } = projected(weights, inputs, bounds);
  let name = 'inside';
  if (precision < 0) name = 'negative';
  else if (bound === minVariance) name = 'narrow';
  else if (bound === maxVariance) name = 'wide';
  return { name, firm: Math.min(...edges, ...corners) > 1e-3 };
}

it('is the derivative of the loss, in every case of the rule', () => {
  const random = new Random(5);
  const seen = new Map<string, number>();
  for (let trial = 0; trial < 600; trial++) {
    const neuron = makeNeuron(random, 1 + (trial % 6));
    const { name, firm } = caseOf(neuron);
    if (!firm) continue;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    const gradient = neuronGradient(neuron.weights, neuron.inputs, neuron.bounds, neuron.target);
    gradient.forEach((slope, i) => {
      const step = 1e-6;
      const at = (change: number) =>
        lossOf({ ...neuron, weights: neuron.weights.map((w, k) => (k === i ? w + change : w)) });
      const measured = (at(step) - at(-step)) / (2 * step);
      // Central differences leave step² times a third derivative, and 10^-16 / step.
      expect(Math.abs(measured - slope)).toBeLessThan(2e-5 * Math.max(1, Math.abs(slope)));
    });
  }
  for (const name of ['inside', 'narrow', 'wide', 'negative']) {
    expect(seen.get(name) ?? 0).toBeGreaterThan(20);
  }
});

it('leaves the variance alone where it is projected', () => {
  const inputs = { means: [1, -2], variances: [0.5, 2] };
  const bounds: Bounds = { minVariance: 0.7, maxVariance: 10, weightRange: [-1000, 1000] };
  expect(predictNeuron([3, 1], inputs, bounds).variance).toBeCloseTo(0.7, 12);
  expect(predictNeuron([0.001, 0.001], inputs, bounds).variance).toBeCloseTo(10, 12);
  const gradient = neuronGradient([3, 1], inputs, bounds, 0.3);
  expect(Math.abs(gradient[0] / 0.5 + gradient[1] / 2)).toBeLessThan(1e-14);
});

it('spreads bias inputs evenly', () => {
  expect(biasMeans(3, 1)).toEqual([-1, 0, 1]);
  expect(biasMeans(4, 3)).toEqual([-3, -1, 1, 3]);
  expect(biasMeans(1, 2)).toEqual([-2]);
  expect(biasMeans(0, 2)).toEqual([]);
});
