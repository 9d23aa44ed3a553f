/**
 * A network of layers, as it is drawn with symbolic tensors: in which order its
 * layers run, values through it, and gradients back.
 */
import { GlnError } from '../../errors';
import type { Layer } from './layer';
import type { Forward, Pass } from './pass';
import type { Producer, SymbolicTensor } from './symbolic';
import type { Tensor } from './tensor';

/** One use of a layer. Slots are places of values: those of the inputs first. */
export interface GraphNode {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** The gradient of a loss with respect to one output. */
export interface OutputGradient {
  readonly gradient: Float32Array;
  /** Whether it is that of what goes into the activation with which the output's layer ends. */
  readonly beforeActivation?: boolean;
}

/** Values on their way through a graph. */
export interface GraphRun {
  readonly outputs: readonly Tensor[];
  /** How the layer of each output let its values through; undefined where an input is an output. */
  readonly forwards: readonly (Forward | undefined)[];
  /**
   * Leaves the gradients of all weights in the pass.
   *
   * @param gradients of the outputs, null where the loss does not depend on one
   * @returns those of the inputs that are wanted, null for others
   */
  backward(
    gradients: readonly (OutputGradient | null)[],
    wanted: readonly boolean[],
  ): (Float32Array | null)[];
}

interface Drawn {
  readonly tensor: SymbolicTensor;
  readonly producer: Producer;
  /** Uses between it and the farthest output. */
  depth: number;
  /** When the walk from the outputs first met its layer. */
  order: number;
}

/** A network of layers. */
export class Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Uses of layers, each after those that it depends on: Keras's order. */
  readonly nodes: readonly GraphNode[];
  /** The slot of each output. */
  readonly outputSlots: readonly number[];
  #isTrained: boolean[] | undefined;

  /**
   * @throws GlnError `ERR_GLN_OPTION` where an output depends on what is no input, an
   *   input is there twice, or two layers share a name.
   */
  constructor(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]) {
    this.inputs = inputs;
    this.outputs = outputs;
    const slots = new Map<SymbolicTensor, number>();
    for (const input of inputs) {
      if (slots.has(input)) fault('inputs', `expected each once, got ${input.name} twice`);
      slots.set(input, slots.size);
    }
    const drawn = collect(outputs, slots);
    for (const { tensor } of drawn) slots.set(tensor, slots.size);
    const slotOf = (tensor: SymbolicTensor) => slots.get(tensor) as number;
    this.nodes = drawn.map(({ tensor, producer }) => ({
      layer: producer.layer,
      inputs: producer.inputs.map(slotOf),
      output: slotOf(tensor),
    }));
    this.outputSlots = outputs.map(slotOf);
    checkNames(inputs, this.layers);
  }

  /** Its layers, each once, in the order of their first use. */
  get layers(): Layer[] {
    return [...new Set(this.nodes.map(({ layer }) => layer))];
  }

  /** Whether nothing but the loss looks at the values of one output. */
  isLeaf(output: number): boolean {
    const slot = this.outputSlots[output];
    return (
      this.outputSlots.filter((other) => other === slot).length === 1 &&
      !this.nodes.some(({ inputs }) => inputs.includes(slot))
    );
  }

  /** Lets values through. */
  run(inputs: readonly Tensor[], pass: Pass): GraphRun {
    const values: Tensor[] = [...inputs];
    const forwards: (Forward | undefined)[] = inputs.map(() => undefined);
    for (const node of this.nodes) {
      const forward = node.layer.forward(
        node.inputs.map((slot) => values[slot]),
        pass,
      );
      forwards[node.output] = forward;
      values[node.output] = forward.output;
    }
    return {
      outputs: this.outputSlots.map((slot) => values[slot]),
      forwards: this.outputSlots.map((slot) => forwards[slot]),
      backward: (gradients, wanted) => this.#backward(forwards, gradients, wanted, pass),
    };
  }

  #backward(
    forwards: readonly (Forward | undefined)[],
    given: readonly (OutputGradient | null)[],
    wanted: readonly boolean[],
    pass: Pass,
  ): (Float32Array | null)[] {
    const needed = this.#needed(wanted);
    const gradients: (Float32Array | null)[] = forwards.map(() => null);
    const isBefore = new Set<number>();
    for (const [k, each] of given.entries()) {
      if (each === null) continue;
      const slot = this.outputSlots[k];
      gradients[slot] = sum(gradients[slot], each.gradient, pass);
      if (each.beforeActivation === true) isBefore.add(slot);
    }
    for (let k = this.nodes.length - 1; k >= 0; k--) {
      const { output, inputs } = this.nodes[k];
      const gradient = gradients[output];
      if (gradient === null || !needed[output]) continue;
      const forward = forwards[output];
      const backward = isBefore.has(output)
        ? forward?.beforeActivation?.backward
        : forward?.backward;
      const ofInputs = backward?.(
        gradient,
        inputs.map((slot) => needed[slot]),
      );
      for (const [i, slot] of inputs.entries()) {
        const each = ofInputs?.[i] ?? null;
        if (each !== null) gradients[slot] = sum(gradients[slot], each, pass);
      }
    }
    return this.inputs.map((_, slot) => (wanted[slot] ? gradients[slot] : null));
  }

  /** Which slots' gradients lead to a weight that is trained, or to an input that is wanted. */
  #needed(wanted: readonly boolean[]): boolean[] {
    const needed = [...wanted];
    // Looked up once: layers do not get further weights when they are built.
    this.#isTrained ??= this.nodes.map(({ layer }) =>
      [...layer.weights.values()].some(({ trainable }) => trainable),
    );
    for (const [k, { inputs, output }] of this.nodes.entries()) {
      needed[output] = this.#isTrained[k] || inputs.some((slot) => needed[slot]);
    }
    return needed;
  }
}

