/**
 * A whole density model as a file of tensors, and back: docs/format.md says what is
 * in it. Each bit's network is there as a model of its own would be.
 */
import { describe, GlnError } from '../errors';
import type { Tensor, TensorFile } from '../format/tensors';
import type { ResolvedOptions } from '../options';
import { decodeModel, encodeModel } from '../saving/model';
import { modelTexts, readModelTexts, setRowsSeen } from '../saving/model-file';
import {
  encodeOptions,
  type LoadOptions,
  parseOptions,
  plainOptions,
  resolveSaved,
  takeFunction,
} from '../saving/options';
import { wrong } from '../saving/tensor-reader';
import { Chain } from './chain';
import {
  type AutoregressiveDensityOptions,
  type ResolvedDensityOptions,
  resolveDensityOptions,
} from './options';

const MODEL = 'AutoregressiveDensity';

/** What may be given anew when a model is loaded. */
export type DensityLoadOptions = Pick<LoadOptions, 'threads' | 'learningRate'>;

/** A model that was loaded, for the constructor of the class. */
export class LoadedDensity {
  constructor(
    readonly options: Readonly<ResolvedDensityOptions>,
    readonly chain: Chain,
    readonly extra: unknown,
  ) {}
}

/** Everything that a model holds, copied. */
export function encodeDensity(
  options: Readonly<ResolvedDensityOptions>,
  chain: Chain,
  extra: unknown,
): TensorFile {
  const metadata = modelTexts(MODEL, JSON.stringify(plainOptions(options)), extra);
  setRowsSeen(metadata, chain.rowsSeen);
  const tensors = new Map<string, Tensor>();
  chain.networks.forEach((network, bit) => {
    for (const [name, tensor] of encodeModel(network, undefined).tensors) {
      tensors.set(`bits.${bit}.${name}`, tensor);
    }
  });
  return { metadata, tensors };
}

/**
 * The model of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no model wrote, `ERR_GLN_OPTION`
 *   where a function must be given again, `ERR_GLN_MEMORY`.
 */
export function decodeDensity(file: TensorFile, given: DensityLoadOptions): LoadedDensity {
  const texts = readModelTexts(file, MODEL);
  const options = decodeDensityOptions(texts.options, given);
  const tensors = tensorsOfBits(file, options.size);
  const load = (bit: number, own: Readonly<ResolvedOptions>) => {
    const metadata = modelTexts('GLN', encodeOptions(own, new Map()), undefined);
    setRowsSeen(metadata, texts.rowsSeen);
    try {
      return decodeModel({ metadata, tensors: tensors[bit] }, { threads: own.threads }).network;
    } catch (cause) {
      if (!(cause instanceof GlnError) || cause.code !== 'ERR_GLN_FORMAT') throw cause;
      throw wrong(`bits.${bit}: ${cause.message}`, cause);
    }
  };
  return new LoadedDensity(options, new Chain(options, load), texts.extra);
}

function decodeDensityOptions(
  json: string,
  given: DensityLoadOptions,
): Readonly<ResolvedDensityOptions> {
  const options = parseOptions(json);
  takeFunction(options, 'learningRate', given.learningRate);
  return resolveSaved(options, given, (all) =>
    resolveDensityOptions(all as AutoregressiveDensityOptions),
  );
}

/** The tensors of each bit's network, by the names that a model of its own gives them. */
function tensorsOfBits({ tensors }: TensorFile, size: number): Map<string, Tensor>[] {
  const all = Array.from({ length: size }, () => new Map<string, Tensor>());
  for (const [name, tensor] of tensors) {
    const [, bit, own] = /^bits\.(0|[1-9]\d{0,9})\.(.*)$/s.exec(name) ?? [];
    const of = all[Number(bit)];
    if (own === undefined || of === undefined) {
      throw wrong(`tensor ${describe(name)}: not known in this model's file`);
    }
    of.set(own, tensor);
  }
  return all;
}
