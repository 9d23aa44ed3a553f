/**
 * The process that measures one model in Node: reads a job from its standard input,
 * prints its answer as one line of JSON. It runs as plain JavaScript, so that no
 * compiler is in its memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBytes, readFloats, writeArrays } from '../files';
import { type Answer, type Job, MISSING_STATUS, RESULTS } from '../protocol';
import { brain } from './brain';
import { gln, glnByRow, glnPreset } from './gln';
import { type Learner, type Open, outputWidth, type Predictions } from './learner';
import { peakMemory } from './memory';
import { tensorflow, tensorflowByRow } from './tensorflow';

const MODELS: Readonly<Record<string, Open>> = {
  gln,
  'gln-by-row': glnByRow,
  'gln-preset': glnPreset,
  tensorflow,
  'tensorflow-by-row': tensorflowByRow,
  brain,
};

/** Quick models learn the rows again, each time a new one, until it took so long. */
const LEAST_SECONDS = 0.3;

/** Rows of the warm-up, which a model of its own learns and predicts. */
const WARM_UP_ROWS = 200;

interface Part {
  rows: Float32Array;
  labels: Uint8Array;
}

function readParts({ files, counts, inputSize }: Job): { learn: Part; test: Part } {
  const rows = readFloats(files.rows);
  const labels = readBytes(files.labels);
  const part = (from: number, to: number) => ({
    rows: rows.subarray(from * inputSize, to * inputSize),
    labels: labels.subarray(from, to),
  });
  return { learn: part(0, counts.learn), test: part(counts.learn, counts.learn + counts.test) };
}

/** Calls `each` with blocks of rows; returns the seconds and what was predicted. */
function pass(
  job: Job,
  { rows, labels }: Part,
  rowsACall: number,
  each: (rows: Float32Array, labels: Uint8Array, out: Predictions) => void,
): { seconds: number; cpuSeconds: number; out: Predictions } {
  const { inputSize } = job;
  const width = outputWidth(job);
  const count = labels.length;
  const out = { probabilities: new Float32Array(count * width), classes: new Uint8Array(count) };
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  for (let from = 0; from < count; from += rowsACall) {
    const to = Math.min(from + rowsACall, count);
    each(rows.subarray(from * inputSize, to * inputSize), labels.subarray(from, to), {
      probabilities: out.probabilities.subarray(from * width, to * width),
      classes: out.classes.subarray(from, to),
    });
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, cpuSeconds: (user + system) / 1e6, out };
}

function learnAll(job: Job, learner: Learner, part: Part) {
  return pass(job, part, learner.rowsACall, (rows, labels, out) =>
    learner.learn(rows, labels, out),
  );
}

function predictAll(job: Job, learner: Learner, part: Part) {
  return pass(job, part, part.labels.length, (rows, _, out) => learner.predict(rows, out));
}

function write({ out: folder }: Job, part: keyof typeof RESULTS, out: Predictions): void {
  writeArrays(join(folder, RESULTS[part].probabilities), [out.probabilities]);
  writeArrays(join(folder, RESULTS[part].classes), [out.classes]);
}

async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, 'utf8')) as Job;
  const { learn, test } = readParts(job);
  const make = await MODELS[job.model](job);
  const warm = {
    rows: learn.rows.slice(0, WARM_UP_ROWS * job.inputSize),
    labels: learn.labels.slice(0, WARM_UP_ROWS),
  };
  const before = peakMemory();
  const first = make();
  learnAll(job, first, warm);
  predictAll(job, first, warm);
  first.dispose();

  const learner = make();
  const learned = learnAll(job, learner, learn);
  const tested = predictAll(job, learner, test);
  const peakBytes = peakMemory();
  learner.dispose();
  const passes = [learned];
  const total = (key: 'seconds' | 'cpuSeconds') => passes.reduce((sum, one) => sum + one[key], 0);
  while (total('seconds') < LEAST_SECONDS) {
    const again = make();
    passes.push(learnAll(job, again, learn));
    again.dispose();
  }
  write(job, 'learn', learned.out);
  write(job, 'test', tested.out);
  const answer: Answer = {
    version: learner.version,
    rowsACall: learner.rowsACall,
    online: true,
    learnSeconds: total('seconds') / passes.length,
    learnCpuSeconds: total('cpuSeconds') / passes.length,
    predictSeconds: tested.seconds,
    peakBytes,
    addedBytes: peakBytes - before,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

main().catch((error: unknown) => {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  const missing = /^Cannot find module '([^']+)'/.exec(line);
  process.stderr.write(`${missing ? `${missing[1]} is not installed` : line}\n`);
  process.exitCode = missing ? MISSING_STATUS : 1;
});
