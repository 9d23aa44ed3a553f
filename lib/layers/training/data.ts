/**
 * What callers pass as rows and targets, as tensors whose shapes and numbers fit a
 * model.
 */
import { describe, GlnError } from '../../errors';
import { checkFinite } from '../core/layer';
import { fits, type SymbolicShape, shown, sizeOf } from '../core/shape';
import { arrange } from '../core/structure';
import { convert, Tensor, type TensorLike } from '../core/tensor';
import type { TargetRule } from './losses';

/** Rows or targets: of one input or output, of several in order, or of several by name. */
export type Data = TensorLike | readonly TensorLike[] | { readonly [name: string]: TensorLike };

/** Where rows go, or what targets are for. */
export interface Slot {
  readonly name: string;
  /** The batch first. */
  readonly shape: SymbolicShape;
}

/** Everything of one call, with the same number of rows everywhere. */
export interface DataSet {
  readonly rows: number;
  readonly inputs: readonly Tensor[];
  /** One for each output; undefined for those without a loss. */
  readonly targets: readonly (Tensor | undefined)[];
}

function shapeError(name: string, expected: string, got: Tensor): GlnError {
  return new GlnError('ERR_GLN_SHAPE', `${name}: expected ${expected}, got ${shown(got.shape)}`);
}

/** Numbers as rows of a shape: flat ones are cut into rows, others must have the shape. */
function asRows(name: string, value: unknown, shape: SymbolicShape): Tensor {
  const given = convert(name, value);
  const isFlat = given.shape.length === 1 && shape.length > 1;
  if (!isFlat) {
    if (given.size === 0 || !fits(given.shape, shape)) {
      throw shapeError(name, `shape ${shown(shape)}`, given);
    }
    return given;
  }
  const rest = shape.slice(1);
  const known = rest.filter((extent) => extent !== null);
  const width = sizeOf(known);
  if (known.length < rest.length) throw shapeError(name, `shape ${shown(shape)}`, given);
  if (given.size === 0 || given.size % width !== 0) {
    throw shapeError(name, `shape ${shown(shape)}, or a multiple of ${width} numbers`, given);
  }
  return new Tensor(given.data, [given.size / width, ...known]);
}

/** @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`, `ERR_GLN_VALUE` */
export function toInputs(x: unknown, slots: readonly Slot[]): Tensor[] {
  const names = slots.map(({ name }) => name);
  const values = arrange('x', x, names, () => false);
  const inputs = slots.map((slot, i) => {
    const name = slots.length === 1 ? 'x' : `x.${slot.name}`;
    const rows = asRows(name, values[i], slot.shape);
    checkFinite(name, rows);
    return rows;
  });
  for (const [i, { shape }] of inputs.entries()) {
    if (shape[0] !== inputs[0].shape[0]) {
      throw shapeError(`x.${names[i]}`, `${inputs[0].shape[0]} rows, as the first`, inputs[i]);
    }
  }
  return inputs;
}

/**
 * Targets for `rows` rows.
 *
 * @param rules of the loss of each output; undefined where it has none
 * @throws GlnError `ERR_GLN_TYPE`, `ERR_GLN_SHAPE`, `ERR_GLN_VALUE`, `ERR_GLN_LABEL`
 */
export function toTargets(
  y: unknown,
  slots: readonly Slot[],
  rules: readonly (TargetRule | undefined)[],
  rows: number,
): (Tensor | undefined)[] {
  const names = slots.map(({ name }) => name);
  const values = arrange('y', y, names, () => false);
  return slots.map((slot, i) => {
    const rule = rules[i];
    if (rule === undefined) return undefined;
    const name = slots.length === 1 ? 'y' : `y.${slot.name}`;
    const target = asTarget(name, values[i], slot.shape, rule);
    if (target.shape[0] !== rows) throw shapeError(name, `${rows} rows, as x has`, target);
    checkTarget(name, target, rule, slot.shape.at(-1) ?? 1);
    return target;
  });
}

/** A target of the output's shape; where its last axis is 1 long, or is a class, it may be left out. */
function asTarget(name: string, value: unknown, output: SymbolicShape, rule: TargetRule): Tensor {
  const shape = rule.isSparse ? [...output.slice(0, -1), 1] : output;
  const given = convert(name, value);
  const isShort = shape.at(-1) === 1 && given.shape.length === shape.length - 1;
  if (!isShort) return asRows(name, given, shape);
  if (given.size === 0 || !fits(given.shape, shape.slice(0, -1))) {
    throw shapeError(name, `shape ${shown(shape)}`, given);
  }
  return new Tensor(given.data, [...given.shape, 1]);
}

function checkTarget(name: string, target: Tensor, rule: TargetRule, width: number): void {
  checkFinite(name, target);
  const { data } = target;
  if (rule.isSparse) {
    const bad = data.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= width);
    if (bad < 0) return;
    throw new GlnError(
      'ERR_GLN_LABEL',
      `${name}: expected class numbers from 0 to ${width - 1}, got ${describe(data[bad])} at ${bad}`,
    );
  }
  if (!rule.isShare) return;
  const bad = data.findIndex((share) => share < 0 || share > 1);
  if (bad >= 0) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected numbers from 0 to 1, as cross-entropy compares, got ${data[bad]} at ${bad}`,
    );
  }
}

/** Rows `start` to `end` - 1 of a data set, without copying. */
export function slice({ inputs, targets }: DataSet, start: number, end: number): DataSet {
  const cut = ({ data, shape }: Tensor): Tensor => {
    const width = data.length / shape[0];
    const part = data.subarray(start * width, end * width);
    return new Tensor(part, [end - start, ...shape.slice(1)]);
  };
  return {
    rows: end - start,
    inputs: inputs.map(cut),
    targets: targets.map((target) => (target === undefined ? undefined : cut(target))),
  };
}
