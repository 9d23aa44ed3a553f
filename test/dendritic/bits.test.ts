/** The same bits on every instruction set, with any number of threads, in any split. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildInfo } from '../../lib/index';
import { runChild } from '../support/child';
import { digest } from '../support/gln';
import { type AnyDendrites, build, part, plans, reload, rowsOf } from './plans';

/** A digest of all that a model is: comparing so many bytes one by one would take long. */
function state({ model }: AnyDendrites): string {
  return createHash('sha256').update(model.toBuffer()).digest('hex');
}

test('instruction sets and threads', () => {
  const { available } = buildInfo();
  const script = join(__dirname, 'bits-child.ts');
  const [first, ...others] = available.map((isa) =>
    runChild<string[][]>(script, null, { environment: { GLN_ISA: isa } }),
  );
  for (const [one, several] of first) expect(several).toBe(one);
  for (const other of others) expect(other).toEqual(first);
});

describe.each(plans)('plan %#', (plan) => {
  const all = rowsOf(plan);
  const { rows, targets, weights } = all;
  const width = plan.options.inputSize;

  function learnSplit(cuts: readonly number[]) {
    const any = build(plan);
    const edges = [0, ...cuts, targets.length];
    for (let i = 0; i + 1 < edges.length; i++) {
      const call = part(all, edges[i], edges[i + 1]);
      any.learn(call.rows, call.targets, call.weights);
    }
    return any;
  }

  test('many rows are what row after row is', () => {
    const together = build(plan);
    const apart = build(plan);
    const numbers = together.predict(rows);
    together.learn(rows, targets);
    targets.forEach((target, i) => {
      apart.learn(rows.subarray(i * width, (i + 1) * width), [target]);
    });
    expect(digest(together.model.parameters())).toBe(digest(apart.model.parameters()));
    expect(together.predict(rows)).toEqual(apart.predict(rows));
    expect(together.predict(rows)).not.toEqual(numbers);
  });

  test('any split gives the same bits', () => {
    const whole = learnSplit([]);
    const halves = learnSplit([1, 64, 77]);
    expect(digest(halves.model.parameters())).toBe(digest(whole.model.parameters()));
    expect(halves.model.rowsSeen).toBe(weights.filter((weight) => weight > 0).length);
  });

  test('a seed decides, and nothing else', () => {
    expect(digest(build(plan).model.parameters())).toBe(digest(build(plan).model.parameters()));
    const options = { ...plan.options, seed: 99 };
    const other = build({ ...plan, options } as typeof plan);
    expect(digest(other.model.parameters())).not.toBe(digest(build(plan).model.parameters()));
  });

  test('learning answers what predicting would have, and predicting changes nothing', () => {
    const any = build(plan);
    const half = Math.floor(targets.length / 2);
    const first = part(all, 0, half);
    any.learn(first.rows, first.targets);
    const next = part(all, half, half + 1);
    const before = state(any);
    const predicted = any.predict(next.rows);
    expect(state(any)).toBe(before);
    expect(any.learn(next.rows, next.targets).slice(0, predicted.length)).toEqual(predicted);
    expect(state(any)).not.toBe(before);
  });

  test('a row of weight 0 is only predicted', () => {
    const any = build(plan);
    const before = state(any);
    any.learn(
      rows,
      targets,
      targets.map(() => 0),
    );
    expect(state(any)).toBe(before);
  });

  test('saved in the middle, it goes on as if it had not been', () => {
    const uninterrupted = build(plan);
    const half = Math.floor(targets.length / 3);
    const first = part(all, 0, half);
    const second = part(all, half, targets.length);
    uninterrupted.learn(first.rows, first.targets, first.weights);
    const bytes = uninterrupted.model.toBuffer({ extra: { at: half } });
    const resumed = reload(plan, bytes);
    expect(resumed.model.extra).toEqual({ at: half });
    expect(resumed.model.rowsSeen).toBe(uninterrupted.model.rowsSeen);
    expect(resumed.model.toBuffer({ extra: { at: half } }).equals(bytes)).toBe(true);
    const expected = uninterrupted.learn(second.rows, second.targets, second.weights);
    expect(resumed.learn(second.rows, second.targets, second.weights)).toEqual(expected);
    expect(state(resumed)).toBe(state(uninterrupted));
  });

  test('asynchronous calls give the same bits', async () => {
    const sync = build(plan);
    const async = build(plan);
    sync.learn(rows, targets, weights);
    const { model } = async;
    const given = Float32Array.from(rows);
    const learning = model.learnAsync(given, targets, { weights });
    given.fill(7);
    await learning;
    expect(state(async)).toBe(state(sync));
    const predicted = await model.predictAsync(rows);
    expect(Array.from(predicted)).toEqual(Array.from(sync.model.predict(rows)));
    await model[Symbol.asyncDispose]();
    expect(model.memory).toBe(0);
  });
});
