/**
 * What a run over a stream must know to go on elsewhere: kept in the model's file,
 * beside the weights, by a checkpoint.
 */

import type { Rows } from '../classifier';
import { GlnError } from '../errors';
import { corrupt, field, integerField } from '../metrics/state';
import type { Predictions, RealTargets } from '../regressor';
import type { SkippedRecord } from './block-reader';
import type { KindRules, StreamKind, StreamKinds, StreamMetrics } from './kinds';

/** How far a run of `fit` was: plain JSON. */
export interface FitState<Kind extends StreamKind = 'classes'> {
  /** Of this form. */
  version: 1;
  /** Records of the stream that are done: the number of the next one. */
  position: number;
  /** Rows predicted. */
  rows: number;
  /** Rows learned: those whose weight is not 0. */
  learned: number;
  /** Records skipped, and why the first of them were. */
  skipped: number;
  /** The first ten that were skipped. */
  skippedRecords: SkippedRecord[];
  /** State of the run's metrics. */
  metrics: StreamKinds[Kind]['metricsState'];
}

/** Skipped records whose reasons are kept. */
const MOST_REASONS = 10;

const NAME = 'resume';

/**
 * The run that a model's file was a checkpoint of, to be given to `fit` as `resume`;
 * undefined where it was none.
 *
 * @param model one that was loaded
 */
export function fitState(model: {
  readonly extra: unknown;
  learn(input: Rows, target: RealTargets): Predictions | Float64Array;
}): FitState<'numbers'> | undefined;
export function fitState(model: { readonly extra: unknown }): FitState | undefined;
export function fitState({ extra }: { readonly extra: unknown }): FitState<StreamKind> | undefined {
  if (typeof extra !== 'object' || extra === null || !('fit' in extra)) return undefined;
  return extra.fit as FitState<StreamKind>;
}

/** What a run has counted so far. */
export class FitCounts<Kind extends StreamKind> {
  position = 0;
  rows = 0;
  learned = 0;
  skipped = 0;
  skippedRecords: SkippedRecord[] = [];

  constructor(readonly metrics: StreamMetrics<Kind>) {}

  /** @throws GlnError `ERR_GLN_FORMAT` when it is no {@link FitState}, or another model's */
  static restore<Kind extends StreamKind>(state: unknown, kind: KindRules<Kind>): FitCounts<Kind> {
    integerField(NAME, state, 'version', 1, 1);
    const metrics = kind.restoreMetrics(`${NAME}.metrics`, field(NAME, state, 'metrics'));
    const counts = new FitCounts<Kind>(metrics);
    for (const key of ['position', 'rows', 'learned', 'skipped'] as const) {
      counts[key] = integerField(NAME, state, key, 0, Number.MAX_SAFE_INTEGER);
    }
    counts.skippedRecords = skippedRecordsOf(field(NAME, state, 'skippedRecords'));
    return counts;
  }

  /** Remembers why a record was skipped, as long as there are few. */
  note(skipped: SkippedRecord): void {
    if (this.skippedRecords.length < MOST_REASONS) this.skippedRecords.push(skipped);
  }

  /** Reasons of records that are done; reading is ahead of learning. */
  get doneRecords(): SkippedRecord[] {
    return this.skippedRecords.filter(({ record }) => record < this.position);
  }

  state(): FitState<Kind> {
    return {
      version: 1,
      position: this.position,
      rows: this.rows,
      learned: this.learned,
      skipped: this.skipped,
      skippedRecords: this.doneRecords,
      metrics: this.metrics.state(),
    };
  }
}

function skippedRecordsOf(list: unknown): SkippedRecord[] {
  const name = `${NAME}.skippedRecords`;
  if (!Array.isArray(list)) throw corrupt(name, 'an array', list);
  return list.slice(0, MOST_REASONS).map((entry: unknown, i) => {
    const text = (key: 'code' | 'message'): string => {
      const value = field(`${name}[${i}]`, entry, key);
      if (typeof value !== 'string') throw corrupt(`${name}[${i}].${key}`, 'a string', value);
      return value;
    };
    return {
      record: integerField(`${name}[${i}]`, entry, 'record', 0, Number.MAX_SAFE_INTEGER),
      code: text('code'),
      message: text('message'),
    };
  });
}

/**
 * Checks where a source begins against where a run goes on.
 *
 * @throws GlnError `ERR_GLN_OPTION` where records between the two are missing
 */
export function checkStart(sourceStart: number, position: number): void {
  if (sourceStart <= position) return;
  throw new GlnError(
    'ERR_GLN_OPTION',
    `sourceStart: expected at most ${position}, the next record to learn, got ${sourceStart}`,
  );
}
