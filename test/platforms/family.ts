/**
 * What every platform must learn to the same bits beside {@link runTrainings}:
 * each model of the package, and the layers' kernels.
 */

import { createHash } from 'node:crypto';
import { Dense, GatedLinearUnit, Sequential, SGD, tensor } from '../../lib/layers';
import { contracts } from '../contract/models';
import { Random } from '../support/random';

/**
 * A digest of predictions and of the saved file. Predictions count as float32: where
 * JavaScript takes their logarithm, engines may disagree about the last bit of a double.
 */
function familyDigests(): Record<string, string> {
  const entries = contracts.map(({ name, make, examples }) => {
    const subject = make(11);
    const hash = createHash('sha256');
    for (const numbers of [subject.learn(examples), subject.predict(examples.rows)]) {
      hash.update(new Uint8Array(Float32Array.from(numbers).buffer));
    }
    hash.update(subject.model.toBuffer());
    subject.model.dispose();
    return [name, hash.digest('hex')];
  });
  return Object.fromEntries(entries);
}

/** Sizes that leave a rest in every block of rows and lanes. */
const sizes = { rows: 37, inputs: 21, units: 19, outputs: 3 };

/** Weights after a few steps of descent, which takes no function of the engine's. */
async function layersDigest(): Promise<string> {
  const { rows, inputs, units, outputs } = sizes;
  const random = new Random(5);
  const x = tensor(
    random.floats(rows * inputs, () => random.bell()),
    [rows, inputs],
  );
  const y = tensor(
    random.floats(rows * outputs, () => random.bell()),
    [rows, outputs],
  );
  const model = new Sequential(
    [
      new GatedLinearUnit({ units }),
      new Dense({ units, activation: 'tanh' }),
      new Dense({ units: outputs }),
    ],
    { seed: 3 },
  );
  model.compile({ optimizer: new SGD({ learningRate: 0.01, momentum: 0.9 }), loss: 'mse' });
  await model.fit(x, y, { epochs: 3, batchSize: 16 });
  const hash = createHash('sha256');
  for (const { data } of model.getWeights()) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

export async function runFamily(): Promise<Record<string, string>> {
  return { ...familyDigests(), layers: await layersDigest() };
}
