/** Streams that teach numbers. */

import { describe, GlnError } from '../errors';
import { formatNumber } from '../metrics/format-regression';
import { RunningRegressionMetrics } from '../metrics/running-regression';
import { unfit } from '../rows';
import type { AnsweredRows, KindRules, LearnedNumber, StreamMetrics } from './kinds';
import { hasRows } from './records';

/**
 * The first row that was predicted by a model that had learned anything. One that has
 * not does not even know the size of the numbers: what it says is no prediction, and
 * would outweigh thousands of them.
 */
function firstInformed({ rowsSeen, targets, weights }: AnsweredRows<'numbers'>): number {
  if (rowsSeen > 0) return 0;
  const learned = weights?.findIndex((weight) => weight > 0) ?? 0;
  return learned < 0 ? targets.length : learned + 1;
}

function follow(metrics: RunningRegressionMetrics): StreamMetrics<'numbers'> {
  return {
    count(answered, rows) {
      const { targets, weights, answers } = answered;
      const { means, variances } = answers;
      const first = firstInformed(answered);
      metrics.updateBatch({
        targets: targets.subarray(first, rows),
        means: means.subarray(first, rows),
        ...(variances !== undefined && { variances: variances.subarray(first, rows) }),
        ...(weights !== undefined && { weights: weights.subarray(first, rows) }),
      });
    },
    snapshot: () => metrics.snapshot(),
    get recent() {
      return metrics.recent;
    },
    state: () => metrics.state(),
  };
}

/**
 * @param limit largest magnitude of a target
 * @param hasVariances whether the model predicts them
 */
export function numberRules(limit: number, hasVariances: boolean): KindRules<'numbers'> {
  const isTarget = (value: number): boolean => Math.abs(value) <= limit;
  return {
    targetsName: 'targets',
    blockOf(value) {
      if (!hasRows(value)) return undefined;
      const { rows, targets, weights } = value;
      if (!(rows instanceof Float32Array && targets instanceof Float64Array)) return undefined;
      if (weights !== undefined && !(weights instanceof Float64Array)) return undefined;
      return { rows, targets, weights };
    },
    target(name, value) {
      if (typeof value !== 'number') {
        const message = `expected a number, got ${describe(value)}`;
        throw new GlnError('ERR_GLN_TYPE', `${name}: ${message}`);
      }
      if (!isTarget(value)) throw unfit(name, value, limit, 'as target');
      return value;
    },
    isTarget,
    targets: (values) => Float64Array.from(values),
    answers: (rows) => ({
      means: new Float64Array(rows),
      variances: hasVariances ? new Float64Array(rows) : undefined,
    }),
    learned(record, { targets, answers }: AnsweredRows<'numbers'>, row): LearnedNumber {
      const { means, variances } = answers;
      return {
        ...{ record, mean: means[row] },
        ...(variances !== undefined && { variance: variances[row] }),
        target: targets[row],
      };
    },
    metricsKeys: ['recentRows'],
    newMetrics: (options) => follow(new RunningRegressionMetrics(options)),
    restoreMetrics: (_, state) => follow(RunningRegressionMetrics.restore(state)),
    shown: ({ rootMeanSquaredError }) => ({ RMSE: formatNumber(rootMeanSquaredError) }),
  };
}
