/**
 * The asynchronous calls of a network: copies of what the caller passes, and results
 * that are written to the caller's arrays at the end.
 */
import { types } from 'node:util';
import type { OwnCall } from './async';
import type { Labels, Rows } from './classifier';
import { GlnError } from './errors';
import type { CallOptions, CheckedCall, Network } from './network';
import { ownRows, ownWeights } from './own-arrays';
import { badLabel } from './rows';

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

function ownLabels(target: Labels | undefined): Labels | undefined {
  if (!types.isTypedArray(target) || target.length === 0) return target;
  if (types.isUint8Array(target)) return new Uint8Array(target);
  if (types.isInt32Array(target)) return new Int32Array(target);
  if (types.isUint32Array(target)) return new Uint32Array(target);
  return target;
}

function firstBadTarget(targets: ArrayLike<number>, numClasses: number): number {
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] >= numClasses || targets[i] < 0) return i;
  }
  return -1;
}

/** The results of the first `rows` rows, in `out` where it was given. */
function deliver(call: CheckedCall, given: CallOptions, rows: number): Results {
  const { classes, probabilities, count } = call;
  const results = (probabilities ?? classes) as Results;
  if (probabilities !== null && classes !== null && given.outClasses !== undefined) {
    write('outClasses', classes, given.outClasses, rows);
  }
  if (given.out === undefined) return results;
  write('out', results, given.out, (rows * results.length) / count);
  return given.out;
}

function write(name: string, from: Results, to: Results, length: number): void {
  if (to.length !== from.length) {
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `${name}: expected ${from.length} elements at the end of the call, got ${to.length}`,
    );
  }
  to.set(from.subarray(0, length));
}