/** What is there plus what comes; arrays that others may hold are not changed. */
function sum(before: Float32Array | null, more: Float32Array, { memory }: Pass): Float32Array {
  if (before === null) return more;
  const total = memory.take(more.length);
  for (let i = 0; i < total.length; i++) total[i] = before[i] + more[i];
  return total;
}

function fault(name: string, message: string): never {
  throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
}

/**
 * All that the outputs depend on, in the order in which Keras runs and lists it: by
 * falling distance from the outputs, and as the walk from the outputs met it.
 */
function collect(
  outputs: readonly SymbolicTensor[],
  inputs: ReadonlyMap<SymbolicTensor, number>,
): Drawn[] {
  const found = new Map<SymbolicTensor, Drawn>();
  const orders = new Map<Layer, number>();
  // Producers come before what they produce.
  const finished: Drawn[] = [];
  // A stack of one's own: a chain of layers may be longer than calls can be deep.
  const stack: { tensor: SymbolicTensor; leave?: Drawn }[] = [];
  for (const output of [...outputs].reverse()) stack.push({ tensor: output });
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { tensor, leave } = top;
    if (leave !== undefined) {
      finished.push(leave);
      continue;
    }
    if (inputs.has(tensor) || found.has(tensor)) continue;
    const { producer } = tensor;
    if (producer === undefined) {
      fault('outputs', `expected to depend on the given inputs alone, got ${tensor.name} as well`);
    }
    const order = orders.get(producer.layer) ?? orders.size;
    orders.set(producer.layer, order);
    const drawn = { tensor, producer, depth: 0, order };
    found.set(tensor, drawn);
    stack.push({ tensor, leave: drawn });
    for (const from of [...producer.inputs].reverse()) stack.push({ tensor: from });
  }
  for (const { producer, depth } of [...finished].reverse()) {
    for (const from of producer.inputs) {
      const below = found.get(from);
      if (below !== undefined) below.depth = Math.max(below.depth, depth + 1);
    }
  }
  return finished.sort((left, right) => right.depth - left.depth || left.order - right.order);
}

/** Names are what files and losses know inputs and layers by. */
function checkNames(inputs: readonly SymbolicTensor[], layers: readonly Layer[]): void {
  const names = new Set<string>();
  for (const { name } of [...inputs, ...layers]) {
    if (names.has(name)) fault('name', `expected names of a model's own layers, got ${name} twice`);
    names.add(name);
  }
}
