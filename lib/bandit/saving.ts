/**
 * A whole bandit as a file of tensors, and back: docs/format.md says what is in it.
 *
 * Networks are kept as those of a GLN are, under names of their own; what they look at
 * is the same for all, and kept once. A file comes from anywhere: everything in it is
 * checked before it is used.
 */
import { RandomIntegers } from '../data/random';
import { describe, GlnError } from '../errors';
import type { Tensor, TensorFile } from '../format/tensors';
import type { Network } from '../network';
import type { ResolvedOptions } from '../options';
import { decodeModel, encodeModel } from '../saving/model';
import { modelTexts, readModelTexts, setRowsSeen } from '../saving/model-file';
import {
  decodeOptions,
  encodeOptions,
  FUNCTION_MARK,
  givenOptions,
  parseOptions,
} from '../saving/options';
import { TensorReader, wrong } from '../saving/tensor-reader';
import type { LearningRate } from '../schedules';
import { type ActionState, encodedOptions, neuronsOf } from './actions';
import { BanditCore } from './core';
import { SignatureCounts } from './counts';
import { ContextEncoder } from './encoder';
import {
  actionNames,
  type Exploration,
  type ResolvedBanditOptions,
  resolveBanditOptions,
} from './options';
import { PendingDecisions } from './pending';
import { RewardTree } from './rewards';

const MODEL = 'GatedLinearBandit';

/** What may be given anew when a bandit is loaded. */
export interface BanditLoadOptions {
  /** Default: as many as the processor has, as in a new bandit. */
  threads?: number;
  /** Needed where the saved bandit's rate was a function; else another rate from here on. */
  learningRate?: LearningRate;
  /** Needed where the saved bandit's was a function; else another one from here on. */
  exploration?: Exploration;
}

const LOAD_KEYS = new Set(['threads', 'learningRate', 'exploration']);

/** What was given, copied. @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_OPTION` */
export function checkedBanditLoadOptions(options: BanditLoadOptions): BanditLoadOptions {
  return givenOptions(options, LOAD_KEYS);
}

/** What the text `gln.options` holds. */
interface SavedOptions {
  /** Options of a network for single contexts, as a GLN's file has them. */
  network: string;
  rewards: unknown;
  exploration: unknown;
  maxPending: unknown;
  actions: unknown;
  decisions: unknown;
  nextId: unknown;
  random: unknown;
}

const SAVED_KEYS: readonly (keyof SavedOptions)[] = [
  'network',
  'rewards',
  'exploration',
  'maxPending',
  'actions',
  'decisions',
  'nextId',
  'random',
];

/** Names of the tensors of one network begin so. */
function prefixOf(action: number, node: number): string {
  return `networks.${action}.${node}.`;
}

/** What networks share. */
function isGate(name: string): boolean {
  return name.startsWith('gates.') || /^layers\.\d+\.hyperplane/.test(name);
}

