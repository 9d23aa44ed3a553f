/**
 * What every model of the package promises, whichever it is: one set of checks over
 * all of them.
 */
import { expectClose } from '../support/closeness';
import { thrown } from '../support/thrown';
import { contracts, type Examples, type Subject } from './models';

/** All that a model is. */
function state({ model }: Subject): string {
  return model.toBuffer().toString('base64');
}

const refusal = expect.objectContaining({
  name: 'GlnError',
  code: expect.stringMatching(/^ERR_GLN_(SHAPE|TYPE|VALUE|LABEL)$/),
  message: expect.stringContaining(': expected '),
});

describe.each(contracts)('$name', (contract) => {
  const { make, reload, examples, width, badTarget, badValue } = contract;
  const { rows, targets } = examples;

  function part(first: number, last: number): Examples {
    return {
      rows: rows.subarray(first * width, last * width),
      targets: targets.slice(first, last),
    };
  }
  const half = 70;
  const before = part(0, half);
  const after = part(half, targets.length);

  test('the seed decides, and nothing else', () => {
    const [one, same, other] = [make(1), make(1), make(2)];
    expect(one.learn(examples)).toEqual(same.learn(examples));
    expect(state(one)).toBe(state(same));
    other.learn(examples);
    expect(other.predict(rows)).not.toEqual(one.predict(rows));
  });

  test('predicting changes nothing', () => {
    const subject = make(1);
    subject.learn(before);
    const saved = state(subject);
    const first = subject.predict(rows);
    expect(subject.predict(rows)).toEqual(first);
    expect(state(subject)).toBe(saved);
    expect(subject.model.rowsSeen).toBe(half);
  });

  test('learning returns the prediction from before, and changes the next', () => {
    const subject = make(1);
    subject.learn(before);
    const row = part(half, half + 1);
    const predicted = subject.predict(row.rows);
    // A single row may be summed in another order than many.
    expectClose(subject.learn(row), predicted, { absolute: 1e-5, relative: 1e-5 });
    expect(subject.predict(row.rows)).not.toEqual(predicted);
    expect(subject.model.rowsSeen).toBe(half + 1);
  });

  test('a call with many rows is a loop over them', () => {
    const [together, apart] = [make(1), make(1)];
    const returned = together.learn(examples);
    const one = targets.flatMap((_, i) => apart.learn(part(i, i + 1)));
    expectClose(returned, one, { absolute: 1e-5, relative: 1e-5 }, 'results');
    expectClose(together.predict(rows), apart.predict(rows), { absolute: 1e-5, relative: 1e-5 });
    expect(together.model.rowsSeen).toBe(apart.model.rowsSeen);
  });

  test('saved at any time, it goes on to the same bits', () => {
    const uninterrupted = make(1);
    for (const [examples, next] of [
      [undefined, before],
      [before, after],
    ] as const) {
      if (examples !== undefined) uninterrupted.learn(examples);
      const bytes = uninterrupted.model.toBuffer({ extra: { note: 'beside' } });
      const [straight, resumed] = [reload(bytes), reload(bytes)];
      expect(resumed.model.extra).toEqual({ note: 'beside' });
      expect(resumed.model.rowsSeen).toBe(uninterrupted.model.rowsSeen);
      expect(state(resumed)).toBe(state(uninterrupted));
      const copy = reload(straight.model.toBuffer());
      expect(copy.learn(next)).toEqual(resumed.learn(next));
      expect(state(copy)).toBe(state(resumed));
    }
    const resumed = reload(uninterrupted.model.toBuffer());
    expect(resumed.learn(after)).toEqual(uninterrupted.learn(after));
    expect(state(resumed)).toBe(state(uninterrupted));
  });

  test('a damaged file is refused', () => {
    const subject = make(1);
    subject.learn(before);
    const bytes = subject.model.toBuffer();
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 1] ^= 1;
    const refused = expect.objectContaining({ name: 'GlnError', code: 'ERR_GLN_FORMAT' });
    expect(thrown(() => reload(damaged))).toEqual(refused);
    expect(thrown(() => reload(bytes.subarray(0, bytes.length - 1)))).toEqual(refused);
  });

  test('what is wrong is refused before anything has changed', async () => {
    const subject = make(1);
    subject.learn(before);
    const saved = state(subject);
    const given = contract.rowByRow ? part(0, 1) : examples;
    const spoilt = Float32Array.from(given.rows).fill(badValue, given.rows.length - 1);
    const wrong: Examples[] = [
      { rows: given.rows.subarray(1), targets: given.targets },
      { rows: new Float32Array(0), targets: [] },
      { rows: spoilt, targets: given.targets },
    ];
    if (badTarget !== undefined) {
      wrong.push({ rows: given.rows, targets: given.targets.slice(1) });
      wrong.push({ rows: given.rows, targets: [...given.targets.slice(1), badTarget] });
    }
    for (const examples of wrong) {
      expect(thrown(() => subject.learn(examples))).toEqual(refusal);
      await expect(subject.learnAsync(examples)).rejects.toEqual(refusal);
    }
    for (const { rows } of wrong.slice(0, 3)) {
      expect(thrown(() => subject.predict(rows))).toEqual(refusal);
      await expect(subject.predictAsync(rows)).rejects.toEqual(refusal);
    }
    expect(state(subject)).toBe(saved);
    expect(subject.model.rowsSeen).toBe(half);
  });

  test('asynchronous calls give the same bits', async () => {
    const [sync, async] = [make(1), make(1)];
    const given = { rows: Float32Array.from(before.rows), targets: before.targets };
    const first = async.learnAsync(given);
    // The call has a copy: this changes nothing.
    given.rows.fill(0);
    const second = async.learnAsync(after);
    expect(await first).toEqual(sync.learn(before));
    expect(await second).toEqual(sync.learn(after));
    expect(state(async)).toBe(state(sync));
    expect(await async.predictAsync(rows)).toEqual(sync.predict(rows));
  });

  test('disposed, it holds nothing and says so', async () => {
    const subject = make(1);
    subject.learn(before);
    expect(subject.model.memory).toBeGreaterThan(0);
    const unfinished = subject.learnAsync(after);
    await subject.model[Symbol.asyncDispose]();
    await unfinished;
    expect(subject.model.memory).toBe(0);
    const disposed = expect.objectContaining({ name: 'GlnError', code: 'ERR_GLN_DISPOSED' });
    expect(thrown(() => subject.learn(before))).toEqual(disposed);
    expect(thrown(() => subject.predict(before.rows))).toEqual(disposed);
    expect(thrown(() => subject.model.rowsSeen)).toEqual(disposed);
    expect(thrown(() => subject.model.toBuffer())).toEqual(disposed);
    await expect(subject.learnAsync(before)).rejects.toEqual(disposed);
    subject.model.dispose();
  });
});
