/** Predicting, evaluating, explaining, inspecting and serving with a model that was trained. */
import { existsSync, readFileSync } from 'node:fs';
import { GLN } from '../../lib/index';
import { ask, port, serving } from './serving';
import { at, csv, file, json, run, SMALL, TRAIN, useFolder } from './support';

useFolder();

const ROWS = 1200;

beforeAll(async () => {
  await json(['train', file('train.csv', csv(ROWS)), ...TRAIN, '-m', at('model')]);
  file('new.csv', csv(300, ROWS));
});

const unlabelled = csv(300, ROWS)
  .split('\n')
  .map((line) => line.replace(/,[^,]*$/, ''))
  .join('\n');

describe('predict', () => {
  it('writes a class and a probability for each row, in order, beside columns to keep', async () => {
    const { status, stdout } = await run([
      'predict',
      at('new.csv'),
      '-m',
      at('model'),
      '--keep',
      'id',
    ]);
    expect(status).toBe(0);
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toBe('id,prediction,p(yes)');
    expect(lines.map((line) => line.split(',')[0])).toEqual(
      Array.from({ length: 300 }, (_, i) => String(ROWS + i)),
    );
    for (const line of lines) {
      const [, name, probability] = line.split(',');
      expect(name).toBe(Number(probability) > 0.5 ? 'yes' : 'no');
    }
  });

  it('says the same of rows without a target, from standard input, as JSON lines', async () => {
    const fromFile = await run(['predict', at('new.csv'), '-m', at('model')]);
    const args = ['predict', '-', '-m', at('model'), '--output-format', 'jsonl', '--probabilities'];
    const { stdout } = await run(args, unlabelled);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const expected = fromFile.stdout.trim().split('\n').slice(1);
    expect(lines.map((row) => `${row.prediction},${row['p(yes)']}`)).toEqual(expected);
    expect(Number(lines[0]['p(yes)']) + Number(lines[0]['p(no)'])).toBeCloseTo(1, 5);
  });

  it('writes into a file, and tells programs of it', async () => {
    const args = ['predict', at('new.csv'), '-m', at('model'), '-o', at('out.jsonl')];
    expect(await json(args)).toMatchObject({ rows: 300, output: at('out.jsonl') });
    expect(readFileSync(at('out.jsonl'), 'utf8').trim().split('\n')).toHaveLength(300);
    const nowhere = await run([...args.slice(0, -1), at('no/where.csv')]);
    expect(nowhere.stderr).toContain('where.csv');
    expect(nowhere.status).toBe(1);
  });

  it('wants the columns of the model', async () => {
    const ran = await run(['predict', '-', '-m', at('model')], 'id,price\n1,2\n');
    expect(ran.stderr).toMatch(/--model: expected a column of standard input .*got "city"/);
  });
});

describe('evaluate', () => {
  interface Evaluated {
    rows: number;
    metrics: { accuracy: number };
  }

  it('tests a model and leaves it as it is', async () => {
    const before = readFileSync(at('model'));
    const result = await json<Evaluated>(['evaluate', at('new.csv'), '-m', at('model')]);
    expect(result.rows).toBe(300);
    const predicted = await run(['predict', at('new.csv'), '-m', at('model'), '--keep', 'clicked']);
    const right = predicted.stdout
      .trim()
      .split('\n')
      .slice(1)
      .filter((line) => {
        const [actual, prediction] = line.split(',');
        return actual === prediction;
      });
    expect(result.metrics.accuracy).toBeCloseTo(right.length / 300, 12);
    expect(readFileSync(at('model'))).toEqual(before);
  });

  it('prequentially gives what training gives', async () => {
    const evaluated = await json<Evaluated>([
      'evaluate',
      at('train.csv'),
      '--prequential',
      ...TRAIN,
    ]);
    const inspected = await json<Evaluated>(['inspect', at('model')]);
    expect(evaluated.metrics).toEqual(inspected.metrics);
  });

  it('holds a part of the rows out', async () => {
    const args = ['evaluate', at('train.csv'), '--holdout', '0.25', ...TRAIN];
    const result = await json<Evaluated>(args);
    // A hash chooses: four standard deviations around a quarter of 1200.
    expect(Math.abs(result.rows - 300)).toBeLessThan(60);
    expect(result.metrics.accuracy).toBeGreaterThan(0.8);
    expect(await json(args)).toMatchObject({ metrics: result.metrics });
  });
});

