/**
 * Models as plain data, without weights, and back. What is read may come from
 * anywhere.
 */
import { describe, GlnError } from '../../errors';
import type { Layer, LayerConfig } from '../core/layer';
import type { Parts, Structure } from '../core/structure';
import { input, type SymbolicTensor } from '../core/symbolic';
import type { Network } from '../model-options';
import { LAYERS } from './catalogue';

/** A model as plain data: what JSON can hold. */
export type ModelConfig = { [option: string]: unknown };

interface LayerEntry {
  readonly className: string;
  readonly config: LayerConfig;
}

function fault(name: string, expected: string, got: unknown): GlnError {
  return new GlnError('ERR_GLN_OPTION', `${name}: expected ${expected}, got ${describe(got)}`);
}

/** @throws GlnError `ERR_GLN_OPTION` */
function asObject(name: string, value: unknown): { [key: string]: unknown } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as { [key: string]: unknown };
  }
  throw fault(name, 'an object', value);
}

function asList(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw fault(name, 'an array', value);
}

/** Layers with their classes. */
export function describeLayers(layers: readonly Layer[]): LayerEntry[] {
  return layers.map((layer) => ({ className: layer.className, config: layer.getConfig() }));
}

/** New layers as they were described. @throws GlnError `ERR_GLN_OPTION`, `ERR_GLN_TYPE` */
function remakeLayers(value: unknown): Layer[] {
  return asList('layers', value).map((each, i) => {
    const { className, config } = asObject(`layers[${i}]`, each);
    const make = LAYERS.get(String(className));
    if (make === undefined) {
      throw fault(`layers[${i}].className`, [...LAYERS.keys()].join(', '), className);
    }
    return make(asObject(`layers[${i}].config`, config));
  });
}

function remakeInput(name: string, value: unknown): SymbolicTensor {
  return input(asObject(name, value) as unknown as Parameters<typeof input>[0]);
}

/** What `new Sequential` takes. @throws GlnError */
export function remakeSequence(config: ModelConfig): (Layer | SymbolicTensor)[] {
  const layers = remakeLayers(config.layers);
  return config.input === null ? layers : [remakeInput('input', config.input), ...layers];
}

/** A functional model's inputs, layers, uses of layers and outputs. Slots are as in a Graph. */
export function describeNetwork({ graph, inputs, outputs }: Network): ModelConfig {
  const layers = graph.layers;
  const part = ({ kind, names }: Parts, slots: readonly number[]) => ({ kind, names, slots });
  return {
    tensors: graph.inputs.map(({ name, shape }) => ({ name, shape: shape.slice(1) })),
    layers: describeLayers(layers),
    // Inputs' slots come first, each use's own after them.
    uses: graph.nodes.map((node) => [layers.indexOf(node.layer), ...node.inputs]),
    inputs: part(inputs, [...graph.inputs.keys()]),
    outputs: part(outputs, graph.outputSlots),
  };
}

/** What `new Model` takes. @throws GlnError */
export function redrawNetwork(config: ModelConfig): { inputs: Structure; outputs: Structure } {
  const tensors = asList('tensors', config.tensors).map((each, i) =>
    remakeInput(`tensors[${i}]`, each),
  );
  const inputs = restructure('inputs', config.inputs, tensors);
  const layers = remakeLayers(config.layers);
  for (const [i, use] of asList('uses', config.uses).entries()) {
    const [which, ...slots] = asList(`uses[${i}]`, use);
    const layer = layers[Number(which)];
    if (layer === undefined) throw fault(`uses[${i}]`, 'a layer', which);
    tensors.push(layer.apply(slots.map((slot) => tensorAt(`uses[${i}]`, tensors, slot))));
  }
  return { inputs, outputs: restructure('outputs', config.outputs, tensors) };
}

function tensorAt(name: string, tensors: readonly SymbolicTensor[], slot: unknown): SymbolicTensor {
  const found = typeof slot === 'number' ? tensors[slot] : undefined;
  if (found === undefined) throw fault(name, 'a slot that has a value', slot);
  return found;
}

function restructure(name: string, value: unknown, tensors: readonly SymbolicTensor[]): Structure {
  const { kind, names, slots } = asObject(name, value);
  const parts = asList(`${name}.slots`, slots).map((slot) => tensorAt(name, tensors, slot));
  if (kind === 'one' && parts.length === 1) return parts[0];
  if (kind === 'list') return parts;
  if (kind !== 'record') throw fault(`${name}.kind`, 'one, list or record', kind);
  const keys = asList(`${name}.names`, names);
  if (keys.length !== parts.length) throw fault(`${name}.names`, `${parts.length}`, keys.length);
  return Object.fromEntries(parts.map((part, i) => [String(keys[i]), part]));
}