/** Everything that a bandit is, copied. */
export function encodeBandit(core: BanditCore, extra: unknown): TensorFile {
  core.checkUsable();
  const { options, actions, tree, encoder, pending } = core;
  const tensors = new Map<string, Tensor>();
  const exploration =
    typeof options.exploration === 'function' ? FUNCTION_MARK : options.exploration;
  const saved: SavedOptions = {
    network: encodeOptions(options.network, tensors),
    rewards: options.rewards,
    exploration,
    maxPending: options.maxPending,
    actions: core.names,
    decisions: core.decisions,
    nextId: pending.nextId,
    random: core.random.state,
  };
  const metadata = modelTexts(MODEL, JSON.stringify(saved), extra);
  setRowsSeen(metadata, core.rowsSeen);
  if (encoder.statisticsCount > 0) {
    tensors.set('statistics', { shape: [encoder.statisticsCount], data: encoder.statistics });
  }
  const neurons = neuronsOf(options.network);
  const contexts = 2 ** options.network.contextMapSize;
  const rows = new BigInt64Array(actions.length * tree.nodes);
  actions.forEach((action, a) => {
    action.networks.forEach((network, node) => {
      rows[a * tree.nodes + node] = BigInt(network.rowsSeen);
      for (const [name, tensor] of encodeModel(network, undefined).tensors) {
        if (!isGate(name)) tensors.set(prefixOf(a, node) + name, tensor);
        else if (a === 0 && node === 0) tensors.set(name, tensor);
      }
    });
    tensors.set(`counts.${a}`, { shape: [neurons, contexts], data: action.counts.counts.slice() });
  });
  tensors.set('networks.rows_seen', { shape: [actions.length, tree.nodes], data: rows });
  if (tree.averages) {
    const shape = [actions.length, tree.leaves];
    const joined = (part: 'leafCounts' | 'leafSums') =>
      Float64Array.from(actions.flatMap((action) => [...action[part]]));
    tensors.set('leaves.counts', { shape, data: joined('leafCounts') });
    tensors.set('leaves.sums', { shape, data: joined('leafSums') });
  }
  encodePending(core, neurons, tensors);
  return { metadata, tensors };
}

function encodePending(
  { pending, options }: BanditCore,
  neurons: number,
  tensors: Map<string, Tensor>,
): void {
  const count = pending.size;
  const ids = new BigInt64Array(count);
  const actions = new Uint32Array(count);
  const contexts = new Float32Array(count * options.contextSize);
  const signatures = new Uint16Array(count * neurons);
  let i = 0;
  for (const [id, decision] of pending.entries()) {
    ids[i] = BigInt(id);
    actions[i] = decision.action;
    contexts.set(decision.context, i * options.contextSize);
    signatures.set(decision.signature, i * neurons);
    i++;
  }
  tensors.set('pending.ids', { shape: [count], data: ids });
  tensors.set('pending.actions', { shape: [count], data: actions });
  tensors.set('pending.contexts', { shape: [count, options.contextSize], data: contexts });
  tensors.set('pending.signatures', { shape: [count, neurons], data: signatures });
}

function parse(json: string): SavedOptions {
  const parsed = parseOptions(json);
  const keys = Object.keys(parsed);
  if (keys.length !== SAVED_KEYS.length || !SAVED_KEYS.every((key) => keys.includes(key))) {
    throw wrong(`gln.options: expected ${SAVED_KEYS.join(', ')}, got ${keys.join(', ')}`);
  }
  const saved = parsed as unknown as SavedOptions;
  if (typeof saved.network !== 'string') {
    throw wrong(`gln.options.network: expected JSON, got ${describe(saved.network)}`);
  }
  return saved;
}

/** What must be found wrong with a file, not with a call. */
function ofFile<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof GlnError) || cause.code !== 'ERR_GLN_OPTION') throw cause;
    throw wrong(`gln.options: ${cause.message}`, cause);
  }
}

function wholeNumber(name: string, value: unknown, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw wrong(`gln.options.${name}: expected an integer from ${least}, got ${describe(value)}`);
  }
  return value as number;
}

function explorationOf(saved: unknown, given: Exploration | undefined): unknown {
  if (given !== undefined) return given;
  const isFunction =
    typeof saved === 'object' &&
    saved !== null &&
    (saved as { type?: unknown }).type === FUNCTION_MARK.type;
  if (!isFunction) return saved;
  throw new GlnError(
    'ERR_GLN_OPTION',
    'exploration: expected it to be given again: the bandit was saved with a function, ' +
      'which a file cannot hold',
  );
}

function randomOf(state: unknown): RandomIntegers {
  const fits =
    Array.isArray(state) && state.length === 4 && state.every((word) => word === (word | 0));
  if (!fits) throw wrong(`gln.options.random: expected four words, got ${describe(state)}`);
  const random = new RandomIntegers(0);
  random.state = state as [number, number, number, number];
  return random;
}

