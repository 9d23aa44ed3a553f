/**
 * Runs the platform tests on one platform and returns what they answered.
 * Input and output are files: Wine's consoles are no pipes.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** As test/support/child.ts marks an answer. */
const mark = '\u001eanswer ';

/** Runs one script of the stage; returns { answer, seconds } or throws with what it said. */
export function runOnPlatform(stage, script, { command, env, toPath = (file) => file }) {
  const folder = mkdtempSync(path.join(stage, 'run-'));
  const files = ['input', 'output', 'errors'].map((name) => path.join(folder, name));
  writeFileSync(files[0], 'null');
  const stdio = [openSync(files[0], 'r'), openSync(files[1], 'w'), openSync(files[2], 'w')];
  const [program, ...first] = command;
  const began = process.hrtime.bigint();
  try {
    const result = spawnSync(program, [...first, toPath(path.join(stage, script))], {
      cwd: stage,
      env: { ...process.env, ...env, PREBUILDS_ONLY: '1' },
      stdio,
      timeout: 540_000,
    });
    const lines = readFileSync(files[1], 'utf8').split('\n');
    const line = lines.find((text) => text.startsWith(mark));
    if (result.status !== 0 || line === undefined) {
      const said = readFileSync(files[2], 'utf8').trim().split('\n').slice(-12).join('\n');
      const how = result.error?.message ?? result.signal ?? `status ${result.status}`;
      throw new Error(`${command.join(' ')} ended with ${how}\n${said}`);
    }
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    return { answer: JSON.parse(line.slice(mark.length)), seconds };
  } finally {
    for (const descriptor of stdio) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}
