/**
 * Kills a process that learns from a stream, again and again, at random moments, and
 * resumes it from its checkpoint: what it knows in the end must equal, to the bit,
 * what an uninterrupted run knows.
 *
 *   node scripts/kill-test.mjs [--times 100] [--seed 1]
 *
 * It runs a copy of dist/, the package as it is published.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recordStream } from './kill/stream.mjs';

const { values: given } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const times = Number(given.times);
const root = join(fileURLToPath(import.meta.url), '..', '..');
const BATCH_ROWS = 256;
/** Blocks that a child may finish before it is killed, and then so many milliseconds more. */
const MOST_BLOCKS = 12;
const MOST_DELAY = 30;

const folder = mkdtempSync(join(tmpdir(), 'gln-kill-'));
// A copy: whoever builds meanwhile must not pull the library from under a child.
const library = join(folder, 'package', 'dist', 'index.js');
for (const name of ['package.json', 'dist']) {
  cpSync(join(root, name), join(folder, 'package', name), { recursive: true });
}
for (const name of ['build', 'prebuilds', 'node_modules']) {
  if (existsSync(join(root, name))) symlinkSync(join(root, name), join(folder, 'package', name));
}
const { fitState, GLN } = createRequire(import.meta.url)(library);
const stream = join(folder, 'stream.bin');
const rows = BATCH_ROWS * (2 * MOST_BLOCKS * times + 50);
recordStream(stream, rows, Number(given.seed));

function fail(message) {
  console.error(`FAILED: ${message} (files are in ${folder})`);
  process.exit(1);
}

/** Trains until the end, or until `kill` lines have come and some time has gone by. */
function train(path, kill) {
  const script = join(root, 'scripts/kill/train.mjs');
  const child = spawn(process.execPath, [script, library, stream, path, String(BATCH_ROWS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    let doomed = false;
    const doom = () => {
      if (doomed || kill === undefined) return;
      doomed = true;
      setTimeout(() => child.kill('SIGKILL'), Math.random() * MOST_DELAY);
    };
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.split('\n').length > (kill ?? 0)) doom();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`the child ended with ${signal ?? code}`));
    });
  });
}

const leftovers = () => readdirSync(folder).filter((name) => name.endsWith('.gln-tmp'));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const begin = performance.now();
const straight = join(folder, 'straight.safetensors');
const killed = join(folder, 'killed.safetensors');
await train(straight);

let kills = 0;
let lost = 0;
let inTheMiddle = 0;
let position = 0;
while (kills < times) {
  const before = leftovers().length;
  const ended = await train(killed, 1 + Math.floor(Math.random() * MOST_BLOCKS));
  if (ended === 'done') fail(`the stream was over after ${kills} kills`);
  kills += 1;
  if (leftovers().length > before) inTheMiddle += 1;
  if (!existsSync(killed)) continue;
  // Whole at every moment: it loads, and is not behind what it was.
  const state = fitState(await GLN.load(killed));
  if (state.position < position) fail(`the checkpoint went back from record ${position}`);
  if (state.position === position) lost += 1;
  position = state.position;
}
await train(killed);

const expected = readFileSync(straight);
const actual = readFileSync(killed);
const [one, two] = [await GLN.load(straight), await GLN.load(killed)];
const state = fitState(two);
if (JSON.stringify(state) !== JSON.stringify(fitState(one))) fail('metrics or counts differ');
if (state.position !== rows) fail(`expected record ${rows} to be reached, got ${state.position}`);
if (state.skipped === 0) fail('no record was skipped');
const fresh = Float32Array.from({ length: 256 * one.inputSize }, (_, i) => Math.sin(i));
const probabilities = (model) => model.predict(fresh, undefined, { returnProbs: true });
if (
  Buffer.compare(Buffer.from(probabilities(one).buffer), Buffer.from(probabilities(two).buffer))
) {
  fail('predictions differ');
}
if (!expected.equals(actual)) fail('the files differ');

// What killed writers left behind goes with a later save, once it is surely nobody's.
const left = leftovers();
const past = new Date(Date.now() - 120_000);
for (const name of left) utimesSync(join(folder, name), past, past);
await two.save(killed);
if (leftovers().length > 0) fail(`temporary files stay: ${leftovers().join(', ')}`);

rmSync(folder, { recursive: true });
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(
  `killed ${kills} times in ${seconds} s, ${inTheMiddle} times while a checkpoint was written, ` +
    `${lost} times before a new one: ${rows} records, ${state.learned} rows learned, ` +
    `${state.skipped} skipped; weights, statistics, metrics and predictions equal those of ` +
    `the uninterrupted run bit for bit (${sha256(actual).slice(0, 16)}); ` +
    `${left.length} temporary files were left, and removed`,
);
