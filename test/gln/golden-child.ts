/**
 * Runs every golden file through the engine, on the instruction set that the
 * environment forces, and answers with all that the files have an opinion on.
 */

import { buildInfo, GLN } from '../../lib/index';
import { answer, encodeFloats } from '../support/child';
import { digest } from '../support/gln';
import { readGoldens } from '../support/golden';

export interface GoldenRun {
  name: string;
  /** Of each step, [rows][networks], encoded. */
  probabilities: string[];
  /** Of each layer, encoded. */
  finalWeights: string[];
  digest: string;
  rowsSeen: number;
  testProbabilities: string;
  testClasses: number[];
}

export interface GoldenRuns {
  isa: string;
  runs: GoldenRun[];
}

/** Rows as the files have them, in double precision: that is how a user would pass them. */
function nested(rows: readonly ArrayLike<number>[]): number[][] {
  return rows.map((row) => Array.from(row));
}

function runAll(): GoldenRun[] {
  return readGoldens().map(({ name, options, layers, steps, test }) => {
    const model = GLN.fromParameters(options, layers);
    const probabilities = steps.map(({ input, target, sideInfo }) =>
      encodeFloats(
        model.learn(nested(input), target, {
          returnProbs: true,
          ...(sideInfo && { sideInfo: nested(sideInfo) }),
        }),
      ),
    );
    const parameters = model.parameters();
    const { rowsSeen } = model;
    const rows = nested(test.input);
    const sideInfo = test.sideInfo && { sideInfo: nested(test.sideInfo) };
    return {
      name,
      probabilities,
      finalWeights: parameters.map((layer) => encodeFloats(layer.weights)),
      digest: digest(parameters),
      rowsSeen,
      testProbabilities: encodeFloats(
        model.predict(rows, undefined, { returnProbs: true, ...sideInfo }),
      ),
      testClasses: Array.from(model.predict(rows, undefined, sideInfo)),
    };
  });
}

void answer((): GoldenRuns => ({ isa: buildInfo().isa, runs: runAll() }));
