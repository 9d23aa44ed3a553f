/** Numbers as targets, and weights of rows, through every command. */
import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fitState, GaussianGLN, GLN } from '../../lib/index';
import { ask, serving } from './serving';
import { at, csv, file, json, rents, run, SMALL, start, TRAIN, useFolder } from './support';

useFolder();

const ROWS = 900;

const FLAGS = ['--target', 'rent', '--ignore', 'id,count', '--preset', 'plain', '--layers', '12,6'];

interface Figures {
  numRows: number;
  weight: number;
  rootMeanSquaredError: number;
  rSquared: number;
  intervals: { level: number; coverage: number }[];
}

interface Result {
  rows: number;
  metrics: Figures;
}

beforeAll(async () => {
  await json(['train', file('rents.csv', rents(ROWS)), ...FLAGS, '-m', at('rent')]);
  file('later.csv', rents(200, ROWS));
});

const parameters = async (path: string) => (await GaussianGLN.load(path)).parameters();

describe('train', () => {
  it('finds out that the target is a number, and learns it', async () => {
    const { status, stdout, stderr } = await run([
      'train',
      at('rents.csv'),
      ...FLAGS,
      '-m',
      at('said'),
    ]);
    expect(status).toBe(0);
    expect(stderr).toBe('2 columns (1 number, 1 oneHot), numbers of "rent", layers 12-6-1\n');
    expect(stdout).toMatch(/^899 rows, RMSE \d+/m);
    expect(stdout).toMatch(/^90 +\d+/m);
    const { metrics } = await json<Result>(['inspect', at('said')]);
    // Size and district explain all but the noise of deviation 20, of some 280.
    expect(metrics.rSquared).toBeGreaterThan(0.7);
  });

  it('gives the model that the rows give from standard input', async () => {
    const args = ['train', '-', ...FLAGS, '-m', at('piped')];
    await json(args, rents(ROWS));
    expect(await parameters(at('piped'))).toEqual(await parameters(at('rent')));
  });

  it('takes whole numbers as told', async () => {
    const path = file('whole.csv', rents(300));
    const args = ['train', path, '-t', 'count', '--ignore', 'id', ...SMALL, '-m', at('count')];
    expect((await run(args)).stderr).toContain('3 classes of "count"');
    const told = await run([...args, '--overwrite', '--task', 'number']);
    expect(told.stderr).toContain('numbers of "count"');
    await GaussianGLN.load(at('count'));
  });

  it('stops in order, and goes on to the same bits', async () => {
    let stdin: Readable | undefined;
    const lines = rents(ROWS).split(/(?<=\n)/);
    const stopped = await new Promise<{ status: number }>((resolve) => {
      stdin = Readable.from(
        (async function* () {
          yield lines.slice(0, 800).join('');
          setTimeout(() => running.signals.emit('SIGINT'), 300);
          await new Promise((done) => setTimeout(done, 20_000).unref());
        })(),
      );
      const args = ['train', '-', '--sample-rows', '100', ...FLAGS, '-m', at('cut'), '-q'];
      const running = start(args, stdin);
      void running.done.then(resolve);
    });
    stdin?.destroy();
    expect(stopped.status).toBe(130);
    await json(['train', at('rents.csv'), '-m', at('cut'), '--resume']);
    expect(await parameters(at('cut'))).toEqual(await parameters(at('rent')));
    const [resumed, straight] = await Promise.all(
      [at('cut'), at('rent')].map(async (path) => fitState(await GaussianGLN.load(path))),
    );
    expect(resumed).toEqual(straight);
  }, 30_000);

  it('draws how it went', async () => {
    const flags = [...FLAGS, '--overwrite', '-m', at('drawn')];
    await json(['train', at('rents.csv'), ...flags, '--report', at('drawn.html')]);
    const page = readFileSync(at('drawn.html'), 'utf8');
    for (const title of [
      'Learning curve',
      'Prequential log likelihood',
      'Predicted against actual',
      'Residuals',
      'Calibration of intervals',
      'Contributions of columns',
    ]) {
      expect(page).toContain(title);
    }
    await json(['evaluate', at('later.csv'), '-m', at('drawn'), '--report', at('drawn.png')]);
    expect(existsSync(at('drawn.png'))).toBe(true);
  }, 30_000);
});

