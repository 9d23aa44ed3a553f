/** Models of the command line that predict numbers. */
import type { GaussianGLN } from '../../gaussian/gaussian-gln';
import type { GaussianPredictions } from '../../gaussian/network';
import { formatNumber, formatRegressionReport } from '../../metrics/format-regression';
import { intervalReach } from '../../metrics/normal';
import type { RecentRegressionMetrics } from '../../metrics/recent-regression';
import { RunningRegressionMetrics } from '../../metrics/running-regression';
import type { Preprocessing } from '../../preprocessing/stages';
import { writeDocument } from '../../report';
import { type NumberContent, type NumberPoint, numberPlots } from '../../report/number-plots';
import { numberTables } from '../../report/number-tables';
import type { NumberBlock } from '../../streams/records';
import type { FitProgress } from '../../streams/report';
import { Attribution, meanContributions } from '../attribution';
import type { Schema } from '../data/schema';
import { usageError } from '../errors';
import { learnBlocks } from './learning';
import type {
  AnswerColumns,
  CliTask,
  ColumnChoice,
  ReportedRows,
  ReportHead,
  RunMetrics,
  RunOptions,
  RunReport,
  Shown,
  TableRows,
  TaskExplanation,
} from './task';

class NumberMetrics implements RunMetrics<GaussianPredictions> {
  constructor(readonly running: RunningRegressionMetrics) {}

  get numRows(): number {
    return this.running.numRows;
  }

  count({ targets, weights }: Omit<TableRows, 'rows'>, answers: GaussianPredictions): void {
    const weighted = weights !== undefined && { weights };
    this.running.updateBatch({ targets, ...answers, ...weighted });
  }

  text(): string {
    return formatRegressionReport(this.running.snapshot());
  }

  json(): object {
    return this.running.snapshot();
  }

  gauges(): [string, string, number][] {
    const { rootMeanSquaredError, meanAbsoluteError, negativeLogLikelihood } = this.running.recent;
    const help = 'Of the latest rows, before learning.';
    return [
      ['gln_recent_root_mean_squared_error', help, rootMeanSquaredError],
      ['gln_recent_mean_absolute_error', help, meanAbsoluteError],
      ['gln_recent_negative_log_likelihood', help, negativeLogLikelihood],
    ];
  }

  state(): object {
    return this.running.state();
  }
}

function shown({ rootMeanSquaredError, meanAbsoluteError }: RecentRegressionMetrics): Shown {
  return { RMSE: formatNumber(rootMeanSquaredError), MAE: formatNumber(meanAbsoluteError) };
}

function pointOf({ metrics }: FitProgress<'numbers'>): NumberPoint {
  const { numRows: rows, rootMeanSquaredError, negativeLogLikelihood } = metrics;
  return { rows, rootMeanSquaredError, negativeLogLikelihood };
}

/** As many digits as a number of the data is likely to have. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A regressor and its table. */
export class NumberTask implements CliTask<GaussianPredictions> {
  constructor(
    readonly model: GaussianGLN,
    readonly schema: Schema,
  ) {}

  get predicts(): string {
    return `numbers of ${JSON.stringify(this.schema.target.name)}`;
  }

  get layers(): number[] {
    return [...this.model.options.layerSizes, 1];
  }

  get threads(): number {
    return this.model.options.threads;
  }

  get options(): Readonly<Record<string, unknown>> {
    const { threads: _, ...options } = this.model.options;
    return options;
  }

  get stages(): Preprocessing {
    return this.model.options.preprocessing;
  }

  learn(
    blocks: AsyncIterable<TableRows>,
    options: RunOptions,
  ): Promise<RunReport<GaussianPredictions>> {
    const view = { shown, point: pointOf, metrics: (state: unknown) => this.metrics(state) };
    return learnBlocks(this.model, numbered(blocks), options, view);
  }

  predict(rows: Float32Array): GaussianPredictions {
    return this.model.predict(rows);
  }

  predictAsync(rows: Float32Array): Promise<GaussianPredictions> {
    return this.model.predictAsync(rows);
  }

  learnAsync({ rows, targets, weights }: TableRows): Promise<GaussianPredictions> {
    const weighted = weights === undefined ? {} : { weights };
    return this.model.learnAsync(rows, targets as Float64Array, weighted);
  }

  metrics(state?: unknown): NumberMetrics {
    return new NumberMetrics(
      state === undefined
        ? new RunningRegressionMetrics()
        : RunningRegressionMetrics.restore(state),
    );
  }

  columns({ probabilities, interval }: ColumnChoice): AnswerColumns<GaussianPredictions> {
    if (probabilities) {
      throw usageError('--probabilities: expected a model that predicts classes, got numbers');
    }
    const reach = interval === undefined ? undefined : intervalReach(interval);
    return {
      names: ['prediction', 'deviation', ...(reach === undefined ? [] : ['low', 'high'])],
      cells({ means, variances }, row) {
        const mean = means[row];
        const deviation = Math.sqrt(variances[row]);
        const ends = reach === undefined ? [] : [-reach, reach].map((z) => mean + z * deviation);
        return [mean, deviation, ...ends].map(rounded);
      },
    };
  }

  answerJson({ means, variances }: GaussianPredictions, row: number): object {
    return { prediction: means[row], deviation: Math.sqrt(variances[row]) };
  }

  explain(row: Float32Array, name: string | undefined): TaskExplanation {
    if (name !== undefined) {
      throw usageError(`--class: expected a model that predicts classes, got numbers`);
    }
    const explanation = this.model.explain(row);
    const { mean, bias } = explanation;
    const answers = this.predict(row);
    const deviation = formatNumber(Math.sqrt(answers.variances[0]));
    return {
      facts: this.answerJson(answers, 0),
      sum: ['prediction', mean],
      bias,
      contributions: new Attribution(this).of(explanation),
      head: `predicted ${formatNumber(mean)} ± ${deviation}; what it is made of`,
    };
  }

  report(path: string, head: ReportHead, run: ReportedRows<GaussianPredictions>): Promise<void> {
    const { metrics, curve, sample } = run;
    const content: NumberContent = {
      target: this.schema.target.name,
      // Metrics and points are those that this task makes.
      metrics: (metrics as NumberMetrics).running,
      learning: curve as readonly NumberPoint[],
      contributions: meanContributions(this, (row) => this.model.explain(row), sample),
    };
    const tables = numberTables(content);
    return writeDocument(path, { ...head, plots: numberPlots(content), tables });
  }
}

async function* numbered(
  blocks: AsyncIterable<TableRows>,
): AsyncGenerator<NumberBlock, void, void> {
  for await (const { rows, targets, weights } of blocks) {
    // A source gives targets of its schema's kind.
    yield { rows, targets: targets as Float64Array, ...(weights !== undefined && { weights }) };
  }
}
