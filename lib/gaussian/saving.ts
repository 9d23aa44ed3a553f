/**
 * A whole Gaussian network as a file of tensors, and back: docs/format.md.
 *
 * As in `../saving/model.ts`, texts and shapes are checked against the options before
 * a network is made, and numbers before it is handed out.
 */
import type { Tensor, TensorFile } from '../format/tensors';
import { InputRows } from '../row-preparation';
import { LARGEST_FLOAT } from '../rows';
import { modelTexts, readModelTexts, restored, setRowsSeen } from '../saving/model-file';
import {
  checkLayers,
  decodeStages,
  encodeStages,
  type LoadOptions,
  parseOptions,
  plainOptions,
  resolveSaved,
  takeFunction,
} from '../saving/options';
import { statisticsCount } from '../saving/statistics';
import { TensorReader, wrong } from '../saving/tensor-reader';
import { type GaussianLayerShapes, GaussianNetwork, layerShapes, rowOptions } from './network';
import {
  type GaussianGLNOptions,
  type ResolvedGaussianOptions,
  resolveGaussianOptions,
} from './options';

const MODEL = 'GaussianGLN';
const STAGE_LISTS = ['preprocessing', 'sideInfo'] as const;
/** Count, mean, squared differences. */
const TARGET_STATISTICS = 3;

/** What may be given anew when a model is loaded. */
export type GaussianLoadOptions = Pick<LoadOptions, 'threads' | 'learningRate'>;

/** A model and what was saved beside it. */
export class LoadedGaussian {
  constructor(
    readonly network: GaussianNetwork,
    readonly extra: unknown,
  ) {}
}

function encodeOptions(
  options: Readonly<ResolvedGaussianOptions>,
  tensors: Map<string, Tensor>,
): string {
  const encoded = plainOptions(options);
  for (const list of STAGE_LISTS) {
    encoded[list] = encodeStages(options[list], `options.${list}`, tensors);
  }
  return JSON.stringify(encoded);
}

function decodeOptions(
  json: string,
  tensors: TensorReader,
  given: GaussianLoadOptions,
): Readonly<ResolvedGaussianOptions> {
  const options = parseOptions(json);
  for (const list of STAGE_LISTS) {
    const stages = options[list];
    if (!Array.isArray(stages)) throw wrong(`gln.options: ${list}: expected an array of stages`);
    options[list] = decodeStages(stages, `options.${list}`, tensors);
  }
  takeFunction(options, 'learningRate', given.learningRate);
  return resolveSaved(options, given, (all) => resolveGaussianOptions(all as GaussianGLNOptions));
}

/** Everything that a network holds, copied, at one moment. */
export function encodeGaussian(network: GaussianNetwork, extra: unknown): TensorFile {
  const tensors = new Map<string, Tensor>();
  const metadata = modelTexts(MODEL, encodeOptions(network.options, tensors), extra);
  network.still(() => {
    setRowsSeen(metadata, network.native.rowsSeen);
    for (const [k, { inputs, planes: shape }] of network.shapes.entries()) {
      const { which, weights } = network.native.getRows(k);
      const planes = network.native.getPlanes(k);
      const at = `layers.${k}`;
      const rows = which.length;
      tensors.set(`${at}.weight_rows`, { shape: [rows], data: which });
      tensors.set(`${at}.weights`, { shape: [rows, inputs], data: weights });
      tensors.set(`${at}.hyperplanes`, { shape: [...shape], data: planes.hyperplanes });
      tensors.set(`${at}.hyperplane_bias`, {
        shape: shape.slice(0, -1),
        data: planes.hyperplaneBias,
      });
    }
    if (network.options.aggregation === 'switching') {
      const { mixture } = network.native;
      tensors.set('mixture', { shape: [mixture.length], data: mixture });
    }
    const { statistics } = network.native;
    if (statistics.length > 0) {
      tensors.set('statistics', { shape: [statistics.length], data: statistics });
    }
  });
  return { metadata, tensors };
}

/** What is still to be done to a new network. */
type Restore = (network: GaussianNetwork) => void;

function layerOf(k: number, tensors: TensorReader, shape: GaussianLayerShapes): Restore {
  const at = `layers.${k}`;
  const which = tensors.take(`${at}.weight_rows`, BigInt64Array, [undefined]);
  const weights = tensors.take(`${at}.weights`, Float64Array, [which.length, shape.inputs]);
  const planes = {
    hyperplanes: tensors.takeFinite(`${at}.hyperplanes`, shape.planes),
    hyperplaneBias: tensors.takeNumbers(`${at}.hyperplane_bias`, shape.planes.slice(0, -1)),
  };
  return (network) => {
    network.native.setRows(k, { which, weights });
    network.native.setPlanes(k, planes);
  };
}

function mixtureOf(tensors: TensorReader, shapes: readonly GaussianLayerShapes[]): Restore {
  const neurons = shapes.reduce((sum, shape) => sum + shape.neurons, 0);
  const mixture = tensors.take('mixture', Float64Array, [neurons]);
  return (network) => {
    network.native.mixture = mixture;
  };
}

function statisticsOf(
  options: Readonly<ResolvedGaussianOptions>,
  rows: InputRows,
  tensors: TensorReader,
): Restore {
  const ofTargets = options.standardize ? TARGET_STATISTICS : 0;
  const count = statisticsCount(rowOptions(options), rows) + ofTargets;
  if (count === 0) return () => undefined;
  const statistics = tensors.takeFiniteDoubles('statistics', [count]);
  if (ofTargets > 0) {
    const [seen, mean, squares] = statistics.subarray(-TARGET_STATISTICS);
    const most = seen * (2 * LARGEST_FLOAT) ** 2;
    if (!(seen >= 0 && Math.abs(mean) <= LARGEST_FLOAT && squares >= 0 && squares <= most)) {
      throw wrong('tensor "statistics": expected what targets can have, in its last three numbers');
    }
  }
  return (network) => {
    network.native.statistics = statistics;
  };
}

/**
 * The model of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no model wrote, `ERR_GLN_OPTION`
 *   where a function must be given again, `ERR_GLN_MEMORY`.
 */
export function decodeGaussian(file: TensorFile, given: GaussianLoadOptions): LoadedGaussian {
  const { options: json, rowsSeen, extra } = readModelTexts(file, MODEL);
  const tensors = new TensorReader(file);
  const options = decodeOptions(json, tensors, given);
  checkLayers(options.layerSizes, tensors);
  const rows = new InputRows(rowOptions(options));
  const shapes = layerShapes(options, rows);
  const parts = shapes.map((shape, k) => layerOf(k, tensors, shape));
  if (options.aggregation === 'switching') parts.push(mixtureOf(tensors, shapes));
  parts.push(statisticsOf(options, rows, tensors));
  tensors.finish();
  const network = new GaussianNetwork(options, { randomize: false });
  return new LoadedGaussian(restored(network, rowsSeen, parts), extra);
}
