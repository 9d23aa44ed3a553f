/**
 * What streams teach: classes or numbers. Everything that differs between the two is
 * here, as types and as rules; what reads, learns, counts and saves is the same.
 */

import type { LabelledArrays } from '../metrics/blocks';
import type { RecentMetrics } from '../metrics/recent';
import type { RecentRegressionMetrics } from '../metrics/recent-regression';
import type { EvaluationReport } from '../metrics/report';
import type { RunningMetricsOptions, RunningMetricsState } from '../metrics/running';
import type {
  RunningRegressionOptions,
  RunningRegressionReport,
  RunningRegressionState,
} from '../metrics/running-regression';
import type { RealTargets } from '../regressor';
import type { LabelledBlock, LabelledRecord, NumberBlock, NumberRecord } from './records';

/** What comes out of `learnStream` for each row, whatever it predicts. */
interface Learned {
  /** The record's number in the stream, from 0: left-out ones count. */
  record: number;
}

/** What comes out of a classifier's `learnStream` for each row. */
export interface LearnedRecord extends Learned {
  /** The class that was predicted before the row was learned. */
  prediction: number;
  /** Probabilities: of class 1 for a binary model, else one a class. */
  probabilities: Float32Array;
  /** The class that it was. */
  target: number;
}

/** What comes out of a regressor's `learnStream` for each row. */
export interface LearnedNumber extends Learned {
  /** The mean that was predicted before the row was learned. */
  mean: number;
  /** The variance around it; absent where a model predicts none. */
  variance?: number;
  /** The number that it was. */
  target: number;
}

/** Rows with numbers in arrays. */
export interface NumberArrays extends Omit<LabelledArrays, 'labels'> {
  /** One number a row. */
  targets: RealTargets;
}

/** What a classifier predicts of the rows of a block. */
export interface ClassAnswers {
  /** Row by row: of class 1 for a binary model, else one a class. */
  probabilities: Float32Array;
  /** One a row. */
  classes: Uint32Array;
}

/** What a regressor predicts of the rows of a block. */
export interface NumberAnswers {
  /** One a row. */
  means: Float64Array;
  /** One a row; undefined where a model predicts none. */
  variances: Float64Array | undefined;
}

/** The types that follow from what is learned. */
export interface StreamKinds {
  /** Of classifiers. */
  classes: {
    /** One row of a stream. */
    record: LabelledRecord;
    /** Many rows of a stream at once. */
    block: LabelledBlock;
    /** Rows in arrays. */
    arrays: LabelledArrays;
    /** What is learned, one a row. */
    targets: Uint32Array;
    /** What is predicted. */
    answers: ClassAnswers;
    /** What comes out of a pipeline. */
    learned: LearnedRecord;
    /** Options of the metrics. */
    metricsOptions: RunningMetricsOptions;
    /** Their state. */
    metricsState: RunningMetricsState;
    /** What they say of all rows. */
    report: EvaluationReport;
    /** What they say of the latest rows. */
    recent: RecentMetrics;
  };
  /** Of regressors. */
  numbers: {
    /** One row of a stream. */
    record: NumberRecord;
    /** Many rows of a stream at once. */
    block: NumberBlock;
    /** Rows in arrays. */
    arrays: NumberArrays;
    /** What is learned, one a row. */
    targets: Float64Array;
    /** What is predicted. */
    answers: NumberAnswers;
    /** What comes out of a pipeline. */
    learned: LearnedNumber;
    /** Options of the metrics. */
    metricsOptions: RunningRegressionOptions;
    /** Their state. */
    metricsState: RunningRegressionState;
    /** What they say of all rows. */
    report: RunningRegressionReport;
    /** What they say of the latest rows. */
    recent: RecentRegressionMetrics;
  };
}

/** `classes` or `numbers`. */
export type StreamKind = keyof StreamKinds;

/** One of the types of a kind. */
export type Of<
  Kind extends StreamKind,
  Name extends keyof StreamKinds[StreamKind],
> = StreamKinds[Kind][Name];

/** Rows that were learned, with what was predicted before. */
export interface AnsweredRows<Kind extends StreamKind> {
  /** Rows that the model had seen before. */
  rowsSeen: number;
  targets: Of<Kind, 'targets'>;
  /** Undefined where every row counts 1. */
  weights: Float64Array | undefined;
  answers: Of<Kind, 'answers'>;
}

/** Metrics that follow a run. */
export interface StreamMetrics<Kind extends StreamKind> {
  /** Counts the first `rows` of some rows. */
  count(answered: AnsweredRows<Kind>, rows: number): void;
  snapshot(): Of<Kind, 'report'>;
  readonly recent: Of<Kind, 'recent'>;
  state(): Of<Kind, 'metricsState'>;
}

/** Rows of a block, none of them checked. */
export interface GivenBlock {
  rows: Float32Array;
  targets: ArrayLike<number>;
  weights: Float64Array | undefined;
}

/** How a kind's targets are read and kept, and its predictions counted. */
export interface KindRules<Kind extends StreamKind> {
  /** What sources call an array of targets. */
  readonly targetsName: 'labels' | 'targets';
  /** A block of a stream in common terms; undefined for anything else. */
  blockOf(value: unknown): GivenBlock | undefined;
  /** A record's target as a number. @throws GlnError naming `name` */
  target(name: string, value: unknown): number;
  /** Whether {@link target} would take it. */
  isTarget(value: number): boolean;
  /** Targets as a model takes them. */
  targets(values: readonly number[]): Of<Kind, 'targets'>;
  /** Room for what is predicted of so many rows. */
  answers(rows: number): Of<Kind, 'answers'>;
  /** What comes out for row number `row`. */
  learned(record: number, answered: AnsweredRows<Kind>, row: number): Of<Kind, 'learned'>;
  /** Options of the metrics. */
  readonly metricsKeys: readonly string[];
  newMetrics(options: Of<Kind, 'metricsOptions'>): StreamMetrics<Kind>;
  /** @throws GlnError `ERR_GLN_FORMAT` for a state of other metrics, naming `name` */
  restoreMetrics(name: string, state: unknown): StreamMetrics<Kind>;
  /** Metrics of late, as a progress bar shows them. */
  shown(recent: Of<Kind, 'recent'>): Readonly<Record<string, string>>;
}
