/** The program as a process: real signals, a real exit status, and quiet pipes. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GLN } from '../../lib/index';
import { at, csv, file, TRAIN, useFolder } from './support';

useFolder();

const root = join(__dirname, '..', '..');
const program = ['-r', 'ts-node/register/transpile-only', join(root, 'lib', 'cli', 'main.ts')];

function gln(args: readonly string[]) {
  const child = spawn(process.execPath, [...program, ...args], { cwd: root });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => {
    output.stdout += String(text);
  });
  child.stderr.on('data', (text: Buffer) => {
    output.stderr += String(text);
  });
  const done = new Promise<number | null>((resolve) => {
    child.on('close', (status) => resolve(status));
  });
  return { child, output, done };
}

it('ends by its exit status, says nothing but the result, and shows no bar to a pipe', async () => {
  const { output, done } = gln([
    'train',
    file('t.csv', csv(300)),
    ...TRAIN,
    '-m',
    at('m'),
    '--json',
  ]);
  expect(await done).toBe(0);
  expect(JSON.parse(output.stdout)).toMatchObject({ rows: 300 });
  expect(output.stderr.trim().split('\n')).toHaveLength(1);
  const wrong = gln(['train', at('absent.csv'), '-t', 'y']);
  expect(await wrong.done).toBe(3);
}, 60_000);

// Windows has no signals that a process could catch.
const onPosix = process.platform === 'win32' ? it.skip : it;

onPosix(
  'saves the model at Ctrl-C, while it waits for more rows',
  async () => {
    const args = ['train', '-', '--sample-rows', '100', ...TRAIN, '-m', at('cut')];
    const { child, output, done } = gln([...args, '--checkpoint-rows', '1024']);
    child.stdin.write(csv(2500));
    // The first checkpoint tells that rows are being learned.
    for (let i = 0; !existsSync(at('cut')) && i < 500; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGINT');
    expect(await done).toBe(130);
    expect(output.stderr).toContain('the model is being saved');
    expect((await GLN.load(at('cut'))).rowsSeen).toBeGreaterThanOrEqual(1024);
  },
  60_000,
);
