/**
 * Which column each value that layer 0 of a model mixes comes from, so that an
 * explanation can speak of columns. Stages are followed from the row's values to these.
 */
import type { Preprocessing, PreprocessingStage } from '../preprocessing/stages';
import type { Schema } from './data/schema';

/** Columns that a value is made of: mostly one. */
type Origin = readonly number[];

function others(origins: readonly Origin[], columns: readonly number[]): Origin[] {
  const taken = new Set(columns);
  return origins.filter((_, i) => !taken.has(i));
}

function through(stage: PreprocessingStage, origins: readonly Origin[]): readonly Origin[] {
  switch (stage.type) {
    case 'branches':
      return stage.branches.flatMap((branch) => originsOf(branch, origins));
    case 'select':
      return stage.columns.map((column) => origins[column]);
    case 'bins':
      return origins.flatMap((origin) => Array<Origin>(stage.bins + 1).fill(origin));
    case 'impute': {
      const { indicators = true } = stage;
      if (indicators === false) return origins;
      const indicated = indicators === true ? [...origins.keys()] : indicators;
      return [...origins, ...indicated.map((column) => origins[column])];
    }
    case 'oneHot': {
      const encoded = stage.columns.flatMap((column) =>
        Array<Origin>(stage.size).fill(origins[column]),
      );
      return [...others(origins, stage.columns), ...encoded];
    }
    case 'hash': {
      // Columns share buckets: what a bucket says is said of all of them together.
      const shared = [...new Set(stage.columns.flatMap((column) => origins[column]))];
      return [...others(origins, stage.columns), ...Array<Origin>(stage.size).fill(shared)];
    }
    case 'linear': {
      const all = [...new Set(origins.flat())];
      const width = origins.length;
      return Array<Origin>(stage.matrix.length / width).fill(all);
    }
    // Whitening mixes features, but leaves each as near as can be to what it was.
    default:
      return origins;
  }
}

function originsOf(stages: Preprocessing, origins: readonly Origin[]): readonly Origin[] {
  return stages.reduce<readonly Origin[]>((now, stage) => through(stage, now), origins);
}

/** What a column, or several that cannot be told apart, adds to a prediction. */
export interface Contribution {
  column: string;
  /** Of classes in logits: positive speaks for the class. Of numbers in the target's units. */
  contribution: number;
}

/** What a model does with a row's values. */
export interface Attributed {
  readonly schema: Schema;
  /** From the values to what layer 0 mixes; undefined: nothing. */
  readonly stages: Preprocessing | undefined;
}

/** One contribution for each value that layer 0 mixes. */
interface Explained {
  contributions: Float64Array;
}

/** Sums of an explanation by column, in the order of columns. */
export class Attribution {
  readonly #labels: string[] = [];
  /** For each value that layer 0 mixes, which label it belongs to. */
  readonly #places: number[];

  constructor({ schema, stages }: Attributed) {
    const inputs = schema.inputs.map((_, i): Origin => [i]);
    const origins = stages === undefined ? inputs : originsOf(stages, inputs);
    const known = new Map<string, number>();
    this.#places = origins.map((origin) => {
      const label = origin.map((column) => schema.inputs[column].name).join(' + ');
      const place = known.get(label) ?? this.#labels.length;
      if (place === this.#labels.length) this.#labels.push(label);
      known.set(label, place);
      return place;
    });
  }

  of({ contributions }: Explained): Contribution[] {
    const sums = new Float64Array(this.#labels.length);
    for (const [i, value] of contributions.entries()) sums[this.#places[i]] += value;
    return this.#labels.map((column, i) => ({ column, contribution: sums[i] }));
  }
}

/** What a column adds to several predictions: of classes for the predicted one. */
export interface MeanContribution extends Contribution {
  /** The part of the mean magnitude that spoke against the class, or made the number smaller. */
  against: number;
}

/** Mean magnitudes of what each column adds to predictions, largest first. */
export function meanContributions(
  attributed: Attributed,
  explain: (row: Float32Array) => Explained,
  rows: Float32Array,
): MeanContribution[] {
  const width = attributed.schema.inputs.length;
  const attribution = new Attribution(attributed);
  const sums = new Map<string, MeanContribution>();
  const count = rows.length / width;
  for (let row = 0; row < count; row++) {
    const explanation = explain(rows.subarray(row * width, (row + 1) * width));
    for (const { column, contribution } of attribution.of(explanation)) {
      const sum = sums.get(column) ?? { column, contribution: 0, against: 0 };
      sum.contribution += Math.abs(contribution) / count;
      sum.against += Math.max(0, -contribution) / count;
      sums.set(column, sum);
    }
  }
  return [...sums.values()].sort((one, other) => other.contribution - one.contribution);
}
