/**
 * A whole model as a file of tensors, and back: docs/format.md says what is in it.
 *
 * A file comes from anywhere: its texts and the shapes of its tensors are checked
 * against the options before a network is made, and their numbers before it is
 * handed out.
 */
import type { NativePlanes, NativeStructuredPlanes } from '../../types/addon';
import { GlnError } from '../errors';
import type { Tensor, TensorFile } from '../format/tensors';
import { Network } from '../network';
import type { ResolvedOptions } from '../options';
import { RowPreparation } from '../row-preparation';
import { modelTexts, readModelTexts, restored, setRowsSeen } from './model-file';
import { checkLayers, decodeOptions, encodeOptions, type LoadOptions } from './options';
import { statisticsCount } from './statistics';
import { TensorReader } from './tensor-reader';

const MODEL = 'GLN';

/** A model's network and what was saved beside it. */
export class LoadedModel {
  constructor(
    readonly network: Network,
    readonly extra: unknown,
  ) {}
}

/** Everything that a network holds, copied, at one moment. */
export function encodeModel(network: Network, extra: unknown): TensorFile {
  const tensors = new Map<string, Tensor>();
  const metadata = modelTexts(MODEL, encodeOptions(network.options, tensors), extra);
  network.still(() => {
    setRowsSeen(metadata, network.native.rowsSeen);
    for (const [k, shape] of network.shapes.layers.entries()) {
      const { which, weights, bounds } = network.native.getRows(k);
      const rows = which.length;
      tensors.set(`layers.${k}.weight_rows`, { shape: [rows], data: which });
      tensors.set(`layers.${k}.weights`, { shape: [rows, shape.inputs], data: weights });
      tensors.set(`layers.${k}.weight_bounds`, { shape: shape.neurons, data: bounds });
      if (network.options.gating === 'hadamard') continue;
      const planes = network.native.getPlanes(k) as NativePlanes;
      tensors.set(`layers.${k}.hyperplanes`, { shape: shape.planes, data: planes.hyperplanes });
      tensors.set(`layers.${k}.hyperplane_bias`, {
        shape: shape.planes.slice(0, -1),
        data: planes.hyperplaneBias,
      });
    }
    if (network.options.gating === 'hadamard') {
      const planes = network.native.getPlanes(0) as NativeStructuredPlanes;
      for (const name of ['signs', 'bias', 'thresholds'] as const) {
        tensors.set(`gates.${name}`, { shape: [planes[name].length], data: planes[name] });
      }
    }
    const { statistics } = network.native;
    if (network.options.aggregation === 'switching') {
      const { mixture } = network.native;
      tensors.set('mixture', { shape: [mixture.length], data: mixture });
    }
    if (statistics.length > 0) {
      tensors.set('statistics', { shape: [statistics.length], data: statistics });
    }
  });
  return { metadata, tensors };
}

/** What is still to be done to a new network. */
type Restore = (network: Network) => void;

function layerOf(k: number, tensors: TensorReader, { shapes }: RowPreparation): Restore {
  const shape = shapes.layers[k];
  const at = `layers.${k}`;
  const which = tensors.take(`${at}.weight_rows`, BigInt64Array, [undefined]);
  const rows = {
    which,
    weights: tensors.take(`${at}.weights`, Float32Array, [which.length, shape.inputs]),
    bounds: tensors.take(`${at}.weight_bounds`, Float32Array, shape.neurons),
  };
  return (network) => network.native.setRows(k, rows);
}

function densePlanesOf(k: number, tensors: TensorReader, { shapes }: RowPreparation): Restore {
  const { planes } = shapes.layers[k];
  const given = {
    hyperplanes: tensors.takeFinite(`layers.${k}.hyperplanes`, planes),
    hyperplaneBias: tensors.takeNumbers(`layers.${k}.hyperplane_bias`, planes.slice(0, -1)),
  };
  return (network) => network.native.setPlanes(k, given);
}

function structuredPlanesOf(tensors: TensorReader, { shapes }: RowPreparation): Restore {
  const count = shapes.planeCount();
  const planes = {
    signs: tensors.take('gates.signs', Int8Array, [shapes.signCount()]),
    bias: tensors.takeNumbers('gates.bias', [count]),
    thresholds: tensors.takeNumbers('gates.thresholds', [count]),
  };
  return (network) => network.native.setPlanes(0, planes);
}

function mixtureOf(tensors: TensorReader, { shapes }: RowPreparation): Restore {
  const mixture = tensors.take('mixture', Float64Array, [shapes.neuronsOfNetwork()]);
  return (network) => {
    network.native.mixture = mixture;
  };
}

function statisticsOf(tensors: TensorReader, count: number): Restore {
  if (count === 0) return () => undefined;
  const statistics = tensors.takeFiniteDoubles('statistics', [count]);
  return (network) => {
    network.native.statistics = statistics;
  };
}

/** Says what a caller did wrong, where it is no fault of the file. */
function checkBasePredictor(
  options: Readonly<ResolvedOptions>,
  tensors: TensorReader,
  { baseSize }: RowPreparation,
): void {
  if (typeof options.basePredictor !== 'function') return;
  const [, inputs] = tensors.shapeOf('layers.0.weights') ?? [];
  const saved = inputs === undefined ? baseSize : inputs - (options.bias ? 1 : 0);
  if (saved === baseSize) return;
  throw new GlnError(
    'ERR_GLN_OPTION',
    `basePredictor: expected it to return ${saved} values, as when the model was saved, ` +
      `got ${baseSize}`,
  );
}

/**
 * The model of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no model wrote;
 *   `ERR_GLN_OPTION` as `decodeOptions`, and for a base predictor that gives another
 *   number of values than before; `ERR_GLN_MEMORY`.
 */
export function decodeModel(file: TensorFile, given: LoadOptions): LoadedModel {
  const { options: json, rowsSeen, extra } = readModelTexts(file, MODEL);
  const tensors = new TensorReader(file);
  const options = decodeOptions(json, tensors, given);
  checkLayers(options.layerSizes, tensors);
  const preparation = new RowPreparation(options);
  checkBasePredictor(options, tensors, preparation);
  const parts: Restore[] = [];
  for (let k = 0; k <= options.layerSizes.length; k++) {
    parts.push(layerOf(k, tensors, preparation));
    if (options.gating === 'dense') parts.push(densePlanesOf(k, tensors, preparation));
  }
  if (options.gating === 'hadamard') parts.push(structuredPlanesOf(tensors, preparation));
  if (options.aggregation === 'switching') parts.push(mixtureOf(tensors, preparation));
  parts.push(statisticsOf(tensors, statisticsCount(options, preparation)));
  tensors.finish();
  const network = new Network(options, { randomize: false });
  return new LoadedModel(restored(network, rowsSeen, parts), extra);
}
