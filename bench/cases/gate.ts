/** The gating kernel alone, on prepared data: no packing, no network around it. */
import { addon } from '../addon';
import type { Bench } from '../bench';
import { hashOf } from '../check';
import { randomFloats } from '../random';
import type { Case } from './case';

const ROWS = 256;
const SIZE = 784;
/** Those of 160 neurons with four each. */
const PLANES = 640;
/** Closer to the hyperplane than this, rounding may decide. */
const TOO_CLOSE = 1e-3;

function checkBits(planes: Float32Array, rows: Float32Array, bits: Uint8Array): void {
  // Every 37th bit: all remainders of rows and groups come up.
  for (let index = 0; index < bits.length; index += 37) {
    const row = Math.floor(index / PLANES) * SIZE;
    const plane = (index % PLANES) * SIZE;
    let product = 0;
    for (let i = 0; i < SIZE; i++) product += rows[row + i] * planes[plane + i];
    const expected = product > 0 ? 1 : 0;
    if (Math.abs(product) > TOO_CLOSE && bits[index] !== expected) {
      throw new Error(`check: halfspace bit ${index} is ${bits[index]}`);
    }
  }
}

export const gate: Case = {
  about: `halfspace bits of ${ROWS} rows of ${SIZE} values for ${PLANES} hyperplanes`,
  run(bench: Bench): string {
    const planes = randomFloats(PLANES * SIZE, 1);
    const rows = randomFloats(ROWS * SIZE, 2);
    const bias = new Float32Array(PLANES);
    const bits = new Uint8Array(ROWS * PLANES);
    const { measure } = addon;
    measure.gate(planes, bias, rows, ROWS, PLANES, bits, 1, bench.threads);
    checkBits(planes, rows, bits);
    const amount = { rows: ROWS, operations: 2 * ROWS * SIZE * PLANES };
    bench.sample({ metric: 'gate' }, amount, (times) =>
      measure.gate(planes, bias, rows, ROWS, PLANES, bits, times, bench.threads),
    );
    return hashOf(bits);
  },
};
