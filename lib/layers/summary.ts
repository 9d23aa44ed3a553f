/** A model as a table. */
import { formatTable } from '../terminal/table';
import type { Graph } from './core/graph';
import { type SymbolicShape, shown } from './core/shape';
import type { Weight } from './core/weight';

function sizeOf(weights: Iterable<Weight>): number {
  let sum = 0;
  for (const { size } of weights) sum += size;
  return sum;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Layers with their shapes and weights, and how many numbers there are to train. */
export function summarize(name: string, className: string, graph: Graph): string {
  const rows: string[][] = graph.inputs.map((input) => [
    `${input.name} (Input)`,
    '',
    shown(input.shape),
    '0',
  ]);
  const names = new Map<number, string>(graph.inputs.map((input, slot) => [slot, input.name]));
  const shapes: SymbolicShape[] = graph.inputs.map(({ shape }) => shape);
  const seen = new Set();
  for (const { layer, inputs, output } of graph.nodes) {
    shapes[output] = layer.outputShape(inputs.map((slot) => shapes[slot]));
    names.set(output, layer.name);
    rows.push([
      `${layer.name} (${layer.className})`,
      inputs.map((slot) => names.get(slot)).join(', '),
      shown(shapes[output]),
      seen.has(layer) ? 'shared' : grouped(layer.countParams()),
    ]);
    seen.add(layer);
  }
  const weights = graph.layers.flatMap((layer) => [...layer.weights.values()]);
  const trained = sizeOf(weights.filter(({ trainable }) => trainable));
  const all = sizeOf(weights);
  const header = ['layer', 'from', 'output shape', 'parameters'];
  return [
    `${className} "${name}"`,
    '',
    formatTable(header, rows, { leftColumns: 3 }),
    '',
    `parameters: ${grouped(all)}, of which ${grouped(trained)} are trained`,
  ].join('\n');
}
