/** A saved model goes on as if nothing had happened; files that no model wrote are refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GaussianGLN, type GaussianGLNOptions, GLN, GlnError } from '../../lib';
import { decodeTensors, encodeTensors } from '../../lib/format/tensor-file';
import { Random } from '../support/random';
import { friedman, slice } from './boston';

const data = friedman(400, 11);
const [before, after] = [slice(data, 0, 230), slice(data, 230, 400)];
const kinds: GaussianGLNOptions[] = [
  { inputSize: 10, layerSizes: [9, 5], seed: 3 },
  { inputSize: 10, layerSizes: [], standardize: false, contextMapSize: 0, layerRates: [0.5] },
  {
    ...{ inputSize: 10, layerSizes: [6], aggregation: 'switching', rule: 'paper' },
    preprocessing: [{ type: 'whiten' }, { type: 'bins', bins: 2 }],
    sideInfo: [{ type: 'normalScore' }],
  },
];

it.each(kinds)('goes on to the bit: %j', async (options) => {
  const whole = new GaussianGLN(options);
  whole.learn(before.rows, before.targets);
  const folder = mkdtempSync(join(tmpdir(), 'gln-'));
  try {
    const path = join(folder, 'model.safetensors');
    await whole.save(path, { extra: { at: 230 } });
    const loaded = await GaussianGLN.load(path, { threads: 1 });
    expect(loaded.extra).toEqual({ at: 230 });
    expect(loaded.rowsSeen).toBe(230);
    expect(loaded.learn(after.rows, after.targets)).toEqual(whole.learn(after.rows, after.targets));
    expect(loaded.toBuffer().equals(whole.toBuffer())).toBe(true);
    expect(GaussianGLN.fromBuffer(whole.toBuffer()).options).toEqual(whole.options);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('asks again for a rate that was a function', () => {
  const model = new GaussianGLN({ inputSize: 1, layerSizes: [2], learningRate: (t) => 1 / t });
  const bytes = model.toBuffer();
  expect(() => GaussianGLN.fromBuffer(bytes)).toThrow(
    /learningRate: expected it to be given again/,
  );
  expect(GaussianGLN.fromBuffer(bytes, { learningRate: 0.1 }).options.learningRate).toBe(0.1);
});

it('is not taken for another kind of model', () => {
  const bytes = new GaussianGLN({ inputSize: 2, layerSizes: [2] }).toBuffer();
  expect(() => GLN.fromBuffer(bytes)).toThrow(/gln.model: expected "GLN", got "GaussianGLN"/);
  const other = new GLN({ inputSize: 2, layerSizes: [2] }).toBuffer();
  expect(() => GaussianGLN.fromBuffer(other)).toThrow(/gln.model/);
});

it('refuses what no model wrote, or predicts sound numbers from it', () => {
  const model = new GaussianGLN({ ...kinds[0], aggregation: 'switching' });
  model.learn(before.rows, before.targets);
  const bytes = model.toBuffer();
  const random = new Random(8);
  const numbers = [0, -1, 1e-300, -1e300, 1.7e308, 3.4e38, 1e15, 0.5];
  let refused = 0;
  for (let trial = 0; trial < 300; trial++) {
    const file = decodeTensors(Buffer.from(bytes));
    const tensors = new Map(file.tensors);
    const names = [...tensors.keys()];
    const name = names[random.below(names.length)];
    const values = tensors.get(name)?.data;
    if (values === undefined || values.length === 0) continue;
    const kind = random.below(5);
    if (kind === 0) tensors.delete(name);
    else if (kind === 1) tensors.set(name, { shape: [values.length, 1, 1], data: values });
    else {
      const at = random.below(values.length);
      const value = numbers[random.below(numbers.length)];
      if (values instanceof BigInt64Array)
        values[at] = BigInt(Math.trunc(Math.min(value, 2 ** 40)));
      else values[at] = value;
    }
    try {
      const loaded = GaussianGLN.fromBuffer(encodeTensors({ ...file, tensors }));
      for (let call = 0; call < 3; call++) {
        const { means, variances } = loaded.learn(after.rows, after.targets);
        expect(means.every(Number.isFinite)).toBe(true);
        expect(variances.every((v) => v > 0 && Number.isFinite(v))).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof GlnError)) throw error;
      expect(['ERR_GLN_FORMAT', 'ERR_GLN_VALUE']).toContain(error.code);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(80);
});