function optionsOf(
  saved: SavedOptions,
  network: Readonly<ResolvedOptions>,
  given: BanditLoadOptions,
): ResolvedBanditOptions {
  const exploration = explorationOf(saved.exploration, given.exploration) as Exploration;
  if (given.exploration !== undefined) {
    // Wrong here is the caller's fault, not the file's.
    resolveBanditOptions({ contextSize: 1, actions: 1, exploration });
  }
  return ofFile(() => {
    if (typeof network.basePredictor === 'function' || network.sideInfoSize !== undefined) {
      throw wrong('gln.options.network: expected options of a bandit');
    }
    const { contextSize, maxPending, rewards } = resolveBanditOptions({
      contextSize: network.inputSize,
      actions: 1,
      rewards: saved.rewards as 'binary',
      exploration,
      maxPending: saved.maxPending as number,
    });
    return Object.freeze({ contextSize, maxPending, rewards, exploration, network });
  });
}

/** Puts the tensors of networks apart: by network, and what is left. */
function split(file: TensorFile): { networks: Map<string, Map<string, Tensor>>; rest: TensorFile } {
  const networks = new Map<string, Map<string, Tensor>>();
  const rest = new Map<string, Tensor>();
  for (const [name, tensor] of file.tensors) {
    const prefix = /^networks\.\d+\.\d+\./.exec(name)?.[0];
    if (prefix === undefined) {
      rest.set(name, tensor);
      continue;
    }
    const own = networks.get(prefix) ?? new Map<string, Tensor>();
    own.set(name.slice(prefix.length), tensor);
    networks.set(prefix, own);
  }
  return { networks, rest: { metadata: file.metadata, tensors: rest } };
}

function finite(name: string, data: Float64Array, least: number): Float64Array {
  const bad = data.findIndex((value) => !Number.isFinite(value) || value < least);
  if (bad < 0) return data;
  throw wrong(`tensor ${describe(name)}: expected finite numbers, got ${data[bad]} at ${bad}`);
}

function pendingOf(
  tensors: TensorReader,
  saved: SavedOptions,
  options: ResolvedBanditOptions,
  actions: number,
  encoder: ContextEncoder,
): PendingDecisions {
  const nextId = wholeNumber('nextId', saved.nextId, 1);
  const neurons = neuronsOf(options.network);
  const size = options.contextSize;
  const ids = tensors.take('pending.ids', BigInt64Array, [undefined]);
  const count = ids.length;
  const chosen = tensors.take('pending.actions', Uint32Array, [count]);
  const contexts = tensors.take('pending.contexts', Float32Array, [count, size]);
  const signatures = tensors.take('pending.signatures', Uint16Array, [count, neurons]);
  if (count > options.maxPending) {
    throw wrong(`tensor "pending.ids": expected at most ${options.maxPending}, got ${count}`);
  }
  const rising = ids.every((id, i) => id > (i === 0 ? 0n : ids[i - 1]) && id < BigInt(nextId));
  if (!rising) throw wrong('tensor "pending.ids": expected rising ids of decisions made');
  if (chosen.some((action) => action >= actions)) {
    throw wrong(`tensor "pending.actions": expected actions below ${actions}`);
  }
  if (!encoder.fits(contexts)) throw wrong('tensor "pending.contexts": expected contexts');
  const limit = 2 ** options.network.contextMapSize;
  if (signatures.some((context) => context >= limit)) {
    throw wrong(`tensor "pending.signatures": expected contexts below ${limit}`);
  }
  const pending = new PendingDecisions(options.maxPending, nextId);
  ids.forEach((id, i) => {
    pending.restore(Number(id), {
      action: chosen[i],
      context: contexts.slice(i * size, (i + 1) * size),
      signature: signatures.slice(i * neurons, (i + 1) * neurons),
    });
  });
  return pending;
}

