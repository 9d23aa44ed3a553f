/**
 * Correctness before speed: a case is only timed once its network has been seen
 * to learn a block of rows as it learns them one by one, on a few rows.
 */
import { createHash } from 'node:crypto';
import type { GLN } from 'gated-linear-networks';

/** How far a block may be from row by row, relatively. */
const TOLERANCE = 1e-5;

function compare(what: string, actual: Float32Array, expected: Float32Array, floor: number): void {
  if (actual.length !== expected.length) throw new Error(`check: ${what} differ in number`);
  for (let i = 0; i < actual.length; i++) {
    const allowed = TOLERANCE * Math.max(Math.abs(expected[i]), floor);
    if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
      throw new Error(`check: ${what}[${i}] is ${actual[i]} in a block, ${expected[i]} row by row`);
    }
  }
}

/**
 * Learns the rows in one call and, with a second model, one by one, and compares
 * predictions and weights.
 *
 * @param make makes the model; called twice
 * @returns a hash of the predictions, which must be the same on every instruction
 *   set and with any number of threads
 * @throws Error where they differ or are not finite
 */
export function checkLearning(
  make: () => GLN,
  rows: Float32Array,
  labels: Uint8Array,
  sideInfo?: Float32Array,
): string {
  const block = make();
  const single = make();
  const side = sideInfo === undefined ? {} : { sideInfo };
  const width = block.inputSize;
  const networks = block.numNetworks;
  const predictions = block.learn(rows, labels, { returnProbs: true, ...side });
  const later = block.predict(rows, undefined, { returnProbs: true, ...side });
  const expected = new Float32Array(predictions.length);
  for (let i = 0; i < labels.length; i++) {
    const row = rows.subarray(i * width, (i + 1) * width);
    const sideWidth = (sideInfo?.length ?? 0) / labels.length;
    const sideRow = sideInfo?.subarray(i * sideWidth, (i + 1) * sideWidth);
    const options = sideRow === undefined ? {} : { sideInfo: sideRow };
    expected.set(single.learn(row, labels[i], { returnProbs: true, ...options }), i * networks);
  }
  compare('predictions', predictions, expected, block.options.predClipping);
  const layers = block.parameters();
  single.parameters().forEach((layer, i) => {
    // Weights that have passed near zero keep the accuracy of where they began.
    const floor = 1 / (width + 1);
    compare(`weights of layer ${i}`, layers[i].weights, layer.weights, floor);
  });
  if (!later.every(Number.isFinite)) throw new Error('check: predictions are not all finite');
  block.dispose();
  single.dispose();
  return hashOf(predictions, later);
}

/** A hash of arrays' bytes. */
export function hashOf(...arrays: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const array of arrays) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}
