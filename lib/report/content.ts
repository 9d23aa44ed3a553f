/** What a report says, before it has a form: numbers from a run, pictures and tables. */
import type { RunningMetrics } from '../metrics/running';
import type { Plot } from '../plots/types';

/** How well a model did after so many rows: means over all of them. */
export interface LearningPoint {
  rows: number;
  accuracy: number;
  logLoss: number;
}

/** What a column says, in logits, over some rows. */
export interface ColumnContribution {
  column: string;
  /** Mean magnitude. */
  contribution: number;
  /** The part of it that spoke against the predicted class. */
  against: number;
}

/** What a report is made of. */
export interface ReportContent {
  title: string;
  metrics: RunningMetrics;
  classNames: readonly string[];
  /** Empty where nothing was learned. */
  learning: readonly LearningPoint[];
  /** Of the predicted class; the largest first. */
  contributions: readonly ColumnContribution[];
  /** Names and values for the head of a page. */
  facts: readonly Fact[];
}

export type Fact = readonly [name: string, value: string];

/** A picture, with a word on how to read it. */
export interface ReportPlot {
  plot: Plot;
  text: string;
  /** Has more in it than half a page shows. Default false. */
  wide?: boolean;
}

/** Numbers behind the pictures. */
export interface ReportTable {
  title: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** How many of the first columns are names; the others are numbers. Default 1. */
  names?: number;
  /** A word on how to read it. */
  text?: string;
}

/** A report that is ready to be written. */
export interface ReportDocument {
  title: string;
  facts: readonly Fact[];
  plots: readonly ReportPlot[];
  tables: readonly ReportTable[];
}
