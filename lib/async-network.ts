/**
 * The asynchronous calls of a network: copies of what the caller passes, and results
 * that are written to the caller's arrays at the end.
 */
import type { OwnCall } from './async';
import type { Labels, Rows } from './classifier';
import type { CallOptions, CheckedCall, Network } from './network';
import { ownLabels, ownRows, ownWeights, writeResults } from './own-arrays';
import { badLabel, firstBadTarget } from './rows';

type Results = Uint32Array | Float32Array;

/** Checks a call and copies what is the caller's. @throws GlnError as the call itself */
export function ownCall(
  network: Network,
  input: Rows,
  target: Labels | undefined,
  options: CallOptions | undefined,
): OwnCall<Results> {
  const call = copied(network, input, target, options);
  const { base, sideInfo, count, targets, classes, probabilities } = call;
  return {
    count,
    learns: targets !== null,
    ready() {
      const rates = network.rates(call);
      return (done) =>
        network.native.runAsync(
          ...([base, sideInfo, count, targets, rates, classes, probabilities, null] as const),
          done,
        );
    },
    deliver: (rows) => deliver(call, options ?? {}, rows),
  };
}

function copied(
  network: Network,
  input: Rows,
  target: Labels | undefined,
  options: CallOptions | undefined,
): CheckedCall {
  const { sideInfo, weights } = options ?? {};
  // What is no object is for `check` to refuse.
  const own =
    typeof options === 'object' && options !== null
      ? {
          ...options,
          ...(sideInfo !== undefined && { sideInfo: ownRows(sideInfo) }),
          ...(weights !== undefined && { weights: ownWeights(weights) }),
        }
      : options;
  const { numClasses, basePredictor } = network.options;
  const call = network.check(ownRows(input), ownLabels(target), own);
  const { targets, classes, probabilities } = call;
  const bad = targets === null ? -1 : firstBadTarget(targets, numClasses);
  if (bad >= 0) throw badLabel('target', bad, numClasses, targets?.[bad]);
  return {
    ...call,
    // A base predictor of the caller's own was shown the rows, and may have kept them.
    sideInfo: typeof basePredictor === 'function' ? new Float32Array(call.sideInfo) : call.sideInfo,
    // What the caller wants them in is only written to at the end.
    classes: classes && new Uint32Array(classes.length),
    probabilities: probabilities && new Float32Array(probabilities.length),
  };
}

/** The results of the first `rows` rows, in `out` where it was given. */
function deliver(call: CheckedCall, given: CallOptions, rows: number): Results {
  const { classes, probabilities, count } = call;
  const results = (probabilities ?? classes) as Results;
  if (probabilities !== null && classes !== null && given.outClasses !== undefined) {
    writeResults('outClasses', classes, given.outClasses, rows);
  }
  if (given.out === undefined) return results;
  writeResults('out', results, given.out, (rows * results.length) / count);
  return given.out;
}
