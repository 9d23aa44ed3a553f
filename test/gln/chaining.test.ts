/**
 * When rows of a call are learned together: only where that cannot be told from
 * learning them one by one.
 */

import { GLN, type GLNOptions } from '../../lib/index';
import { Random } from '../support/random';

const inputSize = 150;
const count = 400;

/** Rows whose smallest and largest values are clipped logits: large, as pixels are. */
function rowsOf(seed: number) {
  const random = new Random(seed);
  return {
    rows: random.floats(count * inputSize, () => (random.below(3) === 0 ? 1 : 0)),
    labels: Uint8Array.from({ length: count }, () => random.below(3)),
  };
}

function learn(options: Partial<GLNOptions>, cut: number) {
  const { rows, labels } = rowsOf(3);
  const model = new GLN({ inputSize, layerSizes: [20], numClasses: 3, seed: 2, ...options });
  const probabilities: number[] = [];
  for (let first = 0; first < count; first += cut) {
    const end = Math.min(count, first + cut);
    const part = rows.subarray(first * inputSize, end * inputSize);
    probabilities.push(...model.learn(part, labels.subarray(first, end), { returnProbs: true }));
  }
  return { probabilities, parameters: model.parameters() };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

// η |l|² / 4 with |l|² about 150 · 6.9²: far beyond 2, and far below.
const overshooting = 0.01;
const stable = 1e-4;

describe('chaining', () => {
  it.each([64, 100, count])('changes no bit where steps overshoot: %d rows a call', (cut) => {
    expect(learn({ learningRate: overshooting }, cut)).toEqual(
      learn({ learningRate: overshooting }, 1),
    );
  });

  it("'always' rounds differently there, which is why it is not the default", () => {
    const single = learn({ learningRate: overshooting }, 1).probabilities;
    const chained = learn({ learningRate: overshooting, chaining: 'always' }, count).probabilities;
    expect(largestDifference(chained, single)).toBeGreaterThan(0);
  });

  it('makes no difference how it is set where steps are stable', () => {
    const byDefault = learn({ learningRate: stable }, count);
    expect(learn({ learningRate: stable, chaining: 'always' }, count)).toEqual(byDefault);
    const single = learn({ learningRate: stable }, 1);
    // Rows were chained, or there would be no difference at all.
    const difference = largestDifference(byDefault.probabilities, single.probabilities);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5);
  });

  it('cuts chains at multiples of 64 rows, so that cuts there change no bit', () => {
    expect(learn({ learningRate: stable }, 128)).toEqual(learn({ learningRate: stable }, count));
    expect(learn({ learningRate: stable }, 64)).toEqual(learn({ learningRate: stable }, count));
  });
});
