/** Models of the command line that predict classes. */
import type { GLN } from '../../gln';
import { formatReport } from '../../metrics/format';
import type { RecentMetrics } from '../../metrics/recent';
import { RunningMetrics } from '../../metrics/running';
import type { Preprocessing } from '../../preprocessing/stages';
import { writeReport } from '../../report';
import type { LabelledBlock } from '../../streams/records';
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

/** Classes and probabilities of rows, as a model gives them. */
export interface ClassAnswers {
  classes: Uint32Array;
  probabilities: Float32Array;
}

class ClassMetrics implements RunMetrics<ClassAnswers> {
  constructor(
    readonly running: RunningMetrics,
    private readonly names: readonly string[],
  ) {}

  get numRows(): number {
    return this.running.numRows;
  }

  count({ targets, weights }: Omit<TableRows, 'rows'>, answers: ClassAnswers): void {
    const weighted = weights !== undefined && { weights };
    this.running.updateBatch({ labels: targets, ...answers, ...weighted });
  }

  text(): string {
    const options = { classNames: this.names, reliability: false };
    return formatReport(this.running.snapshot(), options);
  }

  json(): object {
    const { confusion, classes, reliability, ...figures } = this.running.snapshot();
    return {
      ...figures,
      classes: classes.map(({ label, ...figures }) => ({ name: this.names[label], ...figures })),
      confusion: confusion.toArray(),
      reliability,
    };
  }

  gauges(): [string, string, number][] {
    const { accuracy, logLoss } = this.running.recent;
    const help = 'Of the latest rows, before learning.';
    return [
      ['gln_recent_accuracy', help, accuracy],
      ['gln_recent_log_loss', help, logLoss],
    ];
  }

  state(): object {
    return this.running.state();
  }
}

/** One-vs-all probabilities need not add up to 1; where all are 0 all classes are alike. */
function normalized(values: Float32Array): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return Array.from(values, (value) => (sum > 0 ? value / sum : 1 / values.length));
}

/** A probability for each class, which add up to 1. */
function probabilitiesOf({ classes, probabilities }: ClassAnswers, row: number): number[] {
  const width = probabilities.length / classes.length;
  const own = probabilities.subarray(row * width, (row + 1) * width);
  return width === 1 ? [1 - own[0], own[0]] : normalized(own);
}

function shown({ accuracy, logLoss }: RecentMetrics): Shown {
  return { accuracy: `${(100 * accuracy).toFixed(1)} %`, 'log loss': logLoss.toFixed(4) };
}

/** A point of a learning curve; no interface, since those are no records. */
type ClassPoint = { rows: number; accuracy: number; logLoss: number };

function pointOf({ rows, metrics }: FitProgress): ClassPoint {
  return { rows, accuracy: metrics.accuracy, logLoss: metrics.logLoss };
}

/** A classifier and its table. */
export class ClassTask implements CliTask<ClassAnswers> {
  constructor(
    readonly model: GLN,
    readonly schema: Schema,
  ) {}

  get predicts(): string {
    const { classes, name } = this.schema.target;
    return `${classes.length} classes of ${JSON.stringify(name)}`;
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

  get stages(): Preprocessing | undefined {
    const { basePredictor } = this.model.options;
    return Array.isArray(basePredictor) ? (basePredictor as Preprocessing) : undefined;
  }

  get #names(): readonly string[] {
    return this.schema.target.classes;
  }

  learn(blocks: AsyncIterable<TableRows>, options: RunOptions): Promise<RunReport<ClassAnswers>> {
    const view = { shown, point: pointOf, metrics: (state: unknown) => this.metrics(state) };
    return learnBlocks(this.model, labelled(blocks), options, view);
  }

  predict(rows: Float32Array): ClassAnswers {
    const classes = this.#room(rows);
    const options = { returnProbs: true, outClasses: classes } as const;
    return { classes, probabilities: this.model.predict(rows, undefined, options) };
  }

  async predictAsync(rows: Float32Array): Promise<ClassAnswers> {
    const classes = this.#room(rows);
    const options = { returnProbs: true, outClasses: classes } as const;
    return { classes, probabilities: await this.model.predictAsync(rows, options) };
  }

  async learnAsync({ rows, targets, weights }: TableRows): Promise<ClassAnswers> {
    const classes = this.#room(rows);
    const options = { returnProbs: true, outClasses: classes } as const;
    const weighted = weights !== undefined && { weights };
    const learning = this.model.learnAsync(rows, targets, { ...options, ...weighted });
    return { classes, probabilities: await learning };
  }

  metrics(state?: unknown): ClassMetrics {
    const names = this.#names;
    const restored =
      state === undefined ? new RunningMetrics(names.length) : RunningMetrics.restore(state);
    return new ClassMetrics(restored, names);
  }

  columns({ probabilities: all, interval }: ColumnChoice): AnswerColumns<ClassAnswers> {
    if (interval !== undefined) {
      throw usageError('--interval: expected a model that predicts numbers, got classes');
    }
    const names = this.#names;
    const binary = names.length === 2;
    // Of two classes the second one's probability says it all.
    const figures = all ? names.map((name) => `p(${name})`) : [binary ? `p(${names[1]})` : 'p'];
    return {
      names: ['prediction', ...figures],
      cells: (answers, row) => {
        const label = answers.classes[row];
        const values = probabilitiesOf(answers, row);
        const chosen = all ? values : [values[binary ? 1 : label]];
        return [names[label], ...chosen.map((value) => Number(value.toPrecision(6)))];
      },
    };
  }

  answerJson(answers: ClassAnswers, row: number): object {
    const values = probabilitiesOf(answers, row);
    return {
      prediction: this.#names[answers.classes[row]],
      probabilities: Object.fromEntries(this.#names.map((name, i) => [name, values[i]])),
    };
  }

  explain(row: Float32Array, name: string | undefined): TaskExplanation {
    const names = this.#names;
    const target = name === undefined ? undefined : names.indexOf(name);
    if (target === -1) {
      throw usageError(`--class: expected one of ${names.join(', ')}, got ${name}`);
    }
    const explanation = this.model.explain(row, target === undefined ? {} : { target });
    const { logit, bias } = explanation;
    const explained = names[explanation.target];
    const answers = this.predict(row);
    return {
      facts: { ...this.answerJson(answers, 0), class: explained, logit },
      sum: ['logit', logit],
      bias,
      contributions: new Attribution(this).of(explanation),
      head: `predicted ${names[answers.classes[0]]}; what speaks for ${explained}`,
    };
  }

  report(path: string, head: ReportHead, run: ReportedRows<ClassAnswers>): Promise<void> {
    const { metrics, curve, sample } = run;
    return writeReport(path, {
      ...head,
      // Metrics and points are those that this task makes.
      metrics: (metrics as ClassMetrics).running,
      learning: curve as readonly ClassPoint[],
      classNames: this.#names,
      contributions: meanContributions(this, (row) => this.model.explain(row), sample),
    });
  }

  #room(rows: Float32Array): Uint32Array {
    return new Uint32Array(rows.length / this.schema.inputs.length);
  }
}

async function* labelled(
  blocks: AsyncIterable<TableRows>,
): AsyncGenerator<LabelledBlock, void, void> {
  for await (const { rows, targets, weights } of blocks) {
    // A source gives targets of its schema's kind.
    yield { rows, labels: targets as Uint32Array, ...(weights !== undefined && { weights }) };
  }
}