describe('explain', () => {
  it('splits a logit into columns, exactly', async () => {
    const result = await json<{
      prediction: string;
      logit: number;
      bias: number;
      contributions: { column: string; value: string; contribution: number }[];
    }>(['explain', at('new.csv'), '-m', at('model'), '--row', '5', '--class', 'yes']);
    const sum = result.contributions.reduce((total, one) => total + one.contribution, result.bias);
    // Sums in double precision against the network's own in single.
    expect(sum).toBeCloseTo(result.logit, 4);
    expect(result.prediction).toBe(result.logit > 0 ? 'yes' : 'no');
    const byName = new Map(result.contributions.map((one) => [one.column, one]));
    expect([...byName.keys()].sort()).toEqual(['city', 'price', 'user']);
    expect(byName.get('city')?.value).toBe(['Lisbon', 'Porto', 'Faro'][(ROWS + 4) % 3]);
    expect(result.contributions[0].column).toBe('price');
  });

  it('knows which rows and classes there are', async () => {
    const row = await run(['explain', at('new.csv'), '-m', at('model'), '--row', '301']);
    expect(row.stderr).toMatch(/new\.csv: expected a row 301, got 300 rows/);
    const name = await run(['explain', at('new.csv'), '-m', at('model'), '--class', 'maybe']);
    expect(name).toMatchObject({ status: 2 });
  });

  it('follows the stages of the preset tabular', async () => {
    const args = ['train', at('train.csv'), '-t', 'clicked', '--ignore', 'id', '--layers', '8'];
    await json([...args, '-m', at('tabular')]);
    const { stdout } = await run(['explain', at('new.csv'), '-m', at('tabular')]);
    expect(stdout).toMatch(/^price /m);
    expect(stdout).toMatch(/^\(bias\) /m);
  });
});

describe('inspect', () => {
  it('tells options, columns, sizes and metrics', async () => {
    const model = await GLN.load(at('model'));
    expect(await json(['inspect', at('model')])).toMatchObject({
      rowsSeen: ROWS,
      rows: ROWS,
      position: ROWS,
      memory: model.memory,
      source: at('train.csv'),
      target: { name: 'clicked', task: 'binary', classes: ['no', 'yes'] },
      columns: [
        { name: 'price', kind: 'number' },
        { name: 'city', kind: 'oneHot', categories: ['Faro', 'Lisbon', 'Porto'] },
        { name: 'user', kind: 'hash' },
      ],
      options: { layerSizes: [8, 4], contextMapSize: 3 },
      metrics: { numRows: ROWS },
    });
    const { stdout } = await run(['inspect', at('model')]);
    expect(stdout).toMatch(/^city +oneHot +Faro, Lisbon, Porto$/m);
  });
});

describe('sparse texts', () => {
  const rows = Array.from({ length: 400 }, (_, i) => ({ on: i % 5, yes: i % 5 < 2 }));
  const libsvm = rows.map(({ on, yes }) => `${yes ? '+1' : '-1'} ${on + 1}:1 6:0.5\n`).join('');
  const vw = rows.map(({ on, yes }) => `${yes ? 1 : -1} 'tag |a w${on} |b:2 x:0.5\n`).join('');

  it.each([
    ['libsvm', libsvm],
    ['vw', vw],
  ])('are learned and predicted: %s', async (format, text) => {
    const flags = ['--format', format, ...SMALL, '--rate', '0.1', '-m', at(format)];
    const { metrics } = await json<{ metrics: { accuracy: number } }>(
      ['train', '-', ...flags],
      text,
    );
    // One feature decides, and only the first rows are guessed.
    expect(metrics.accuracy).toBeGreaterThan(0.9);
    const path = file(`sparse.${format}`, text);
    const { stdout } = await run(['predict', path, '-m', at(format)]);
    const expected = rows.slice(-5).map(({ yes }) => (yes ? '1' : '-1'));
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(-5)
        .map((line) => line.split(',')[0]),
    ).toEqual(expected);
  });
});

