/**
 * The asynchronous calls of a network: copies of what the caller passes, and results
 * that are written to the caller's arrays at the end.
 */
import type { OwnCall } from './async';
import type { Labels, Rows } from './classifier';
import { type ClassifierResults, deliverResults, ownResults } from './classifier-calls';
import type { CallOptions, CheckedCall, Network } from './network';
import { ownLabels, ownOptions, ownRows } from './own-arrays';

/** Checks a call and copies what is the caller's. @throws GlnError as the call itself */
export function ownCall(
  network: Network,
  input: Rows,
  target: Labels | undefined,
  options: CallOptions | undefined,
): OwnCall<ClassifierResults> {
  const call = copied(network, input, target, options);
  const { base, sideInfo, count, targets, classes, probabilities } = call;
  return {
    count,
    inTurn: targets !== null,
    ready() {
      const rates = network.rates(call);
      return (done) =>
        network.native.runAsync(
          ...([base, sideInfo, count, targets, rates, classes, probabilities, null] as const),
          done,
        );
    },
    deliver: (rows) => deliverResults(call, options, rows),
  };
}

function copied(
  network: Network,
  input: Rows,
  target: Labels | undefined,
  options: CallOptions | undefined,
): CheckedCall {
  const { numClasses, basePredictor } = network.options;
  const checked = network.check(ownRows(input), ownLabels(target), ownOptions(options));
  const call = ownResults(checked, numClasses);
  // A base predictor of the caller's own was shown the rows, and may have kept them.
  const shown = typeof basePredictor === 'function';
  return shown ? { ...call, sideInfo: new Float32Array(call.sideInfo) } : call;
}
