/**
 * A model of layers as a file of tensors: docs/format.md says what is in it.
 */
import { describe, GlnError } from '../../errors';
import type { Tensor, TensorFile } from '../../format/tensors';
import { firstNonFinite } from '../../rows';
import { encodeExtra } from '../../saving/extra';
import type { Layer } from '../core/layer';
import { Dropout } from '../dropout';
import type { LayeredModel } from '../layered-model';
import type { Compiled } from '../training/compiled';

/** The version of docs/format.md that is written. */
export const FORMAT = '1';
/** What `gln.model` says. */
export const KIND = 'layers';

/** What `gln.training` holds. */
export interface TrainingText {
  optimizer: { name: string; config: { [option: string]: unknown }; iterations: number };
  goals: (GoalText | null)[];
}

/** One output's part of it. */
export interface GoalText {
  loss: { name: string; config: { [option: string]: unknown } };
  weight: number;
  metrics: readonly string[];
}

/** What `gln.state` holds: where random streams are. */
export interface StateText {
  seed: number;
  epochsBegun: number;
  /** Of each layer, in order. */
  seeds: number[];
  /** Batches that each dropout has seen, by path, where there were any. */
  draws: { [path: string]: number };
}

/** Every dropout in some layers, by path. */
export function* dropoutsOf(
  layers: Iterable<readonly [string, Layer]>,
): Generator<[string, Dropout]> {
  for (const [path, layer] of layers) {
    if (layer instanceof Dropout) yield [path, layer];
    const children = [...layer.children].map(
      ([name, child]) => [`${path}/${name}`, child] as const,
    );
    yield* dropoutsOf(children);
  }
}

/** Everything that a model is, copied, at one moment. */
export function encodeLayeredModel(model: LayeredModel, extra: unknown): TensorFile {
  const { className, layers, compiled } = model;
  // An unbuilt model has no weights to keep.
  model.network();
  const tensors = new Map<string, Tensor>();
  for (const [path, { shape, values }] of model.weights) {
    put(tensors, `weights/${path}`, shape, values);
  }
  const metadata = new Map([
    ['gln.format', FORMAT],
    ['gln.model', KIND],
    ['gln.config', JSON.stringify({ className, config: model.getConfig() })],
    ['gln.state', JSON.stringify(stateOf(model, layers))],
  ]);
  if (compiled !== undefined) {
    metadata.set('gln.training', JSON.stringify(trainingOf(compiled)));
    putSlots(tensors, model, compiled);
  }
  if (extra !== undefined) metadata.set('gln.extra', encodeExtra(extra));
  return { metadata, tensors };
}

function put(
  tensors: Map<string, Tensor>,
  name: string,
  shape: readonly number[],
  values: Float32Array,
): void {
  const bad = firstNonFinite(values);
  if (bad >= 0) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected finite numbers, got ${describe(values[bad])} at ${bad}`,
    );
  }
  tensors.set(name, { shape, data: values.slice() });
}

function putSlots(tensors: Map<string, Tensor>, model: LayeredModel, compiled: Compiled): void {
  const { optimizer } = compiled;
  for (const [path, weight] of model.weights) {
    if (!optimizer.hasSlots(weight)) continue;
    for (const [k, values] of optimizer.slotsOf(weight).entries()) {
      put(tensors, `optimizer/${optimizer.slotNames[k]}/${path}`, weight.shape, values);
    }
  }
}

function trainingOf({ optimizer, goals }: Compiled): TrainingText {
  const { name, iterations } = optimizer;
  return {
    optimizer: { name, config: optimizer.getConfig(), iterations },
    goals: goals.map((goal) =>
      goal === undefined
        ? null
        : {
            loss: { name: goal.loss.name, config: goal.loss.getConfig() },
            weight: goal.weight,
            metrics: goal.metricNames,
          },
    ),
  };
}

function stateOf(model: LayeredModel, layers: readonly Layer[]): StateText {
  const named = layers.map((layer) => [layer.name, layer] as const);
  const draws = [...dropoutsOf(named)].map(([path, { draws: count }]) => [path, count] as const);
  return {
    ...model.state,
    seeds: layers.map(({ seed }) => seed),
    draws: Object.fromEntries(draws.filter(([, count]) => count > 0)),
  };
}