describe('report', () => {
  it.each(['html', 'svg', 'png'])('draws how training went: .%s', async (ending) => {
    const path = at(`report.${ending}`);
    const model = at(`report-${ending}`);
    await json(['train', at('train.csv'), ...TRAIN, '-m', model, '--report', path]);
    expect(existsSync(path)).toBe(true);
    if (ending === 'png') {
      expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
      return;
    }
    const text = readFileSync(path, 'utf8');
    for (const title of [
      'Learning curve',
      'ROC curve',
      'Calibration',
      'Contributions of columns',
    ]) {
      expect(text).toContain(title);
    }
  });
});

describe('serve', () => {
  const row = { price: 20, city: 'Porto', user: 'user3' };

  beforeEach(async () => {
    await json(['train', at('train.csv'), ...TRAIN, '-m', at('served'), '--overwrite']);
  });

  it('predicts, learns, and saves what it learned', async () => {
    await serving(at('served'), [], async () => {
      const { body, status } = await ask('POST', '/predict', row);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({
        predictions: [{ prediction: 'yes' }],
        rowsSeen: ROWS,
      });
      const learned = await ask('POST', '/learn', {
        rows: [{ ...row, clicked: 'no' }, { clicked: 'yes' }],
      });
      expect(JSON.parse(learned.body)).toMatchObject({ rowsSeen: ROWS + 2 });
      expect(JSON.parse((await ask('GET', '/health')).body)).toMatchObject({ status: 'ok' });
      expect((await ask('GET', '/metrics')).body).toContain('gln_rows_learned_total 2\n');
    });
    expect(await json(['inspect', at('served')])).toMatchObject({ rowsSeen: ROWS + 2 });
  });

  it('keeps the metrics of training, and counts what it learned itself', async () => {
    const before = await json<{ metrics: object }>(['inspect', at('served')]);
    const learn = () =>
      serving(at('served'), [], async () => {
        await ask('POST', '/learn', { ...row, clicked: 'yes' });
      });
    await learn();
    await learn();
    const after = await json<{ served: { metrics: { accuracy: number } } }>([
      'inspect',
      at('served'),
    ]);
    expect(after).toMatchObject({ rows: ROWS, position: ROWS, rowsSeen: ROWS + 2 });
    expect(after).toMatchObject({ metrics: before.metrics, served: { rows: 2 } });
    const { stdout } = await run(['inspect', at('served')]);
    expect(stdout).toMatch(/^learned while serving, each row predicted .*:\n2 rows, accuracy/m);
    // Its rows are no longer those of the run.
    const resumed = await run(['train', at('train.csv'), '-m', at('served'), '--resume']);
    expect(resumed.stderr).toContain('--resume: expected a model that has learned nothing since');
    expect(resumed.status).toBe(2);
    const more = ['train', at('new.csv'), '-m', at('served'), '--continue'];
    expect(await json(more)).toMatchObject({ rows: 300, rowsSeen: ROWS + 302 });
  });

  it('refuses what is wrong, and says why', async () => {
    await serving(at('served'), ['--max-body', '500', '--read-only'], async () => {
      expect(await ask('POST', '/predict', '{')).toMatchObject({ status: 400 });
      expect(await ask('POST', '/predict', [])).toMatchObject({ status: 400 });
      expect(await ask('POST', '/predict', [3])).toMatchObject({ status: 400 });
      const value = await ask('POST', '/predict', [row, { ...row, price: 'cheap' }]);
      expect(value.status).toBe(422);
      expect(JSON.parse(value.body)).toMatchObject({ row: 1, column: 'price' });
      expect(await ask('POST', '/predict', { prize: 3 })).toMatchObject({ status: 422 });
      expect(await ask('POST', '/learn', { ...row, clicked: 'no' })).toMatchObject({ status: 403 });
      expect(await ask('GET', '/predict')).toMatchObject({ status: 405 });
      expect(await ask('GET', '/nothing')).toMatchObject({ status: 404 });
      expect(await ask('POST', '/predict', 'x'.repeat(501))).toMatchObject({ status: 413 });
      expect((await ask('GET', '/metrics')).body).toContain('gln_rows_learned_total 0\n');
    });
    expect(await json(['inspect', at('served')])).toMatchObject({ rowsSeen: ROWS });
  });

  it('says when it cannot listen', async () => {
    await serving(at('served'), [], async () => {
      const second = await run(['serve', '-m', at('served'), '--port', String(port())]);
      expect(second.stderr).toContain('could not listen');
      expect(second.status).toBe(1);
    });
  });
});
