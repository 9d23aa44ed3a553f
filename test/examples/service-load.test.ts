/** The load test of the example service, in its shortest form: every phase does what it is called. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { main } from '../../examples/service/load/main';
import { runnerOf } from './run';

const load = runnerOf(main);

beforeAll(() => {
  const root = join(__dirname, '..', '..');
  const build = join(root, 'scripts', 'build-typescript.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { cwd: root, stdio: 'ignore' });
}, 60_000);

it('measures predictions with and without learning', async () => {
  const flags = ['--seconds', '1', '--rounds', '1', '--rate', '50', '--learn-rows', '640'];
  const { code, stdout } = await load(...flags, '--connections', '4', '--json');
  expect(code).toBe(0);
  const { measurements } = JSON.parse(stdout) as {
    measurements: { learning: string; requests: number; rowsLearned: number; failed: number }[];
  };
  expect(measurements.map(({ learning }) => learning)).toEqual([
    ...['none', 'paced', 'unpaced', 'none', 'paced'],
  ]);
  for (const { learning, requests, rowsLearned, failed } of measurements) {
    expect(requests).toBeGreaterThan(0);
    expect(failed).toBe(0);
    expect(rowsLearned > 0).toBe(learning !== 'none');
  }
}, 60_000);

it('refuses flags that it does not know', async () => {
  const { code, stdout, stderr } = await load('--seconds', '0');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--seconds');
});
