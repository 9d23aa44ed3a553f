/**
 * The steps that rows can go through before a network sees them: what each does,
 * as a caller writes it. All of it is plain data, so that it can be saved.
 */

/**
 * A missing value, written NaN, becomes the running mean of the feature (0 before
 * there is one). With `indicators`, further values follow the row's: 1 where the
 * feature was missing, else 0.
 */
export interface ImputeStage {
  /** Which stage it is. */
  type: 'impute';
  /** Features that get an indicator: all of them (default), none, or these columns. */
  indicators?: boolean | readonly number[];
}

/**
 * (x - mean) / deviation by running statistics of each feature (Welford), within
 * ± `limit`, times `factor`. 0 as long as a feature had fewer than two different
 * values. Missing values stay missing and do not count.
 */
export interface StandardizeStage {
  /** Which stage it is. */
  type: 'standardize';
  /** Deviations that a value may lie away from the mean; above 0, default 4. */
  limit?: number;
  /** Default 1. */
  factor?: number;
}

/**
 * (x - mean of the row) / deviation of the row, times `factor`; a constant row
 * gives zeros. For rows of one kind, such as pixels.
 */
export interface NormalizeRowStage {
  /** Which stage it is. */
  type: 'normalizeRow';
  /** Default 1. */
  factor?: number;
}

/** Values below `minimum` or above `maximum` become these. Missing values stay missing. */
export interface ClipStage {
  /** Which stage it is. */
  type: 'clip';
  /** The least value that comes out. */
  minimum: number;
  /** The largest value that comes out; at least `minimum`. */
  maximum: number;
}

/** (x - offset) · factor, the same for all features. */
export interface ScaleStage {
  /** Which stage it is. */
  type: 'scale';
  /** Default 0. */
  offset?: number;
  /** Default 1. */
  factor?: number;
}

/**
 * Categories numbered 0 to `size` - 1 become one indicator each: those of the
 * first column in `columns`, then of the next. The other features stay, in their
 * order, before them. Any other number, and a missing value, sets no indicator.
 */
export interface OneHotStage {
  /** Which stage it is. */
  type: 'oneHot';
  /** Which features are categories, by their position in the row at this stage. */
  columns: readonly number[];
  /** Categories a column; at least 1. */
  size: number;
  /** What an indicator is worth; default 1. */
  factor?: number;
}

/**
 * Feature hashing (Weinberger et al., arXiv 0902.2206): each column's value, taken
 * as the name of a category, adds ± `factor` to one of `size` buckets that all
 * columns share. For categories that are many or not known beforehand; see
 * {@link hashCategory} for names. The other features stay, in their order, before
 * the buckets. A missing value adds nothing.
 */
export interface HashStage {
  /** Which stage it is. */
  type: 'hash';
  /** Which features are categories, by their position in the row at this stage. */
  columns: readonly number[];
  /** Buckets; at least 1. */
  size: number;
  /** Chooses the hash; default 0. */
  seed?: number;
  /** Default 1. */
  factor?: number;
}

/**
 * `matrix` · (x - `offsets`), fixed: a whitening or a projection (see
 * `fitProjection`). Differences beyond ± 10^6 are cut there.
 */
export interface LinearStage {
  /** Which stage it is. */
  type: 'linear';
  /** [outputs][values a row], row-major; magnitudes at most 10^6. */
  matrix: Float32Array | readonly number[];
  /** [values a row]; default zeros. */
  offsets?: Float32Array | readonly number[];
}

/** x - running mean of the feature, times `factor`. Missing values stay missing. */
export interface CenterStage {
  /** Which stage it is. */
  type: 'center';
  /** Default 1. */
  factor?: number;
}

/**
 * The normal deviate of a value's rank among those seen before (a sorted random
 * sample of 256 of each feature), times `factor`: about normal whatever the
 * feature's scale and tails. A missing value becomes 0.
 */
export interface NormalScoreStage {
  /** Which stage it is. */
  type: 'normalScore';
  /** Default 1. */
  factor?: number;
  /** Chooses which values stay in the samples; default 0. */
  seed?: number;
}

/**
 * Each value becomes `bins` + 1 values: how near its rank u among those seen
 * before is to b / bins, max(0, 1 - |u · bins - b|) - 1 / (bins + 1), times
 * `factor`. Mixed, they are any piecewise linear function of the rank. A missing
 * value becomes zeros.
 */
export interface BinsStage {
  /** Which stage it is. */
  type: 'bins';
  /** Intervals; at least 1. */
  bins: number;
  /** Default 1. */
  factor?: number;
  /** Chooses which values stay in the samples; default 0. */
  seed?: number;
}

/** (x² - 1) · factor: for standardised values, 0 on average. */
export interface SquareStage {
  /** Which stage it is. */
  type: 'square';
  /** Default 1. */
  factor?: number;
}

/**
 * Features that go together are pulled apart: W z, within ± `limit`, times
 * `factor`, with W = (A + regularization)^(-1/2) for the running covariances A.
 * z is x standardised, and A its correlations; with `standardized` false, z is x
 * less the mean. W is made anew at row 10 and then each time the rows have grown
 * by half; before, A is the identity, or 0 where z is not standardised. With few
 * rows n, what A says of pairs is cut by n / (n + D). Costs D² a row and D³ each
 * time W is made anew. A missing value counts as the mean.
 */
export interface WhitenStage {
  /** Which stage it is. */
  type: 'whiten';
  /** Added to the variances; above 0, default 0.01. */
  regularization?: number;
  /** Default true. */
  standardized?: boolean;
  /** Largest magnitude that comes out, before `factor`; above 0, default 4. */
  limit?: number;
  /** Default 1. */
  factor?: number;
}

/** Some of the values, in the order in which they are named; the others are left out. */
export interface SelectStage {
  /** Which stage it is. */
  type: 'select';
  /** At least one, none twice, by their position in the row at this stage. */
  columns: readonly number[];
}

/** Several lists of stages over the same rows; what they give stands side by side. */
export interface BranchesStage {
  /** Which stage it is. */
  type: 'branches';
  /** At least one list of stages; an empty list passes rows on as they are. */
  branches: readonly (readonly PreprocessingStage[])[];
}

/** One step of preprocessing. */
export type PreprocessingStage =
  | CenterStage
  | NormalScoreStage
  | BinsStage
  | SquareStage
  | WhitenStage
  | BranchesStage
  | SelectStage
  | ImputeStage
  | StandardizeStage
  | NormalizeRowStage
  | ClipStage
  | ScaleStage
  | OneHotStage
  | HashStage
  | LinearStage;

/**
 * Steps of preprocessing, in order. Running statistics are those of the rows that
 * were learned before: a row enters them after it was predicted and learned, and
 * predicting changes nothing.
 */
export type Preprocessing = readonly PreprocessingStage[];
