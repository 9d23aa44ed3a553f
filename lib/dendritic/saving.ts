/**
 * Dendritic gated networks as files of tensors, and back: docs/format.md says what is
 * in them. A file comes from anywhere: all of it is checked before it is handed out.
 */
import { native } from '../calls';
import { decodeTensors, readTensorFile } from '../format/tensor-file';
import type { Tensor, TensorFile } from '../format/tensors';
import type { LayerParameters } from '../parameters';
import { modelTexts, readModelTexts, restored, setRowsSeen } from '../saving/model-file';
import {
  checkedRateLoadOptions,
  checkLayers,
  decodeStages,
  encodeStages,
  type LoadOptions,
  parseOptions,
  plainOptions,
  resolveSaved,
  takeFunction,
} from '../saving/options';
import { stagesNumbers } from '../saving/statistics';
import { TensorReader, wrong } from '../saving/tensor-reader';
import { DendriticEngine, type DendriticShapes, dendriticShapes } from './engine';
import type { AnyDendriticOptions } from './options';

/** What may be given anew when a model is loaded. */
export type DendriticLoadOptions = Pick<LoadOptions, 'threads' | 'learningRate'>;

/** Numbers that say where targets lie: how many, their mean, their squared differences. */
const TARGET_NUMBERS = 3;

const STAGES = 'options.preprocessing';

/** What tells one form of model from the other. */
export interface DendriticKind<Options extends AnyDendriticOptions> {
  /** What its class is called. */
  readonly name: string;
  /** Checks options and fills in defaults. */
  readonly resolve: (options: unknown) => Readonly<Options>;
}

/** A model's network and what was saved beside it. */
export class LoadedDendrites<Options extends AnyDendriticOptions> {
  constructor(
    readonly engine: DendriticEngine<Options>,
    readonly extra: unknown,
  ) {}
}

/** Everything that a network holds, copied, at one moment. */
export function encodeDendrites(kind: string, engine: DendriticEngine, extra: unknown): TensorFile {
  const tensors = new Map<string, Tensor>();
  const { preprocessing } = engine.options;
  const json = JSON.stringify({
    ...plainOptions(engine.options),
    ...(preprocessing && { preprocessing: encodeStages(preprocessing, STAGES, tensors) }),
  });
  const metadata = modelTexts(kind, json, extra);
  native(() =>
    engine.native.still(() => {
      setRowsSeen(metadata, engine.native.rowsSeen);
      for (const [k, { weights, planes, bias }] of engine.shapes.entries()) {
        const layer = engine.native.getLayer(k);
        tensors.set(`layers.${k}.weights`, { shape: weights, data: layer.weights });
        tensors.set(`layers.${k}.hyperplanes`, { shape: planes, data: layer.hyperplanes });
        tensors.set(`layers.${k}.hyperplane_bias`, { shape: bias, data: layer.hyperplaneBias });
      }
      const { statistics } = engine.native;
      if (statistics.length > 0) {
        tensors.set('statistics', { shape: [statistics.length], data: statistics });
      }
    }),
  );
  return { metadata, tensors };
}

function layerOf(
  k: number,
  tensors: TensorReader,
  { weights: shape, planes, bias }: DendriticShapes,
  weightClipping: number,
): LayerParameters {
  const weights = tensors.takeFinite(`layers.${k}.weights`, shape);
  const outside = weights.findIndex((weight) => Math.abs(weight) > Math.fround(weightClipping));
  if (outside >= 0) {
    throw wrong(
      `tensor "layers.${k}.weights": expected magnitudes of at most ${weightClipping}, ` +
        `got ${weights[outside]} at ${outside}`,
    );
  }
  return {
    weights,
    hyperplanes: tensors.takeFinite(`layers.${k}.hyperplanes`, planes),
    hyperplaneBias: tensors.takeFinite(`layers.${k}.hyperplane_bias`, bias),
  };
}

function statisticsOf(options: Readonly<AnyDendriticOptions>, tensors: TensorReader): Float64Array {
  const { preprocessing, inputSize } = options;
  const stages = preprocessing ? stagesNumbers(preprocessing, inputSize) : 0;
  const scales = 'standardizeTargets' in options && options.standardizeTargets;
  const count = stages + (scales ? TARGET_NUMBERS : 0);
  if (count === 0) return new Float64Array(0);
  return tensors.takeFiniteDoubles('statistics', [count]);
}

function optionsOf<Options extends AnyDendriticOptions>(
  json: string,
  tensors: TensorReader,
  given: DendriticLoadOptions,
  resolve: (options: unknown) => Readonly<Options>,
): Readonly<Options> {
  const options = parseOptions(json);
  if (Array.isArray(options.preprocessing)) {
    options.preprocessing = decodeStages(options.preprocessing, STAGES, tensors);
  }
  takeFunction(options, 'learningRate', given.learningRate);
  return resolveSaved(options, given, resolve);
}

/**
 * The model of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no such model wrote;
 *   `ERR_GLN_OPTION` where a function must be given again; `ERR_GLN_MEMORY`.
 */
function decodeDendrites<Options extends AnyDendriticOptions>(
  { name, resolve }: DendriticKind<Options>,
  file: TensorFile,
  given: DendriticLoadOptions,
): LoadedDendrites<Options> {
  const { options: json, rowsSeen, extra } = readModelTexts(file, name);
  const tensors = new TensorReader(file);
  const options = optionsOf(json, tensors, given, resolve);
  checkLayers(options.layerSizes, tensors);
  const layers = dendriticShapes(options).map((shapes, k) =>
    layerOf(k, tensors, shapes, options.weightClipping),
  );
  const statistics = statisticsOf(options, tensors);
  tensors.finish();
  const engine = new DendriticEngine(options, { randomize: false });
  const fill = () => {
    for (const [k, layer] of layers.entries()) engine.native.setLayer(k, layer);
    engine.native.statistics = statistics;
  };
  return new LoadedDendrites(restored(engine, rowsSeen, [fill]), extra);
}

/** The model of a file of this kind. @throws GlnError as `decodeDendrites`, `ERR_GLN_IO` */
export async function loadDendrites<Options extends AnyDendriticOptions>(
  kind: DendriticKind<Options>,
  path: string,
  options: DendriticLoadOptions,
): Promise<LoadedDendrites<Options>> {
  const given = checkedRateLoadOptions(options);
  return decodeDendrites(kind, await readTensorFile(path), given);
}

/** The model of the bytes of such a file. @throws GlnError as `decodeDendrites` */
export function dendritesOfBytes<Options extends AnyDendriticOptions>(
  kind: DendriticKind<Options>,
  bytes: Uint8Array,
  options: DendriticLoadOptions,
): LoadedDendrites<Options> {
  const given = checkedRateLoadOptions(options);
  return decodeDendrites(kind, decodeTensors(bytes), given);
}
