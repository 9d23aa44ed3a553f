/**
 * gated-linear-networks: Gated Linear Networks for Node.js, in native code.
 */
export type { Classifier, Labels, PredictOptions, Rows } from './classifier';
export { type DeskewOptions, deskew } from './data/deskew';
export {
  type EvaluateMnistOptions,
  evaluateMnist,
  type MnistProgress,
  type MnistReport,
} from './data/evaluate-mnist';
export { type IdxArray, type LoadIdxOptions, loadIdx } from './data/idx';
export type { IdxData } from './data/idx-header';
export { type LoadMnistOptions, loadMnist, type MnistData, type MnistPart } from './data/mnist';
export { gatherLabels, gatherRows, shuffledIndices } from './data/shuffle';
export { GlnError, type GlnErrorCode } from './errors';
export { GLN, type InspectOptions } from './gln';
export { ConfusionMatrix } from './metrics/confusion';
export { type EvaluateOptions, evaluate } from './metrics/evaluate';
export {
  type ClassMetrics,
  type EvaluationReport,
  type FormatReportOptions,
  formatReport,
  type MacroMetrics,
} from './metrics/report';
export { type BuildInfo, buildInfo, type InstructionSet } from './native';
export type {
  BasePredictor,
  BasePredictorName,
  GLNOptions,
  ResolvedOptions,
} from './options';
export type { LayerParameters, LayerParametersInput, NestedNumbers } from './parameters';
export { type InverseSchedule, type LearningRate, PAPER_LEARNING_RATE } from './schedules';
export {
  type Progress,
  type ProgressOptions,
  type ProgressStream,
  startProgress,
  withProgress,
} from './terminal/progress';
