/**
 * What the calls of all classifiers in native code have in common: the arrays that they
 * read and write, and those of a call that goes on after it returns.
 */
import { checkFlag, classesArray, outputArray } from './calls';
import type { Labels, LearnOptions } from './classifier';
import { writeResults } from './own-arrays';
import { toWeights, type Weights } from './row-rates';
import { badLabel, firstBadTarget, type NativeTargets, toTargets } from './rows';

/** Classes, or probabilities. */
export type ClassifierResults = Uint32Array | Float32Array;

/** What a call reads and writes, beside its rows. */
export interface ClassifierArrays {
  targets: NativeTargets | null;
  weights: Weights;
  classes: Uint32Array | null;
  probabilities: Float32Array | null;
}

/** What says how long they are. */
interface ClassifierSizes {
  numClasses: number;
  /** Binary networks inside: 1, or one a class. */
  networks: number;
}

/**
 * A checked call.
 *
 * @param prepare checks the rows and makes them ready.
 * @throws GlnError as the call itself
 */
export function checkClassifierCall<Prepared extends { count: number }>(
  { numClasses, networks }: ClassifierSizes,
  prepare: () => Prepared,
  target: Labels | undefined,
  options: LearnOptions | undefined,
): Prepared & ClassifierArrays {
  const { returnProbs, out, outClasses, weights } = options ?? {};
  const probabilities = checkFlag('returnProbs', returnProbs);
  const rows = prepare();
  const { count } = rows;
  const targets = target === undefined ? null : toTargets(target, count, numClasses);
  const rowWeights = toWeights(weights, count, targets !== null);
  const result = outputArray(out, probabilities, probabilities ? count * networks : count);
  const chosen = classesArray(outClasses, probabilities, count);
  return {
    ...rows,
    targets,
    weights: rowWeights,
    classes: probabilities ? chosen : (result as Uint32Array),
    probabilities: probabilities ? (result as Float32Array) : null,
  };
}

/** What a call returns. */
export function resultsOf({ classes, probabilities }: ClassifierArrays): ClassifierResults {
  return (probabilities ?? classes) as ClassifierResults;
}

/**
 * A checked call with results of its own: what the caller wants them in is only written
 * to at the end.
 *
 * @throws GlnError `ERR_GLN_LABEL` for what native code would find only then
 */
export function ownResults<Call extends ClassifierArrays>(call: Call, numClasses: number): Call {
  const { targets, classes, probabilities } = call;
  const bad = targets === null ? -1 : firstBadTarget(targets, numClasses);
  if (bad >= 0) throw badLabel('target', bad, numClasses, targets?.[bad]);
  return {
    ...call,
    classes: classes && new Uint32Array(classes.length),
    probabilities: probabilities && new Float32Array(probabilities.length),
  };
}

/** The results of the first `rows` rows of such a call, in `out` where it was given. */
export function deliverResults(
  call: ClassifierArrays & { count: number },
  given: LearnOptions | undefined,
  rows: number,
): ClassifierResults {
  const { classes, probabilities, count } = call;
  const results = resultsOf(call);
  if (probabilities !== null && classes !== null && given?.outClasses !== undefined) {
    writeResults('outClasses', classes, given.outClasses, rows);
  }
  if (given?.out === undefined) return results;
  writeResults('out', results, given.out, (rows * results.length) / count);
  return given.out;
}
