/**
 * A first look: a network that learns while it serves.
 *
 * Points in the plane belong to one of three rings, which no linear model can
 * tell apart. Each point is predicted before it is learned, so the accuracy of
 * every line is that on points never seen. After half of the stream the rings
 * change places, and the network follows.
 *
 *     npx ts-node --transpile-only examples/quickstart.ts
 */
import { GLN } from 'gated-linear-networks';

const ROWS = 12_000;
const REPORT_EVERY = 1_000;
const NUM_CLASSES = 3;

/** Uniform numbers in [0, 1), the same in every run (mulberry32). */
function makeUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Runs the example.
 *
 * @param print takes the lines; replaced in the test
 * @returns the accuracy of each part of the stream, from 0 to 1
 */
export function main(print: (line: string) => void = console.log): number[] {
  const uniform = makeUniform(1);
  const model = new GLN({
    inputSize: 2,
    layerSizes: [16, 16],
    numClasses: NUM_CLASSES,
    contextMapSize: 4,
    // Halfspaces that need not pass through the middle of the rings.
    contextBias: true,
    // Coordinates from -1 to 1 serve as logits as they are.
    basePredictor: 'logits',
    learningRate: 0.05,
    seed: 1,
  });

  const accuracies: number[] = [];
  const point = new Float32Array(2);
  let right = 0;
  print('     rows  accuracy %');
  for (let i = 0; i < ROWS; i++) {
    const radius = uniform();
    const angle = 2 * Math.PI * uniform();
    point[0] = radius * Math.cos(angle);
    point[1] = radius * Math.sin(angle);
    const ring = Math.floor(radius * NUM_CLASSES);
    const label = i < ROWS / 2 ? ring : NUM_CLASSES - 1 - ring;

    const [predicted] = model.learn(point, label);
    right += Number(predicted === label);

    if ((i + 1) % REPORT_EVERY === 0) {
      const accuracy = right / REPORT_EVERY;
      accuracies.push(accuracy);
      right = 0;
      const note = i + 1 === ROWS / 2 ? '  (the rings change places here)' : '';
      print(`${String(i + 1).padStart(9)}  ${(100 * accuracy).toFixed(1).padStart(10)}${note}`);
    }
  }
  model.dispose();
  return accuracies;
}

if (require.main === module) main();
