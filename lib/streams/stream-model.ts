/** What learning from streams asks of a model, and each model in these terms. */

import type { AsyncOptions } from '../async';
import type { Labels, LearnOptions, Rows, Weights } from '../classifier';
import type { Network } from '../network';
import type { Predictions, RealTargets, RegressorLearnOptions } from '../regressor';
import type { ValueRule } from '../rows';
import type { RowBlock, RowRules } from './block-builder';
import type { SavableModel } from './checkpoints';
import { classRules } from './classes';
import type { KindRules, Of, StreamKind } from './kinds';
import { numberRules } from './numbers';

/** A model with what its rows may be. */
export interface StreamModel<Kind extends StreamKind> extends SavableModel {
  /** What stands for the model itself. */
  readonly key: object;
  readonly rules: RowRules;
  readonly kind: KindRules<Kind>;
  readonly rowsSeen: number;
  /**
   * Learns a block, which is copied before this returns, and writes what was predicted
   * of its rows. @throws GlnAbortError, by rejecting: the rows that were learned are written
   */
  learn(
    block: RowBlock<Kind>,
    answers: Of<Kind, 'answers'>,
    options: AsyncOptions,
  ): Promise<unknown>;
}

/** What a call is given beside rows and targets. */
function extras({ sideInfo, weights }: RowBlock<StreamKind>) {
  return {
    ...(sideInfo !== undefined && { sideInfo }),
    ...(weights !== undefined && { weights }),
  };
}

type LearnProbabilities = LearnOptions & AsyncOptions & { returnProbs: true };

/** The methods of a classifier that are used. */
interface LearningClassifier extends SavableModel {
  learnAsync(input: Rows, target: Labels, options: LearnProbabilities): Promise<Float32Array>;
}

/** A classifier and its network as one. */
export function classStream(model: LearningClassifier, network: Network): StreamModel<'classes'> {
  const { inputSize, sideInfoSize, numClasses } = network.options;
  return {
    key: network,
    rules: { inputSize, sideInfoSize, ...network.rules },
    kind: classRules(numClasses, network.shapes.networks),
    get rowsSeen() {
      return network.rowsSeen;
    },
    learn(block, { probabilities, classes }, options) {
      const out = { returnProbs: true, out: probabilities, outClasses: classes } as const;
      return model.learnAsync(block.rows, block.targets, { ...extras(block), ...out, ...options });
    },
    save: (path, options) => model.save(path, options),
  };
}

/** The methods of a regressor that are used. */
interface LearningRegressor extends SavableModel {
  readonly rowsSeen: number;
  learnAsync(
    input: Rows,
    target: RealTargets,
    options: RegressorLearnOptions & AsyncOptions,
  ): Promise<Predictions>;
}

/** What a regressor's rows may be. */
interface RegressorRules {
  inputSize: number;
  sideInfoSize: number | undefined;
  /** Also of targets. */
  inputRule: ValueRule;
  sideRule: ValueRule;
}

/** A regressor that predicts variances, and what its rows may be, as one. */
export function numberStream(
  model: LearningRegressor,
  { inputSize, sideInfoSize, inputRule, sideRule }: RegressorRules,
): StreamModel<'numbers'> {
  return {
    key: model,
    rules: { inputSize, sideInfoSize, input: inputRule, sideInfo: sideRule },
    kind: numberRules(inputRule.limit, true),
    get rowsSeen() {
      return model.rowsSeen;
    },
    learn: (block, { means, variances }, options) =>
      model.learnAsync(block.rows, block.targets, {
        ...extras(block),
        out: { means, ...(variances !== undefined && { variances }) },
        ...options,
      }),
    save: (path, options) => model.save(path, options),
  };
}

/** The methods of a regressor without variances that are used. */
interface LearningMeans extends SavableModel {
  readonly rowsSeen: number;
  learnAsync(
    input: Rows,
    target: RealTargets,
    options: { out: Float64Array; weights?: Weights } & AsyncOptions,
  ): Promise<Float64Array>;
}

/** The same of a regressor that predicts numbers alone, and has gates that see the row itself. */
export function meanStream(
  model: LearningMeans,
  inputSize: number,
  input: ValueRule,
  largestTarget: number,
): StreamModel<'numbers'> {
  return {
    key: model,
    rules: { inputSize, sideInfoSize: undefined, input, sideInfo: input },
    kind: numberRules(largestTarget, false),
    get rowsSeen() {
      return model.rowsSeen;
    },
    learn: (block, { means }, options) =>
      model.learnAsync(block.rows, block.targets, { ...extras(block), out: means, ...options }),
    save: (path, options) => model.save(path, options),
  };
}
