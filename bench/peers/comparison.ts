/**
 * One data set with every model: rounds in which each model has a process, one after
 * the other, so that what else the machine does falls on all of them.
 */
import { OURS, type Peer } from './catalogue';
import type { Dataset } from './datasets';
import { agreementOf, type Figure, type Line, memoryOf, samplesOf, score } from './figures';
import { type Run, runPeer, threadsOf, whyNoPython } from './run-peer';
import type { Workspace } from './workspace';

/** How models are compared. */
export interface Plan {
  peers: readonly Peer[];
  samples: number;
  seed: number;
  /** The Python to use. */
  python: string;
  /** Is told of every process that ended. */
  onRun: (text: string) => void;
}

/** What came of one data set. */
export interface Outcome {
  lines: Line[];
  /** Models that failed, in words; those that cannot run here are only skipped. */
  failures: string[];
}

/** Compares all models on one data set. */
export async function compare(
  dataset: Dataset,
  workspace: Workspace,
  plan: Plan,
): Promise<Outcome> {
  const { peers, samples, seed, python, onRun } = plan;
  const job = workspace.prepare(dataset, seed);
  const runs = new Map<string, Run[]>(peers.map(({ id }) => [id, []]));
  const skipped = new Map<string, string>();
  const failures: string[] = [];
  if (peers.some(({ runtime }) => runtime === 'python')) {
    const reason = await whyNoPython(python);
    if (reason !== undefined) {
      for (const { id, runtime } of peers) if (runtime === 'python') skipped.set(id, reason);
    }
  }
  for (let sample = 0; sample < samples; sample++) {
    // Back and forth: no model is always the one after a certain other.
    for (const peer of sample % 2 === 0 ? peers : [...peers].reverse()) {
      if (skipped.has(peer.id)) continue;
      const started = performance.now();
      try {
        const run = await runPeer(peer, job, workspace, python);
        if (typeof run === 'string') skipped.set(peer.id, run);
        else runs.get(peer.id)?.push(run);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`${dataset.name}: ${reason}`);
        skipped.set(peer.id, `it failed: ${reason}`);
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      onRun(`${dataset.name}, ${sample + 1} of ${samples}: ${peer.id}, ${seconds} s`);
    }
  }
  const ours = runs.get(OURS) ?? [];
  const lines = peers.map((peer): Line => {
    const which = { dataset: dataset.name, peer: peer.id, title: peer.title };
    const reason = skipped.get(peer.id);
    if (reason !== undefined) return { ...which, skipped: reason };
    return { ...which, ...figureOf(peer, runs.get(peer.id) ?? [], ours, dataset) };
  });
  return { lines, failures };
}

function figureOf(
  peer: Peer,
  runs: readonly Run[],
  ours: readonly Run[],
  dataset: Dataset,
): Omit<Figure, 'dataset' | 'peer' | 'title'> {
  const { learn, test, numClasses } = dataset;
  const [first] = runs;
  const seconds = runs.map(({ answer }) => answer.learnSeconds);
  const cpuSeconds = runs.map(({ answer }) => answer.learnCpuSeconds);
  const prequential = first.learn && score(learn, first.learn, numClasses);
  const tested = score(test, first.test, numClasses);
  const both = ours.length === runs.length;
  return {
    version: first.answer.version,
    threads: threadsOf(peer),
    rowsACall: Math.min(first.answer.rowsACall, learn.labels.length),
    learnRows: learn.labels.length,
    testRows: test.labels.length,
    learnRowsPerSecond: samplesOf(seconds.map((value) => learn.labels.length / value)),
    predictRowsPerSecond: samplesOf(
      runs.map(({ answer }) => test.labels.length / answer.predictSeconds),
    ),
    oursTimesAsFast: both
      ? samplesOf(seconds.map((value, i) => value / ours[i].answer.learnSeconds))
      : null,
    learnRowsPerCpuSecond: samplesOf(cpuSeconds.map((value) => learn.labels.length / value)),
    oursTimesLessCpu: both
      ? samplesOf(cpuSeconds.map((value, i) => value / ours[i].answer.learnCpuSeconds))
      : null,
    prequentialAccuracy: prequential?.accuracy ?? null,
    prequentialLogLoss: prequential?.logLoss ?? null,
    testAccuracy: tested.accuracy,
    testLogLoss: tested.logLoss,
    peakBytes: memoryOf(runs, 'peakBytes'),
    addedBytes: memoryOf(runs, 'addedBytes'),
    agreement: peer.sameNetwork && both ? agreementOf(first, ours[0]) : null,
  };
}
