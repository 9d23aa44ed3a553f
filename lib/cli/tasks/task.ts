/**
 * What commands ask of a model, whatever it predicts. Each kind of prediction has one
 * implementation beside this file; commands know none of them.
 */
import type { OnlineModel } from '../../online-model';
import type { Preprocessing } from '../../preprocessing/stages';
import type { Fact } from '../../report/content';
import type { CheckpointOptions } from '../../streams/checkpoints';
import type { StreamKind } from '../../streams/kinds';
import type { FitState } from '../../streams/state';
import type { Contribution } from '../attribution';
import type { Schema } from '../data/schema';
import type { Targets } from '../data/values';

/** Rows of a table with what they teach. */
export interface TableRows {
  rows: Float32Array;
  targets: Targets;
  weights?: Float64Array;
}

/** One point of a learning curve: figures of all rows so far. */
export type CurvePoint = Readonly<Record<string, number>> & { readonly rows: number };

/** Figures with their names, as a progress display shows them. */
export type Shown = Readonly<Record<string, string>>;

/** How far a run is. */
export interface RunProgress {
  rows: number;
  /** Records of the table that are done. */
  position: number;
  rowsPerSecond: number;
  shown: Shown;
  point: CurvePoint;
}

/** How a run ended. */
export interface RunReport<Answers> extends RunProgress {
  learned: number;
  seconds: number;
  aborted: boolean;
  checkpoints: number;
  metrics: RunMetrics<Answers>;
}

/** What a run is told. */
export interface RunOptions {
  signal: AbortSignal;
  onProgress: (progress: RunProgress) => void;
  progressMilliseconds: number;
  batchRows?: number;
  resume?: FitState<StreamKind>;
  checkpoint?: CheckpointOptions;
}

/** Metrics that follow rows, with their forms for people and programs. */
export interface RunMetrics<Answers> {
  /** Rows counted; those of weight 0 are none. */
  readonly numRows: number;
  count(rows: Omit<TableRows, 'rows'>, answers: Answers): void;
  /** Aligned columns. */
  text(): string;
  json(): object;
  /** Of the latest rows, for a monitor: names, what they mean, and values. */
  gauges(): readonly (readonly [name: string, help: string, value: number])[];
  /** Plain JSON, from which they go on. */
  state(): object;
}

/** What `predict` is told of its columns. */
export interface ColumnChoice {
  /** The probability of every class. */
  probabilities: boolean;
  /** The probability of intervals around numbers, from 0 to 1; undefined: none. */
  interval: number | undefined;
}

/** Columns that `predict` writes. */
export interface AnswerColumns<Answers> {
  names: readonly string[];
  cells(answers: Answers, row: number): readonly (string | number)[];
}

/** What one prediction is made of. */
export interface TaskExplanation {
  /** What there is to say of it, for programs. */
  facts: object;
  /** The sum of bias and contributions is this: its name, and its value. */
  sum: readonly [name: string, value: number];
  bias: number;
  contributions: readonly Contribution[];
  /** A line for people. */
  head: string;
}

/** What a report says first. */
export interface ReportHead {
  title: string;
  facts: readonly Fact[];
}

/** What is told of a run in a report. */
export interface ReportedRows<Answers> {
  /** Of all rows that were predicted. */
  metrics: RunMetrics<Answers>;
  curve: readonly CurvePoint[];
  /** Rows that the contributions of columns are averaged over. */
  sample: Float32Array;
}

/** A model with the columns that it knows. */
export interface CliTask<Answers = unknown> {
  readonly model: OnlineModel;
  readonly schema: Schema;
  /** What is predicted, for people: `2 classes of "clicked"`. */
  readonly predicts: string;
  /** Sizes of all layers, the last one included. */
  readonly layers: readonly number[];
  readonly threads: number;
  /** All options but `threads`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The stages from a row's values to what layer 0 mixes; undefined: none. */
  readonly stages: Preprocessing | undefined;

  /** One pass of learning. @throws as `fit` does */
  learn(blocks: AsyncIterable<TableRows>, options: RunOptions): Promise<RunReport<Answers>>;
  predict(rows: Float32Array): Answers;
  predictAsync(rows: Float32Array): Promise<Answers>;
  /** Learns rows; the answers are from before. */
  learnAsync(rows: TableRows): Promise<Answers>;

  /** @param state where they go on; from the beginning by default. @throws GlnError `ERR_GLN_FORMAT` */
  metrics(state?: unknown): RunMetrics<Answers>;

  /** @throws GlnError `ERR_GLN_OPTION` for what this kind of model does not predict */
  columns(choice: ColumnChoice): AnswerColumns<Answers>;
  /** One prediction, for programs. */
  answerJson(answers: Answers, row: number): object;
  /** @param name of the class to explain; the predicted one by default. @throws GlnError `ERR_GLN_OPTION` */
  explain(row: Float32Array, name: string | undefined): TaskExplanation;
  /** Writes pictures and tables. @throws GlnError `ERR_GLN_DEPENDENCY`, `ERR_GLN_IO` */
  report(path: string, head: ReportHead, run: ReportedRows<Answers>): Promise<void>;
}
