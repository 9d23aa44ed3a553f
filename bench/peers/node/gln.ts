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

/**
 * One row a call, as in a service: probabilities, of which the largest wins, and a
 * bare label are the package's quick way there.
 */
export const glnByRow: Open = async (job) => () => {
  const model = plain(job);
  return {
    ...learner(model, BLOCK_ROWS),
    rowsACall: 1,
    learn(row, [label], { probabilities, classes }) {
      model.learn(row, label, { returnProbs: true, out: probabilities });
      classes[0] =
        probabilities.length === 1 ? Number(probabilities[0] > 0.5) : best(probabilities);
    },
  };
};

function best(probabilities: Float32Array): number {
  let found = 0;
  for (let c = 1; c < probabilities.length; c++) {
    if (probabilities[c] > probabilities[found]) found = c;
  }
  return found;
}

export const glnPreset: Open = async ({ inputSize, numClasses, threads, seed, preset }) => {
  return () => learner(GLN.preset(preset, { inputSize, numClasses, threads, seed }), BLOCK_ROWS);
};
