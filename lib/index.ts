/**
 * gated-linear-networks: Gated Linear Networks for Node.js, in native code.
 *
 * @module gated-linear-networks
 */
export type { AsyncOptions } from './async';
export {
  type ActionEstimate,
  type ActionRef,
  type ActOptions,
  type BanditDecision,
  GatedLinearBandit,
} from './bandit/bandit';
export type { BanditOptions, Exploration, ResolvedBanditOptions } from './bandit/options';
export type { ResolvedRewards, RewardRange, Rewards } from './bandit/rewards';
export type { BanditLoadOptions } from './bandit/saving';
export type {
  Classifier,
  Labels,
  LearnOptions,
  PredictOptions,
  Rows,
  Weights,
} from './classifier';
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
export {
  DendriticGatedNetwork,
  type DendriticLearnOptions,
  type DendriticPredictOptions,
} from './dendritic/network';
export type {
  DendriticOptions,
  DendriticRegressorOptions,
  DendriticSharedOptions,
  ResolvedDendriticOptions,
  ResolvedDendriticRegressorOptions,
} from './dendritic/options';
export {
  DendriticGatedRegressor,
  type DendriticRegressorLearnOptions,
  type DendriticRegressorPredictOptions,
} from './dendritic/regressor';
export type { DendriticLoadOptions } from './dendritic/saving';
export {
  AutoregressiveDensity,
  type DensityAsyncOptions,
  type DensityProgress,
  type SampleOptions,
} from './density/autoregressive-density';
export type { BinaryRows } from './density/bits';
export type { AutoregressiveDensityOptions, ResolvedDensityOptions } from './density/options';
export type { DensityLoadOptions } from './density/saving';
export { GlnAbortError, GlnError, type GlnErrorCode } from './errors';
export type { ExplainOptions, Explanation } from './explain';
export type { ReadNpzOptions } from './format/npz';
export {
  type GaussianExplanation,
  GaussianGLN,
  type GaussianLookOptions,
} from './gaussian/gaussian-gln';
export type { GaussianPredictions } from './gaussian/network';
export type { GaussianGLNOptions, ResolvedGaussianOptions } from './gaussian/options';
export type { GaussianLayerParameters, GaussianLayerParametersInput } from './gaussian/parameters';
export type { GaussianLoadOptions } from './gaussian/saving';
export { GLN } from './gln';
export type { InspectOptions } from './inspect';
export type { PyGLNOptions } from './interchange/pygln';
export { AreaUnderCurve, type AreaUnderCurveOptions, type ClassArea } from './metrics/auc';
export type { LabelledArrays } from './metrics/blocks';
export { BrierScore } from './metrics/brier';
export { Calibration, type CalibrationBin, type CalibrationOptions } from './metrics/calibration';
export { ConfusionMatrix } from './metrics/confusion';
export { type EvaluateOptions, evaluate } from './metrics/evaluate';
export type { EvenSampleState } from './metrics/even-sample';
export { type FormatReportOptions, formatReport } from './metrics/format';
export { formatRegressionReport } from './metrics/format-regression';
export type { IntervalCalibrationState, IntervalCoverage } from './metrics/intervals';
export { LogLoss } from './metrics/log-loss';
export type { ProgressiveProgress, ProgressiveReport } from './metrics/prequential';
export {
  finalReport,
  type ProgressiveOptions,
  type ProgressiveRunOptions,
  type ProgressiveSource,
  progressiveValidation,
  progressiveValidationSync,
} from './metrics/progressive';
export { type RecentMetrics, type RecentOptions, RecentRows } from './metrics/recent';
export type { RecentErrorsState, RecentRegressionMetrics } from './metrics/recent-regression';
export {
  type EvaluateRegressorOptions,
  evaluateRegressor,
  type PredictedBatch,
  RegressionMetrics,
  type RegressionMetricsState,
  type RegressionReport,
} from './metrics/regression';
export type { ClassMetrics, EvaluationReport, MacroMetrics } from './metrics/report';
export type { ScoredRow } from './metrics/row';
export {
  RunningMetrics,
  type RunningMetricsOptions,
  type RunningMetricsState,
  type ScoredBatch,
} from './metrics/running';
export {
  type PredictedRow,
  RunningRegressionMetrics,
  type RunningRegressionOptions,
  type RunningRegressionReport,
  type RunningRegressionState,
} from './metrics/running-regression';
export type { MetricState, StreamingMetric } from './metrics/streaming';
export { type BuildInfo, buildInfo, type InstructionSet } from './native';
export type { OnlineModel } from './online-model';
export type {
  BasePredictor,
  BasePredictorName,
  GLNOptions,
  ResolvedOptions,
} from './options';
export type { LayerParameters, LayerParametersInput, NestedNumbers } from './parameters';
export { type RenderPlotOptions, renderPlot, type SavePlotOptions, savePlot } from './plots/render';
export {
  type ConfusionPlotOptions,
  confusionPlot,
  type LearningCurve,
  learningCurvePlot,
  type ReliabilityPoint,
  reliabilityPlot,
} from './plots/reports';
export type {
  BarPlot,
  HeatMapPlot,
  ImageGridPlot,
  LinePlot,
  Plot,
  PlotAxis,
  PlotCount,
  PlotCounts,
  PlotSeries,
  ScatterPlot,
} from './plots/types';
export { hashCategory } from './preprocessing/categories';
export { preprocess } from './preprocessing/preprocess';
export { fitProjection, type ProjectionOptions } from './preprocessing/projection';
export type {
  BinsStage,
  BranchesStage,
  CenterStage,
  ClipStage,
  HashStage,
  ImputeStage,
  LinearStage,
  NormalizeRowStage,
  NormalScoreStage,
  OneHotStage,
  Preprocessing,
  PreprocessingStage,
  ScaleStage,
  SelectStage,
  SquareStage,
  StandardizeStage,
  WhitenStage,
} from './preprocessing/stages';
export { type PresetName, type PresetOptions, presetOptions } from './presets';
export type { ImagePresetOptions, UnlabelledImagePresetOptions } from './presets/images';
export type { OneHotColumn, TabularPresetOptions } from './presets/tabular';
export type {
  Predictions,
  RealTargets,
  Regressor,
  RegressorLearnOptions,
  RegressorPredictOptions,
} from './regressor';
export type { LoadOptions, SaveOptions } from './saving/options';
export {
  type InverseSchedule,
  type InverseSquareRootSchedule,
  type LearningRate,
  type LinearSchedule,
  PAPER_LEARNING_RATE,
  type Schedule,
} from './schedules';
export type { SkippedRecord } from './streams/block-reader';
export type { CheckpointOptions } from './streams/checkpoints';
export type {
  ClassAnswers,
  LearnedNumber,
  LearnedRecord,
  NumberAnswers,
  NumberArrays,
  StreamKind,
  StreamKinds,
} from './streams/kinds';
export type { LearnStream, LearnStreamOptions } from './streams/learn-stream';
export type { FitOptions, FitRunOptions } from './streams/options';
export type {
  LabelledBlock,
  LabelledRecord,
  NumberBlock,
  NumberRecord,
  StreamRecord,
} from './streams/records';
export { type FitProgress, type FitReport, GlnFitError } from './streams/report';
export type { FitSource } from './streams/sources';
export { type FitState, fitState } from './streams/state';
export {
  type Progress,
  type ProgressOptions,
  type ProgressStream,
  startProgress,
  withProgress,
} from './terminal/progress';