describe('a number that is none', () => {
  const broken = (cell: string): string => {
    const lines = rents(ROWS).split('\n');
    lines[500] = lines[500].replace(/,[^,]*,[^,]*$/, `,${cell},1`);
    return lines.join('\n');
  };

  it.each([
    ['cheap', /expected a number within ± 10\^15, got "cheap"/],
    ['', /expected a number within ± 10\^15, got nothing/],
    ['1e300', /expected a number within ± 10\^15, got "1e\+?300"/],
    ['inf', /expected a number within ± 10\^15, got "inf"/],
  ])('is named: %p', async (cell, expected) => {
    const path = file('broken.csv', broken(cell));
    const args = [...FLAGS, '--overwrite', '-m', at('broken')];
    const fromFile = await run(['train', path, ...args]);
    expect(fromFile.status).toBe(3);
    expect(fromFile.stderr).toMatch(/broken\.csv, row 500, column "rent": /);
    expect(fromFile.stderr).toMatch(expected);
    const piped = await run(['train', '-', ...args], broken(cell));
    expect(piped.stderr).toMatch(/standard input, line 501, column "rent": expected a number/);
    const skipping = await json<{ rows: number; skipped: { count: number } }>([
      'train',
      path,
      ...args,
      '--skip-invalid',
    ]);
    expect(skipping).toMatchObject({ rows: ROWS - 1, skipped: { count: 1 } });
  });
});

describe('predict', () => {
  it('writes mean and deviation, and the ends of intervals', async () => {
    const args = ['predict', at('later.csv'), '-m', at('rent'), '--keep', 'rent'];
    const { stdout } = await run([...args, '--interval', '0.9']);
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toBe('rent,prediction,deviation,low,high');
    expect(lines).toHaveLength(200);
    const rows = lines.map((line) => line.split(',').map(Number));
    for (const [, mean, deviation, low, high] of rows) {
      // Six digits are written.
      expect((high - low) / (2 * deviation)).toBeCloseTo(1.64485, 2);
      expect((high + low) / 2).toBeCloseTo(mean, 1);
    }
    const held = rows.filter(([rent, , , low, high]) => low <= rent && rent <= high);
    expect(held.length).toBeGreaterThan(150);
    const jsonl = await run([...args.slice(0, -2), '--output-format', 'jsonl']);
    const [first] = jsonl.stdout.split('\n');
    expect(JSON.parse(first)).toEqual({ prediction: rows[0][1], deviation: rows[0][2] });
  });

  it('knows what is asked of which model', async () => {
    const probabilities = await run(['predict', '-', '-m', at('rent'), '--probabilities']);
    expect(probabilities.stderr).toContain(
      '--probabilities: expected a model that predicts classes',
    );
    expect(probabilities.status).toBe(2);
    await json(['train', file('clicks.csv', csv(200)), ...TRAIN, '-m', at('clicks')]);
    const interval = await run(['predict', '-', '-m', at('clicks'), '--interval', '0.9']);
    expect(interval.stderr).toContain('--interval: expected a model that predicts numbers');
    const wrong = await run(['predict', '-', '-m', at('rent'), '--interval', '1']);
    expect(wrong.stderr).toContain('--interval: expected a number between 0 and 1');
    const explained = await run(['explain', at('later.csv'), '-m', at('rent'), '--class', 'x']);
    expect(explained.stderr).toContain('--class: expected a model that predicts classes');
  });

  it('refuses files of other models', async () => {
    const other = new GLN({ inputSize: 2, layerSizes: [2] });
    await other.save(at('plain'));
    expect((await run(['inspect', at('plain')])).stderr).toContain('names no columns');
    const model = await GLN.load(at('clicks'));
    const { extra } = await GaussianGLN.load(at('rent'));
    await model.save(at('mixed'), { extra });
    const mixed = await run(['inspect', at('mixed')]);
    expect(mixed).toMatchObject({ status: 3 });
    expect(mixed.stderr).toContain('its columns are not those of a GLN');
    expect((await run(['inspect', file('text', 'no model at all')])).status).toBe(3);
  });
});

