/**
 * What the running statistics of a model's preprocessing are, number by number.
 * Native code says how many there are too, but only once it has taken memory for
 * them: a file that claims more than it holds must be refused before.
 */
import type { Preprocessing, PreprocessingStage } from '../preprocessing/stages';
import type { InputRows, RowOptions } from '../row-preparation';

/** Values of each feature that rank stages remember. */
export const SAMPLES = 256;

/**
 * What a stage of `width` features keeps:
 *
 * - `means`: counts [width], means [width];
 * - `deviations`: the same, then sums of squared differences [width];
 * - `ranks`: counts [width], sorted samples [width][SAMPLES];
 * - `covariances`: a count, the count at which the map is made anew, means [width],
 *   sums of products of differences [width][width], the map [width][width].
 */
export type StatisticsKind = 'means' | 'deviations' | 'ranks' | 'covariances';

/** The statistics of one stage. */
export interface StageStatistics {
  kind: StatisticsKind;
  width: number;
}

/** The numbers that they are. */
export function numbersOf({ kind, width }: StageStatistics): number {
  switch (kind) {
    case 'means':
      return 2 * width;
    case 'deviations':
      return 3 * width;
    case 'ranks':
      return (1 + SAMPLES) * width;
    case 'covariances':
      return 2 + width + 2 * width ** 2;
  }
}

/** What a stage keeps, and the values a row that it gives. */
interface Kept {
  statistics: readonly StageStatistics[];
  width: number;
}

function keptBy(stage: PreprocessingStage, width: number): Kept {
  switch (stage.type) {
    case 'impute': {
      const indicators = stage.indicators as readonly number[];
      return { statistics: [{ kind: 'means', width }], width: width + indicators.length };
    }
    case 'standardize':
      return { statistics: [{ kind: 'deviations', width }], width };
    case 'center':
      return { statistics: [{ kind: 'means', width }], width };
    case 'normalScore':
      return { statistics: [{ kind: 'ranks', width }], width };
    case 'bins':
      return { statistics: [{ kind: 'ranks', width }], width: width * (stage.bins + 1) };
    case 'whiten':
      return { statistics: [{ kind: 'covariances', width }], width };
    case 'select':
      return { statistics: [], width: stage.columns.length };
    case 'oneHot':
      return { statistics: [], width: width + stage.columns.length * (stage.size - 1) };
    case 'hash':
      return { statistics: [], width: width - stage.columns.length + stage.size };
    case 'linear':
      return { statistics: [], width: stage.matrix.length / width };
    case 'branches': {
      const kept = stage.branches.map((branch) => keptByAll(branch, width));
      return {
        statistics: kept.flatMap(({ statistics }) => statistics),
        width: kept.reduce((sum, { width: outputs }) => sum + outputs, 0),
      };
    }
    // All are named, so that the compiler asks for those to come.
    case 'normalizeRow':
    case 'clip':
    case 'scale':
    case 'square':
      return { statistics: [], width };
  }
}

function keptByAll(stages: Preprocessing, width: number): Kept {
  const statistics: StageStatistics[] = [];
  let outputs = width;
  for (const stage of stages) {
    const kept = keptBy(stage, outputs);
    statistics.push(...kept.statistics);
    outputs = kept.width;
  }
  return { statistics, width: outputs };
}

/** Numbers that the statistics of stages over rows of `width` values are. */
export function stagesNumbers(stages: Preprocessing, width: number): number {
  return keptByAll(stages, width).statistics.reduce((sum, each) => sum + numbersOf(each), 0);
}

/** The statistics of all stages, in the order in which they are saved: the base's, then the gates'. */
export function statisticsLayout(
  options: Readonly<RowOptions>,
  { native }: InputRows,
): readonly StageStatistics[] {
  const { basePredictor, sideInfo, inputSize, sideInfoSize = inputSize } = options;
  const base = native.baseStages === null ? [] : (basePredictor as Preprocessing);
  const side = native.sideStages === null ? [] : (sideInfo as Preprocessing);
  return [...keptByAll(base, inputSize).statistics, ...keptByAll(side, sideInfoSize).statistics];
}

/** Numbers that the statistics of all stages are. */
export function statisticsCount(options: Readonly<RowOptions>, preparation: InputRows): number {
  return statisticsLayout(options, preparation).reduce((sum, each) => sum + numbersOf(each), 0);
}
