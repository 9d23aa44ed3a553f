/**
 * What the files of all models have in common: their texts (docs/format.md), and how a
 * network is made from them.
 */
import { native } from '../calls';
import { describe } from '../errors';
import type { TensorFile } from '../format/tensors';
import { decodeExtra, encodeExtra } from './extra';
import { wrong } from './tensor-reader';

/** The version of docs/format.md that is written. */
const FORMAT = '1';

const TEXT = {
  format: 'gln.format',
  model: 'gln.model',
  options: 'gln.options',
  extra: 'gln.extra',
  rowsSeen: 'gln.rows_seen',
  checksum: 'gln.checksum',
} as const;

const KNOWN_TEXTS: ReadonlySet<string> = new Set(Object.values(TEXT));

/** What the texts of a model's file say. */
export interface ModelTexts {
  /** As JSON. */
  options: string;
  rowsSeen: number;
  extra: unknown;
}

/** Which kind of model a file says that it holds, as its class is called; undefined: none. */
export function modelKind(texts: ReadonlyMap<string, string>): string | undefined {
  return texts.get(TEXT.model);
}

/**
 * The texts of a new file, but for the rows seen.
 *
 * @param model the kind of the model, as its class is called.
 * @throws GlnError `ERR_GLN_TYPE` for an `extra` that JSON cannot hold.
 */
export function modelTexts(model: string, options: string, extra: unknown): Map<string, string> {
  const texts = new Map<string, string>([
    [TEXT.format, FORMAT],
    [TEXT.model, model],
    [TEXT.options, options],
  ]);
  if (extra !== undefined) texts.set(TEXT.extra, encodeExtra(extra));
  return texts;
}

/** To be said at the same moment at which the model's numbers are copied. */
export function setRowsSeen(texts: Map<string, string>, rows: number): void {
  texts.set(TEXT.rowsSeen, String(rows));
}

/** A new network with a file's state in it, or no network at all. */
export function restored<
  Network extends { readonly native: { rowsSeen: number; dispose(): void } },
>(network: Network, rowsSeen: number, parts: readonly ((network: Network) => void)[]): Network {
  try {
    native(() => {
      for (const part of parts) part(network);
      network.native.rowsSeen = rowsSeen;
    });
  } catch (error) {
    network.native.dispose();
    throw error;
  }
  return network;
}

/** @throws GlnError `ERR_GLN_FORMAT` for texts that no such model wrote. */
export function readModelTexts({ metadata }: TensorFile, model: string): ModelTexts {
  const text = (key: string) => {
    const value = metadata.get(key);
    if (value === undefined) throw wrong(`text ${describe(key)}: expected, but is not there`);
    return value;
  };
  for (const [key, expected] of [
    [TEXT.format, FORMAT],
    [TEXT.model, model],
  ]) {
    if (text(key) !== expected) {
      throw wrong(`${key}: expected ${describe(expected)}, got ${describe(text(key))}`);
    }
  }
  for (const key of metadata.keys()) {
    if (!KNOWN_TEXTS.has(key)) throw wrong(`text ${describe(key)}: not known in a model's file`);
  }
  return {
    options: text(TEXT.options),
    rowsSeen: rowsSeenOf(text(TEXT.rowsSeen)),
    extra: decodeExtra(metadata.get(TEXT.extra)),
  };
}

function rowsSeenOf(text: string): number {
  const rows = Number(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(rows)) {
    throw wrong(`${TEXT.rowsSeen}: expected an integer below 2^53, got ${describe(text)}`);
  }
  return rows;
}