describe('evaluate', () => {
  it('tests a model, and says what predict says', async () => {
    const { rows, metrics } = await json<Result>(['evaluate', at('later.csv'), '-m', at('rent')]);
    expect(rows).toBe(200);
    const args = ['predict', at('later.csv'), '-m', at('rent'), '--keep', 'rent'];
    const lines = (await run(args)).stdout.trim().split('\n').slice(1);
    const squares = lines.map((line) => {
      const [rent, mean] = line.split(',').map(Number);
      return (rent - mean) ** 2;
    });
    const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 200);
    // Six digits were written of each number.
    expect(metrics.rootMeanSquaredError / error).toBeCloseTo(1, 3);
    expect(metrics.intervals).toHaveLength(19);
  });

  it('prequentially gives what training gives, and holds rows out', async () => {
    const prequential = await json<Result>([
      'evaluate',
      at('rents.csv'),
      '--prequential',
      ...FLAGS,
    ]);
    const { metrics } = await json<Result>(['inspect', at('rent')]);
    expect(prequential.metrics).toEqual(metrics);
    const holdout = ['evaluate', at('rents.csv'), '--holdout', '0.25', ...FLAGS];
    const held = await json<Result>(holdout);
    // A hash chooses: four standard deviations around a quarter of 900.
    expect(Math.abs(held.rows - 225)).toBeLessThan(52);
    expect(held.metrics.rSquared).toBeGreaterThan(0.7);
  });
});

it('explain splits a predicted number into columns, exactly', async () => {
  const result = await json<{
    prediction: number;
    deviation: number;
    bias: number;
    contributions: { column: string; value: string; contribution: number }[];
  }>(['explain', at('later.csv'), '-m', at('rent'), '--row', '5']);
  const sum = result.contributions.reduce((total, one) => total + one.contribution, result.bias);
  // Doubles, added in another order.
  expect(sum).toBeCloseTo(result.prediction, 8);
  expect(result.contributions.map(({ column }) => column).sort()).toEqual(['district', 'size']);
  const { stdout } = await run(['explain', at('later.csv'), '-m', at('rent')]);
  expect(stdout).toMatch(/^row 1: predicted \d+\S* ± \d+\S*; what it is made of:\n/);
  expect(stdout).toMatch(/^prediction +\d/m);
});

it('serve predicts and learns numbers, and weighs them', async () => {
  const flags = [...FLAGS.map((flag) => (flag === 'id,count' ? 'id' : flag)), '--weight', 'count'];
  const args = ['train', at('rents.csv'), ...flags, '-m', at('served')];
  const { metrics } = await json<Result>(args);
  const row = { size: 80, district: 'south' };
  await serving(at('served'), [], async () => {
    const { body } = await ask('POST', '/predict', row);
    const [{ prediction, deviation }] = JSON.parse(body).predictions as Record<string, number>[];
    expect(Math.abs(prediction - 1360)).toBeLessThan(4 * deviation);
    expect(JSON.parse((await ask('GET', '/health')).body)).toMatchObject({ task: 'number' });
    const wrong = await ask('POST', '/learn', [{ ...row, rent: 'much' }]);
    expect(wrong.status).toBe(422);
    expect(JSON.parse(wrong.body)).toMatchObject({ row: 0, column: 'rent' });
    const weight = await ask('POST', '/learn', { ...row, rent: 1300, count: -1 });
    expect(JSON.parse(weight.body)).toMatchObject({ column: 'count' });
    const learned = [
      { ...row, rent: 1300, count: 2 },
      { ...row, rent: 1400 },
      { ...row, rent: 1400, count: 0 },
    ];
    expect(await ask('POST', '/learn', learned)).toMatchObject({ status: 200 });
    const figures = (await ask('GET', '/metrics')).body;
    expect(figures).toMatch(/^gln_recent_root_mean_squared_error \d/m);
    expect(figures).toContain('gln_rows_learned_total 3\n');
  });
  expect(await json(['inspect', at('served')])).toMatchObject({
    ...{ rowsSeen: ROWS + 2, metrics },
    served: { rows: 2, metrics: { weight: 3 } },
  });
});

