/**
 * gated-linear-networks/layers: gated linear units and the small layered networks
 * they live in, with Keras's names and rules.
 *
 * @module gated-linear-networks/layers
 */
export type { SaveOptions } from '../saving/options';
export { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization';
export { Concatenate, type ConcatenateOptions } from './concatenate';
export type { ActivationName } from './core/activations';
export type {
  ApplyOptions,
  Layer,
  LayerConfig,
  LayerOptions,
  SeededLayerOptions,
} from './core/layer';
export { type RandomNormalOptions, randomNormal } from './core/random';
export { setRandomSeed } from './core/seeds';
export type { Shape, SymbolicShape } from './core/shape';
export type { Structure, Structured } from './core/structure';
export { type InputOptions, input, type SymbolicTensor } from './core/symbolic';
export {
  type FlatNumbers,
  type NestedArray,
  type Tensor,
  type TensorLike,
  tensor,
} from './core/tensor';
export type { Weight } from './core/weight';
export { Dense, type DenseOptions } from './dense';
export { Dropout, type DropoutOptions } from './dropout';
export { GatedLinearUnit, type GatedLinearUnitOptions } from './gated-linear-unit';
export {
  GatedResidualNetwork,
  type GatedResidualNetworkOptions,
} from './gated-residual-network';
export { LayerNormalization, type LayerNormalizationOptions } from './layer-normalization';
export type { LayeredModel } from './layered-model';
export { Add, Multiply } from './merge';
export { Model, type ModelOptions } from './model';
export type { BatchOptions, LayeredModelOptions, LossGradients } from './model-options';
export type { ModelConfig } from './saving/config';
export type { LoadLayersOptions } from './saving/decode';
export { Sequential } from './sequential';
export {
  type Callback,
  EarlyStopping,
  type EarlyStoppingOptions,
  type FitPlan,
  type TrainedModel,
} from './training/callbacks';
export type { CompileOptions, LossLike } from './training/compiled';
export type { Data } from './training/data';
export type { LayerFitOptions, LayerFitProgress } from './training/fit-options';
export type { History } from './training/history';
export {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  type CrossentropyOptions,
  type Loss,
  type LossName,
  MeanSquaredError,
  SparseCategoricalCrossentropy,
} from './training/losses';
export type { MetricName } from './training/metrics';
export {
  Adam,
  type AdamOptions,
  type Optimizer,
  type OptimizerName,
  RMSprop,
  type RMSpropOptions,
  SGD,
  type SGDOptions,
} from './training/optimizers';
export type { Logs } from './training/step';
