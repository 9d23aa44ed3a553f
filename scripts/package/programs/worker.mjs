// The package in a worker thread, which comes and goes while the main thread lives.
import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { stdout: i < 2 });
      worker.on('error', reject);
      worker.on('exit', resolve);
    });
  }
} else {
  const { default: work } = await import('./work.cjs');
  work(await import('gated-linear-networks'));
}
