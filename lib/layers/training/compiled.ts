/**
 * What `compile` was told, checked: an optimiser, and a loss, its weight and
 * metrics for each output.
 */
import { checkKeys } from '../../calls';
import { checkedRange } from '../../checks';
import { describe, GlnError } from '../../errors';
import { arrange, isRecord } from '../core/structure';
import type { Slot } from './data';
import { Loss, type LossName, resolveLoss } from './losses';
import { type Metric, type MetricName, makeMetric } from './metrics';
import { type Optimizer, type OptimizerName, resolveOptimizer } from './optimizers';

/** A loss by name, or one with options of its own. */
export type LossLike = LossName | Loss;

/** Options of {@link LayeredModel.compile}. */
export interface CompileOptions {
  /** Default `rmsprop`, as in Keras. */
  optimizer?: OptimizerName | Optimizer;
  /**
   * What training makes small: one for all outputs, or for each, in order or by name.
   * Outputs that a record leaves out are not trained.
   */
  loss: LossLike | readonly LossLike[] | { readonly [output: string]: LossLike };
  /** What each output's loss counts in the sum; in order or by name, default 1. */
  lossWeights?: readonly number[] | { readonly [output: string]: number };
  /** What is measured besides; for the only output, or for each, in order or by name. */
  metrics?:
    | readonly MetricName[]
    | readonly (MetricName | readonly MetricName[])[]
    | { readonly [output: string]: MetricName | readonly MetricName[] };
}

const KEYS: ReadonlySet<string> = new Set<keyof CompileOptions>([
  'optimizer',
  'loss',
  'lossWeights',
  'metrics',
]);

/** What one output is trained for. */
export interface Goal {
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number;
  readonly metricNames: readonly string[];
  readonly metrics: readonly Metric[];
}

/** Checked options of a compiled model. */
export interface Compiled {
  readonly optimizer: Optimizer;
  /** One for each output; undefined for outputs that are not trained. */
  readonly goals: readonly (Goal | undefined)[];
}

/** @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE` */
export function compileOptions(options: CompileOptions, outputs: readonly Slot[]): Compiled {
  checkKeys(options, KEYS);
  const names = outputs.map(({ name }) => name);
  const losses = lossesOf(options.loss, names);
  const { lossWeights = {} } = options;
  const weights =
    Array.isArray(lossWeights) && names.length === 1
      ? lossWeights
      : arrange('lossWeights', lossWeights, names, () => false);
  const metrics = metricsOf(options.metrics ?? [], names);
  const goals = outputs.map(({ name, shape }, i): Goal | undefined => {
    const loss = losses[i];
    if (loss === undefined) return undefined;
    const weight = checkedRange(
      'lossWeights',
      weights[i] ?? 1,
      'finite numbers of at least 0',
      (x) => x >= 0 && Number.isFinite(x),
    );
    const width = shape.at(-1) ?? 1;
    checkWidth(name, loss, width);
    const makeEach = (each: unknown) =>
      makeMetric(`metrics of ${name}`, each, width, loss.isSparse);
    const metricNames = metrics[i] as string[];
    return { name, loss, weight, metricNames, metrics: metricNames.map(makeEach) };
  });
  if (goals.every((goal) => goal === undefined)) {
    throw new GlnError('ERR_GLN_OPTION', 'loss: expected one for at least one output');
  }
  return { optimizer: resolveOptimizer(options.optimizer ?? 'rmsprop'), goals };
}

function lossesOf(given: unknown, names: readonly string[]): (Loss | undefined)[] {
  const isOne = (value: unknown) => typeof value === 'string' || value instanceof Loss;
  // One for all outputs.
  if (isOne(given)) return names.map(() => resolveLoss('loss', given));
  if (names.length === 1 && !isRecord(given) && !Array.isArray(given)) {
    return [resolveLoss('loss', given)];
  }
  const list =
    Array.isArray(given) && names.length === 1 ? given : arrange('loss', given, names, isOne);
  return names.map((name, i) =>
    list[i] === undefined
      ? undefined
      : resolveLoss(names.length === 1 ? 'loss' : `loss.${name}`, list[i]),
  );
}

/** Classes need a place each. */
function checkWidth(name: string, loss: Loss, width: number): void {
  if (!loss.name.endsWith('categorical_crossentropy') || width > 1) return;
  throw new GlnError(
    'ERR_GLN_OPTION',
    `loss of ${name}: expected one for an output of one value, such as binary_crossentropy, ` +
      `got ${loss.name}`,
  );
}

function metricsOf(given: unknown, names: readonly string[]): unknown[][] {
  if (Array.isArray(given) && given.length === 0) return names.map(() => []);
  const isPlainList = Array.isArray(given) && given.every((each) => typeof each === 'string');
  if (names.length === 1 && isPlainList) return [given];
  return arrange('metrics', given, names, () => false).map((each) => {
    const list = each === undefined ? [] : Array.isArray(each) ? each : [each];
    const repeated = list.find((name, i) => list.indexOf(name) !== i);
    if (repeated === undefined) return list;
    throw new GlnError('ERR_GLN_OPTION', `metrics: expected each once, got ${describe(repeated)}`);
  });
}

/** What training and evaluating report, in order: the loss, then losses and metrics of outputs. */
export function logNames({ goals }: Compiled): string[] {
  const set = goals.filter((goal) => goal !== undefined);
  if (goals.length === 1) return ['loss', ...set.flatMap(({ metricNames }) => metricNames)];
  return [
    'loss',
    ...set.map(({ name }) => `${name}_loss`),
    ...set.flatMap(({ name, metricNames }) => metricNames.map((each) => `${name}_${each}`)),
  ];
}
