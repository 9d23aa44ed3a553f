/**
 * Trains networks in several worker threads at once, each allowed several threads
 * of its own, ends some of the workers in the middle, and answers with digests.
 */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { GLN } from '../../lib/index';
import { answer } from '../support/child';
import { digest } from '../support/gln';
import { rowsOf } from './gating-plans';

const inputSize = 200;

/** Large enough that every layer is worth a second thread. */
function train(threads: number): string {
  const options = { inputSize, layerSizes: [32, 16], numClasses: 4, learningRate: 1e-4 };
  const model = new GLN({ ...options, basePredictor: 'logits', seed: 1, threads });
  const { rows, labels } = rowsOf(600, inputSize, 4, 9);
  for (let pass = 0; pass < 3; pass++) model.learn(rows, labels);
  return digest(model.parameters());
}

function start(endless: boolean): Worker {
  return new Worker(__filename, {
    workerData: { endless },
    execArgv: ['-r', 'ts-node/register/transpile-only'],
  });
}

function digestOf(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) {
  const { endless } = workerData as { endless: boolean };
  if (endless) {
    parentPort?.postMessage('started');
    for (;;) train(2);
  }
  parentPort?.postMessage(train(2));
} else {
  void answer(async ({ workers, terminated }: { workers: number; terminated: number }) => {
    const expected = train(1);
    const digests = await Promise.all(
      Array.from({ length: workers }, () => digestOf(start(false))),
    );
    const ended: number[] = [];
    for (let i = 0; i < terminated; i++) {
      const worker = start(true);
      await digestOf(worker);
      ended.push(await worker.terminate());
    }
    return { expected, digests, ended, after: train(2) };
  });
}
