/**
 * One batch: values through the network, losses and metrics, gradients back, and a
 * step of the optimiser.
 */
import { GlnError } from '../../errors';
import { Gradients } from '../core/gradients';
import type { Graph, GraphRun, OutputGradient } from '../core/graph';
import { Memory } from '../core/memory';
import type { Pass } from '../core/pass';
import { widthOf } from '../core/shape';
import type { Tensor } from '../core/tensor';
import type { Weight } from '../core/weight';
import type { Compiled, Goal } from './compiled';
import type { DataSet } from './data';
import type { Scored } from './losses';

/** Figures by name: `loss`, and what else is measured. */
export type Logs = { [name: string]: number };

/** Means of losses over the rows of several batches, beside the metrics. */
export class Tally {
  readonly #compiled: Compiled;
  #rows = 0;
  #total = 0;
  #sums: number[];

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
    this.#sums = compiled.goals.map(() => 0);
    for (const goal of compiled.goals) for (const metric of goal?.metrics ?? []) metric.reset();
  }

  /** Counts a batch. */
  add(rows: number, losses: readonly number[], total: number): void {
    this.#rows += rows;
    this.#total += total * rows;
    this.#sums = this.#sums.map((sum, i) => sum + losses[i] * rows);
  }

  logs(): Logs {
    const { goals } = this.#compiled;
    const logs: Logs = { loss: this.#total / this.#rows };
    const isOnly = goals.length === 1;
    for (const [i, goal] of goals.entries()) {
      if (goal !== undefined && !isOnly) logs[`${goal.name}_loss`] = this.#sums[i] / this.#rows;
    }
    for (const goal of goals) {
      for (const [k, name] of (goal?.metricNames ?? []).entries()) {
        logs[isOnly ? name : `${goal?.name}_${name}`] = goal?.metrics[k].result() ?? 0;
      }
    }
    return logs;
  }
}

/** What a batch came to. */
interface Judgement {
  readonly losses: number[];
  readonly total: number;
  readonly scored: readonly (Scored | undefined)[];
}

/** Runs batches through one network. */
export class Stepper {
  readonly #graph: Graph;
  readonly #threads: number;
  readonly #memory = new Memory();
  readonly #gradients = new Gradients();
  readonly #trained: readonly Weight[];

  constructor(graph: Graph, threads: number) {
    this.#graph = graph;
    this.#threads = threads;
    const weights = graph.layers.flatMap((layer) => [...layer.weights.values()]);
    this.#trained = weights.filter(({ trainable }) => trainable);
  }

  /** What the network makes of rows: arrays that stay as they are until the next call. */
  predict(inputs: readonly Tensor[], training = false): readonly Tensor[] {
    this.#memory.reclaim();
    const pass = this.#pass(training, false);
    const { outputs } = this.#graph.run(inputs, pass);
    for (const change of pass.changes) change();
    return outputs;
  }

  /** Adds a batch's losses and metrics, without learning. */
  evaluate(batch: DataSet, compiled: Compiled, tally: Tally): void {
    this.#memory.reclaim();
    const run = this.#graph.run(batch.inputs, this.#pass(false, false));
    this.#count(batch, judge(run, batch, compiled), compiled, tally);
  }

  /**
   * Learns a batch.
   *
   * @throws GlnError `ERR_GLN_VALUE` where the loss is no finite number; weights and
   *   moving averages are as before then.
   */
  train(batch: DataSet, compiled: Compiled, tally: Tally): void {
    const { pass, judgement } = this.#backward(batch, compiled);
    for (const change of pass.changes) change();
    compiled.optimizer.step(this.gradients());
    this.#count(batch, judgement, compiled, tally);
  }

  /** The loss of a batch; its gradients are then in {@link gradients}. Nothing is learned. */
  differentiate(batch: DataSet, compiled: Compiled): number {
    return this.#backward(batch, compiled).judgement.total;
  }

  /** Weights that the last batch's loss depends on, with its gradients. */
  *gradients(): Generator<readonly [Weight, Float32Array]> {
    for (const weight of this.#trained) {
      const gradient = this.#gradients.of(weight);
      if (gradient !== undefined) yield [weight, gradient];
    }
  }

  #backward(batch: DataSet, compiled: Compiled): { pass: Pass; judgement: Judgement } {
    this.#memory.reclaim();
    this.#gradients.begin();
    const pass = this.#pass(true, true);
    const run = this.#graph.run(batch.inputs, pass);
    const judgement = judge(run, batch, compiled);
    if (!Number.isFinite(judgement.total)) {
      throw new GlnError(
        'ERR_GLN_VALUE',
        `loss: expected a finite number, got ${judgement.total}: values or weights have grown too ` +
          'large; a smaller learning rate may help',
      );
    }
    const gradients = compiled.goals.map((goal, i) =>
      goal === undefined ? null : this.#gradientOf(run, i, goal, judgement.scored[i] as Scored),
    );
    run.backward(
      gradients,
      batch.inputs.map(() => false),
    );
    return { pass, judgement };
  }

  #gradientOf(
    run: GraphRun,
    output: number,
    { loss, weight }: Goal,
    scored: Scored,
  ): OutputGradient {
    const activation = run.forwards[output]?.beforeActivation?.activation;
    const beforeActivation =
      loss.cancels !== undefined && activation === loss.cancels && this.#graph.isLeaf(output);
    const gradient = this.#memory.take(scored.output.length);
    loss.gradient(scored, weight, beforeActivation, gradient);
    return { gradient, beforeActivation };
  }

  #count(batch: DataSet, judgement: Judgement, { goals }: Compiled, tally: Tally): void {
    tally.add(batch.rows, judgement.losses, judgement.total);
    for (const [i, goal] of goals.entries()) {
      for (const metric of goal?.metrics ?? []) metric.update(judgement.scored[i] as Scored);
    }
  }

  #pass(training: boolean, isTaped: boolean): Pass {
    return {
      training,
      threads: this.#threads,
      memory: this.#memory,
      gradients: isTaped ? this.#gradients : undefined,
      changes: [],
    };
  }
}

/** Losses of what came out. */
function judge({ outputs }: GraphRun, { targets }: DataSet, { goals }: Compiled): Judgement {
  const scored = goals.map((goal, i): Scored | undefined => {
    const target = targets[i];
    if (goal === undefined || target === undefined) return undefined;
    const { data: output, shape } = outputs[i];
    const width = widthOf(shape);
    const expected = goal.loss.isSparse ? output.length / width : output.length;
    if (target.size === expected) return { target: target.data, output, width };
    throw new GlnError(
      'ERR_GLN_SHAPE',
      `y of ${goal.name}: expected ${expected} numbers for ${shape[0]} rows, got ${target.size}`,
    );
  });
  const losses = scored.map((each, i) =>
    each === undefined ? 0 : (goals[i] as Goal).loss.value(each),
  );
  const total = losses.reduce((sum, loss, i) => sum + loss * (goals[i]?.weight ?? 0), 0);
  return { losses, total, scored };
}
