/** Streams that teach classes. */

import { classOf, noClass } from '../metrics/classes';
import { RunningMetrics } from '../metrics/running';
import { corrupt } from '../metrics/state';
import type { AnsweredRows, KindRules, LearnedRecord, StreamMetrics } from './kinds';
import { hasRows } from './records';

function follow(metrics: RunningMetrics): StreamMetrics<'classes'> {
  return {
    count({ targets, weights, answers: { probabilities, classes } }, rows) {
      const width = probabilities.length / classes.length;
      metrics.updateBatch({
        labels: targets.subarray(0, rows),
        classes: classes.subarray(0, rows),
        probabilities: probabilities.subarray(0, rows * width),
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

/** @param networks probabilities a row */
export function classRules(numClasses: number, networks: number): KindRules<'classes'> {
  return {
    targetsName: 'labels',
    blockOf(value) {
      if (!hasRows(value)) return undefined;
      const { rows, labels, weights } = value;
      if (!(rows instanceof Float32Array && labels instanceof Uint32Array)) return undefined;
      if (weights !== undefined && !(weights instanceof Float64Array)) return undefined;
      return { rows, targets: labels, weights };
    },
    target(name, value) {
      const label = classOf(value, numClasses);
      if (label < 0) throw noClass(name, value, numClasses);
      return label;
    },
    isTarget: (label) => label < numClasses,
    targets: (labels) => Uint32Array.from(labels),
    answers: (rows) => ({
      probabilities: new Float32Array(rows * networks),
      classes: new Uint32Array(rows),
    }),
    learned(record, { targets, answers }: AnsweredRows<'classes'>, row): LearnedRecord {
      return {
        record,
        prediction: answers.classes[row],
        probabilities: answers.probabilities.slice(row * networks, (row + 1) * networks),
        target: targets[row],
      };
    },
    metricsKeys: ['recentRows', 'calibrationBins', 'aucBins'],
    newMetrics: (options) => follow(new RunningMetrics(numClasses, options)),
    restoreMetrics(name, state) {
      const metrics = RunningMetrics.restore(state);
      if (metrics.numClasses === numClasses) return follow(metrics);
      throw corrupt(`${name}.numClasses`, String(numClasses), metrics.numClasses);
    },
    shown: ({ accuracy }) => ({ accuracy: `${(100 * accuracy).toFixed(1)} %` }),
  };
}
