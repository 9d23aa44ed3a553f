/** Blocks of rows in place of records: the same run, only faster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FitState, fitState, GLN, type LabelledBlock } from '../../lib/index';
import { newModel, recordAt } from './support';

const ROWS = 700;
// Blocks have no weights.
const single = Array.from({ length: ROWS }, (_, i) => {
  const { input, target } = recordAt(i);
  return { input, target };
});
const width = newModel().inputSize;

/** The same rows in blocks of the given lengths, over and over. */
function* blocks(lengths: readonly number[], from = single): Generator<LabelledBlock> {
  for (let first = 0, i = 0; first < from.length; i++) {
    const part = from.slice(first, first + lengths[i % lengths.length]);
    first += part.length;
    const rows = new Float32Array(part.length * width);
    for (const [row, { input }] of part.entries()) rows.set(input, row * width);
    yield { rows, labels: Uint32Array.from(part, ({ target }) => Number(target)) };
  }
}

const bytes = (model: GLN): string => model.toBuffer().toString('base64');

it.each([[[1]], [[64]], [[100, 3, 0, 257]], [[ROWS]]])(
  'are learned as records are, in blocks of %j',
  async (lengths) => {
    const [one, other] = [newModel(), newModel()];
    const expected = await one.fit(single, { batchRows: 64 });
    const report = await other.fit(blocks(lengths, single), { batchRows: 64 });
    expect(bytes(other)).toBe(bytes(one));
    expect(report.state).toEqual(expected.state);
  },
);

it('may have invalid rows, which are left out or end the run as records do', async () => {
  const spoilt = single.map((record, i) => {
    if (i % 50 === 7) return { ...record, target: 99 };
    const input = Float32Array.from(record.input);
    if (i % 50 === 9) input[1] = Number.NaN;
    return { ...record, input };
  });
  const [one, other] = [newModel(), newModel()];
  const options = { batchRows: 64, invalid: 'skip' } as const;
  const expected = await one.fit(spoilt, options);
  const report = await other.fit(blocks([33, 150], spoilt), options);
  expect(report.skipped).toBe(28);
  expect(report.state).toEqual(expected.state);
  expect(bytes(other)).toBe(bytes(one));
  await expect(newModel().fit(blocks([100], spoilt))).rejects.toMatchObject({
    code: 'ERR_GLN_LABEL',
    report: { rows: 7, position: 7 },
  });
});

it('are refused where they have another width', async () => {
  const wrong = [{ rows: new Float32Array(width + 1), labels: new Uint32Array(1) }];
  await expect(newModel().fit(wrong)).rejects.toMatchObject({ code: 'ERR_GLN_SHAPE' });
});

it('are gone on with in the middle of one, and a checkpoint keeps what is given beside', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gln-blocks-'));
  try {
    const path = join(folder, 'model');
    const checkpoint = { path, extra: () => ({ note: 'mine' }) };
    const straight = newModel();
    await straight.fit(blocks([300], single), { batchRows: 64 });
    const controller = new AbortController();
    await newModel().fit(blocks([300], single), {
      batchRows: 64,
      checkpoint,
      signal: controller.signal,
      progressMilliseconds: 0,
      onProgress: ({ rows }) => rows > 400 && controller.abort(),
    });
    const model = await GLN.load(path);
    expect(model.extra).toMatchObject({ note: 'mine' });
    const resume = fitState(model) as FitState;
    expect(resume.position % 300).not.toBe(0);
    await model.fit(blocks([300], single), { batchRows: 64, resume });
    expect(bytes(model)).toBe(bytes(straight));
    const wrong = { ...checkpoint, extra: 3 as unknown as () => object };
    await expect(newModel().fit([], { checkpoint: wrong as never })).rejects.toMatchObject({
      code: 'ERR_GLN_OPTION',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
