/** This package's networks, with the settings that other GLNs get too, and with a preset. */
import { buildInfo, GLN } from 'gated-linear-networks';
import type { Job } from '../protocol';
import type { Learner, Open, Predictions } from './learner';

/** Rows a call where many are at hand. They are learned one after the other all the same. */
const BLOCK_ROWS = 1000;

function learner(model: GLN, rowsACall: number): Learner {
  // One array a size of call: the package fills arrays of its caller's.
  let wide = new Uint32Array(rowsACall);
  const classesFor = (count: number) => {
    if (wide.length !== count) wide = new Uint32Array(count);
    return wide;
  };
  const options = (count: number, out: Predictions) => ({
    returnProbs: true as const,
    out: out.probabilities,
    outClasses: classesFor(count),
  });
  return {
    version: `${buildInfo().isa}, Node ${process.versions.node}`,
    rowsACall,
    learn(rows, labels, out) {
      model.learn(rows, labels, options(labels.length, out));
      out.classes.set(wide);
    },
    predict(rows, out) {
      model.predict(rows, undefined, options(out.classes.length, out));
      out.classes.set(wide);
    },
    dispose: () => model.dispose(),
  };
}

function plain({ inputSize, numClasses, network, threads, seed }: Job): GLN {
  return new GLN({ inputSize, numClasses, threads, seed, ...network });
}

export const gln: Open = async (job) => () => learner(plain(job), BLOCK_ROWS);

export const glnByRow: Open = async (job) => () => learner(plain(job), 1);

export const glnPreset: Open = async ({ inputSize, numClasses, threads, seed, preset }) => {
  return () => learner(GLN.preset(preset, { inputSize, numClasses, threads, seed }), BLOCK_ROWS);
};
