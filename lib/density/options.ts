/**
 * The options of a density model: defaults, ranges, and the options of the network
 * that each of its bits has.
 */
import { checkKeys } from '../calls';
import { checkedInteger, fail } from '../checks';
import { type GLNOptions, type ResolvedOptions, resolveOptions } from '../options';
import { refuseBeyondMemory } from '../shared-options';

/** Options of {@link AutoregressiveDensity}. */
export interface AutoregressiveDensityOptions {
  /** Bits of a vector; an integer from 1 to 65,536. */
  size: number;
  /** Bits of a line where vectors are pictures: what is near is then near in the plane. */
  width?: number;
  /** How many of the bits before it a bit's network mixes, the nearest ones. Default all. */
  inputBits?: number;
  /** How many of these the network's gates look at, the nearest ones. Default all. */
  gateBits?: number;
  /** Neurons of each layer of a bit's network but the last. Default [16, 8]. */
  layerSizes?: readonly number[];
  /** Halfspaces a neuron. Default 4. */
  contextMapSize?: number;
  /** Whether halfspaces have random offsets. Default true. */
  contextBias?: boolean;
  /** As of {@link GLNOptions}. Default min(0.5 / √t, 0.02). */
  learningRate?: GLNOptions['learningRate'];
  /** As of {@link GLNOptions}. Default `average`. */
  aggregation?: GLNOptions['aggregation'];
  /** ε: no bit is given a probability below it. Default 0.0001. */
  predClipping?: number;
  /** Weights stay within ± this. Default 5. */
  weightClipping?: number;
  /** Seed of all hyperplanes: an integer from 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /** Networks that an asynchronous call works on at once. Results do not depend on it. */
  threads?: number;
}

/** {@link AutoregressiveDensityOptions} with every default filled in. */
export type ResolvedDensityOptions = Required<
  Omit<AutoregressiveDensityOptions, 'width' | 'inputBits' | 'gateBits'>
> &
  Pick<AutoregressiveDensityOptions, 'width' | 'inputBits' | 'gateBits'>;

/** Options that every bit's network has, as they are. */
const NETWORK_KEYS = [
  'layerSizes',
  'contextMapSize',
  'contextBias',
  'learningRate',
  'aggregation',
  'predClipping',
  'weightClipping',
  'seed',
  'threads',
] as const satisfies readonly (keyof AutoregressiveDensityOptions & keyof GLNOptions)[];

const OPTION_KEYS: ReadonlySet<string> = new Set<keyof AutoregressiveDensityOptions>([
  'size',
  'width',
  'inputBits',
  'gateBits',
  ...NETWORK_KEYS,
]);

/** What networks of bits have where nothing else is said. */
const DEFAULTS = {
  layerSizes: [16, 8],
  contextBias: true,
  learningRate: { type: 'inverseSquareRoot', numerator: 0.5, maximum: 0.02 },
  aggregation: 'average',
  predClipping: 1e-4,
} as const satisfies Partial<GLNOptions>;

const MOST_BITS = 65_536;

/** Odd, and below 2^53: multiples of it are far apart, so that no two networks share gates. */
const SEED_STEP = 0x9e3779b97f4a7n;
const SEEDS = 1n << 53n;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws GlnError `ERR_GLN_OPTION`, naming the option; `ERR_GLN_TYPE`; `ERR_GLN_MEMORY`.
 */
export function resolveDensityOptions(
  options: AutoregressiveDensityOptions,
): Readonly<ResolvedDensityOptions> {
  checkKeys(options, OPTION_KEYS);
  const { width, inputBits, gateBits } = options;
  const size = checkedInteger('size', options.size, 1, MOST_BITS);
  const count = (name: string, value: unknown) => checkedInteger(name, value, 1, MOST_BITS);
  if (inputBits !== undefined) count('inputBits', inputBits);
  if (gateBits !== undefined && count('gateBits', gateBits) > (inputBits ?? size)) {
    fail('gateBits', `at most the inputBits, ${inputBits ?? size}`, gateBits);
  }
  if (width !== undefined && size % count('width', width) !== 0) {
    fail('width', `a divisor of the size, ${size}`, width);
  }
  const given = Object.fromEntries(
    NETWORK_KEYS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  );
  const network = resolveOptions({ ...DEFAULTS, ...given, inputSize: 1 } as GLNOptions);
  const shared = Object.fromEntries(NETWORK_KEYS.map((key) => [key, network[key]]));
  const resolved: ResolvedDensityOptions = {
    size,
    ...(width !== undefined && { width }),
    ...(inputBits !== undefined && { inputBits }),
    ...(gateBits !== undefined && { gateBits }),
    ...(shared as Pick<ResolvedOptions, (typeof NETWORK_KEYS)[number]>),
  };
  checkMemory(resolved);
  return Object.freeze(resolved);
}

/** Refuses hyperplanes, tables of weight rows and lists of bits that this machine cannot hold. */
function checkMemory(options: Readonly<ResolvedDensityOptions>): void {
  const { size, layerSizes, contextMapSize, inputBits = size, gateBits = size } = options;
  const neurons = layerSizes.reduce((a, b) => a + b, 1);
  let bytes = 0;
  for (let bit = 0; bit < size; bit++) {
    const mixed = Math.min(bit, inputBits);
    const gated = Math.min(mixed, gateBits);
    bytes += 4 * (mixed + gated) + neurons * (4 * contextMapSize * gated + 8 * 2 ** contextMapSize);
  }
  refuseBeyondMemory(bytes, 'networks of this size need');
}

/**
 * The options of one bit's network.
 *
 * @param bit its place in the vector
 * @param inputs bits that it mixes; the first bit's network sees a constant 0
 * @param gated bits that its gates look at, where they are not the same
 */
export function networkOptions(
  options: Readonly<ResolvedDensityOptions>,
  bit: number,
  inputs: number,
  gated: number | undefined,
): Readonly<ResolvedOptions> {
  const shared = Object.fromEntries(NETWORK_KEYS.map((key) => [key, options[key]]));
  return resolveOptions({
    ...(shared as Pick<ResolvedOptions, (typeof NETWORK_KEYS)[number]>),
    // Rates are the density model's matter: all networks learn at the same one.
    learningRate: 1,
    inputSize: Math.max(1, inputs),
    ...(gated !== undefined && { sideInfoSize: gated }),
    basePredictor: 'logits',
    seed: Number((BigInt(options.seed) + BigInt(bit) * SEED_STEP) % SEEDS),
    // Networks are worked on side by side: one thread is enough for each.
    threads: 1,
  });
}