describe('weights', () => {
  const WEIGHED = [...SMALL, '--target', 'clicked', '--ignore', 'id', '--weight', 'mass'];
  const masses = (rows: number): string =>
    csv(rows)
      .trim()
      .split('\n')
      .map((line, i) => (i === 0 ? `${line},mass` : `${line},${i % 4 === 1 ? 0 : (i % 3) + 0.5}`))
      .join('\n');

  it('count in learning and in metrics, and are no input', async () => {
    const path = file('masses.csv', masses(600));
    const { metrics, learned } = await json<Result & { learned: number }>([
      'train',
      path,
      ...WEIGHED,
      '-m',
      at('masses'),
    ]);
    expect(learned).toBe(450);
    const expected = Array.from({ length: 600 }, (_, k) => k + 1)
      .map((i) => (i % 4 === 1 ? 0 : (i % 3) + 0.5))
      .reduce((sum, weight) => sum + weight, 0);
    expect(metrics).toMatchObject({ numRows: 450, weight: expected });
    const inspected = await json<{ columns: { name: string }[]; weight: string }>([
      'inspect',
      at('masses'),
    ]);
    expect(inspected.weight).toBe('mass');
    expect(inspected.columns.map(({ name }) => name)).toEqual(['price', 'city', 'user']);
    await json(['train', '-', ...WEIGHED, '-m', at('masses-piped')], masses(600));
    const [one, other] = await Promise.all(
      [at('masses'), at('masses-piped')].map(async (name) => (await GLN.load(name)).parameters()),
    );
    expect(one).toEqual(other);
    const tested = await json<Result>(['evaluate', path, '-m', at('masses')]);
    expect(tested.metrics).toMatchObject({ numRows: 450, weight: expected });
    const held = await json<Result>(['evaluate', path, '--holdout', '0.5', ...WEIGHED]);
    expect(held.metrics.weight).not.toBe(held.metrics.numRows);
  });

  it('of numbers do the same', async () => {
    const flags = [
      ...FLAGS.map((flag) => (flag === 'id,count' ? 'id' : flag)),
      '--weight',
      'count',
    ];
    const args = ['train', at('rents.csv'), ...flags, '-m', at('counted')];
    const { metrics } = await json<Result>(args);
    // The first row, of weight 1, is only learned.
    expect(metrics).toMatchObject({ numRows: ROWS - 1, weight: 2 * ROWS - 1 });
  });

  it('that are none are named', async () => {
    const lines = masses(100).split('\n');
    lines[50] = lines[50].replace(/[^,]*$/, '-1');
    const args = ['-', ...WEIGHED, '-m', at('negative')];
    const { status, stderr } = await run(['train', ...args], lines.join('\n'));
    expect(status).toBe(3);
    expect(stderr).toMatch(/line 51, column "mass": expected a weight of at least 0, got "-1"/);
    const without = await run(['evaluate', file('w.csv', csv(50)), '-m', at('masses')]);
    expect(without.stderr).toMatch(/--weight: expected a column of .*got "mass"/);
    const other = [
      'train',
      at('masses.csv'),
      '-m',
      at('masses'),
      '--continue',
      '--weight',
      'price',
    ];
    expect((await run(other)).stderr).toContain('--weight: expected mass, as the model has it');
  });
});