/**
 * The bandit of a file.
 *
 * @throws GlnError `ERR_GLN_FORMAT` for anything that no bandit wrote;
 *   `ERR_GLN_OPTION` where a function must be given again, or what is given is wrong;
 *   `ERR_GLN_MEMORY`.
 */
export function decodeBandit(
  file: TensorFile,
  given: BanditLoadOptions,
): { core: BanditCore; extra: unknown } {
  const { options: json, rowsSeen, extra } = readModelTexts(file, MODEL);
  const saved = parse(json);
  const { networks: parts, rest } = split(file);
  const tensors = new TensorReader(rest);
  const { exploration: _, ...forNetworks } = given;
  const network = decodeOptions(saved.network, tensors, forNetworks);
  const options = optionsOf(saved, network, given);
  const names = ofFile(() => {
    if (!Array.isArray(saved.actions)) throw wrong('gln.options.actions: expected names');
    return actionNames(saved.actions);
  });
  const tree = new RewardTree(options.rewards);
  if (parts.size !== names.length * tree.nodes) {
    throw wrong(
      `networks: expected ${names.length} actions of ${tree.nodes}, got ${parts.size} in all`,
    );
  }
  const gates = new Map<string, Tensor>();
  for (const [name, tensor] of rest.tensors) {
    if (!isGate(name)) continue;
    gates.set(name, tensor);
    tensors.drop(name);
  }
  const encoder = new ContextEncoder(network);
  const random = randomOf(saved.random);
  const decisions = wholeNumber('decisions', saved.decisions, 0);
  const pending = pendingOf(tensors, saved, options, names.length, encoder);
  if (encoder.statisticsCount > 0) {
    encoder.statistics = tensors.takeFiniteDoubles('statistics', [encoder.statisticsCount]);
  }
  const neurons = neuronsOf(network);
  const contexts = 2 ** network.contextMapSize;
  const counts = names.map((_name, a) =>
    tensors.take(`counts.${a}`, Uint32Array, [neurons, contexts]),
  );
  const shape = [names.length, tree.leaves];
  const leaves = (part: string, least: number) =>
    tree.averages
      ? finite(`leaves.${part}`, tensors.take(`leaves.${part}`, Float64Array, shape), least)
      : new Float64Array(names.length * tree.leaves);
  const leafCounts = leaves('counts', 0);
  const leafSums = leaves('sums', Number.NEGATIVE_INFINITY);
  const rows = tensors.take('networks.rows_seen', BigInt64Array, [names.length, tree.nodes]);
  tensors.finish();

  const inner = encodedOptions(network, encoder);
  const innerJson = encodeOptions(inner, new Map());
  const made: Network[] = [];
  const restored = (a: number, node: number): Network => {
    const own = parts.get(prefixOf(a, node));
    if (own === undefined) throw wrong(`networks: expected ${prefixOf(a, node)}*, got none`);
    const metadata = modelTexts('GLN', innerJson, undefined);
    setRowsSeen(metadata, Number(rows[a * tree.nodes + node]));
    const whole = { metadata, tensors: new Map([...own, ...gates]) };
    const { network: one } = decodeModel(whole, { threads: inner.threads });
    made.push(one);
    return one;
  };
  try {
    const actions = names.map(
      (_name, a): ActionState => ({
        networks: Array.from({ length: tree.nodes }, (_node, node) => restored(a, node)),
        counts: new SignatureCounts(neurons, contexts, counts[a].slice()),
        leafCounts: leafCounts.slice(a * tree.leaves, (a + 1) * tree.leaves),
        leafSums: leafSums.slice(a * tree.leaves, (a + 1) * tree.leaves),
      }),
    );
    const state = { encoder, names, actions, pending, random, decisions, rewards: rowsSeen };
    return { core: new BanditCore(options, state), extra };
  } catch (error) {
    for (const { native } of made) native.dispose();
    throw error;
  }
}
