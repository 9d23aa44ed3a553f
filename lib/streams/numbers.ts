/** Streams that teach numbers. */

import { describe, GlnError } from '../errors';
import { formatNumber } from '../metrics/format-regression';
import { RunningRegressionMetrics } from '../metrics/running-regression';
import { unfit } from '../rows';
import type { AnsweredRows, KindRules, LearnedNumber, StreamMetrics } from './kinds';
import { hasRows } from './records';

function follow(metrics: RunningRegressionMetrics): StreamMetrics<'numbers'> {
  return {
    count({ targets, weights, answers: { means, variances } }, rows) {
      metrics.updateBatch({
        targets: targets.subarray(0, rows),
        means: means.subarray(0, rows),
        ...(variances !== undefined && { variances: variances.subarray(0, rows) }),
        ...(weights !== undefined && { weights: weights.subarray(0, rows) }),
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
