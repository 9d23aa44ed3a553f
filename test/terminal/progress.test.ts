/** Progress: a bar on a terminal, lines or nothing elsewhere, and always an end. */

import { Writable } from 'node:stream';

import { startProgress, withProgress } from '../../lib/terminal/progress';
import { thrownBy } from '../metrics/table-classifier';

class Screen extends Writable {
  text = '';
  readonly columns = 200;
  // What the bar library asks of a terminal's stream.
  clearLine(): boolean {
    return true;
  }
  cursorTo(): boolean {
    return true;
  }

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const screen = (isTTY: boolean): Screen => new Screen(isTTY);

it('draws a bar with rows, speed and running figures on a terminal', () => {
  const stream = screen(true);
  const progress = startProgress({ total: 200, label: 'learning', stream });
  progress.update(100, { accuracy: '91.00 %' });
  progress.update(200, { accuracy: '92.50 %' });
  progress.stop();
  expect(stream.text).toMatch(/learning \[#{24}\] 200\/200 \| \d+ rows\/s \| ETA 0 s/);
  expect(stream.text).toContain('| accuracy 92.50 %');
  expect(stream.text.endsWith('\n')).toBe(true);
  const { text } = stream;
  progress.update(10);
  progress.stop();
  expect(stream.text).toBe(text);
});

it('leaves the handlers of signals alone', () => {
  const before = process.listenerCount('SIGINT');
  const progress = startProgress({ total: 1, stream: screen(true) });
  expect(process.listenerCount('SIGINT')).toBe(before);
  progress.stop();
});

it('is silent where nobody watches, and when switched off', () => {
  const file = screen(false);
  const terminal = screen(true);
  for (const options of [{ stream: file }, { stream: terminal, enabled: false }]) {
    const progress = startProgress({ total: 10, ...options });
    progress.update(5);
    progress.stop();
  }
  expect(file.text + terminal.text).toBe('');
});

it('prints a line each tenth where asked', () => {
  const stream = screen(false);
  const progress = startProgress({ total: 1000, label: 'rows', always: true, stream });
  for (let done = 0; done <= 1000; done += 25) progress.update(done, { accuracy: '50 %' });
  progress.stop();
  const lines = stream.text.trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[4]).toMatch(/^rows: 50 %, 500\/1000, \d+ rows\/s, ETA \d+ s, accuracy 50 %$/);
});

describe('without the bar library', () => {
  afterEach(() => {
    jest.dontMock('cli-progress');
    jest.resetModules();
  });

  it('prints nothing, or lines where asked', () => {
    jest.resetModules();
    jest.doMock('cli-progress', () => {
      throw new Error("Cannot find module 'cli-progress'");
    });
    const fresh: typeof import('../../lib/terminal/progress') = require('../../lib/terminal/progress');
    const silent = screen(true);
    const lines = screen(true);
    fresh.startProgress({ total: 1, stream: silent }).update(1);
    fresh.startProgress({ total: 1, stream: lines, always: true }).update(1);
    expect(silent.text).toBe('');
    expect(lines.text).toMatch(/^rows: 100 %, 1\/1/);
  });
});

it('ends whatever happens', async () => {
  const stream = screen(true);
  const failing = withProgress({ total: 2, stream }, (progress) => {
    progress.update(1);
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(stream.text.endsWith('\n')).toBe(true);
  await expect(withProgress({ total: 0, stream }, async () => 42)).resolves.toBe(42);
});

it('refuses a total that is none', () => {
  expect(thrownBy(() => startProgress({ total: -1 }))).toMatchObject({ code: 'ERR_GLN_OPTION' });
});
