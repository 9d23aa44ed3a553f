/**
 * Shapes of equal rank where an axis of length 1 stands for any length.
 */
import { type Shape, type SymbolicShape, sizeOf } from './shape';

/** The common shape of some shapes; undefined where there is none. */
export function commonShape(shapes: readonly SymbolicShape[]): SymbolicShape | undefined {
  const rank = shapes[0].length;
  if (shapes.some((shape) => shape.length !== rank)) return undefined;
  const common: (number | null)[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const extents = shapes.map((shape) => shape[axis]);
    const known = new Set(extents.filter((extent) => extent !== null && extent !== 1));
    if (known.size > 1) return undefined;
    const [extent] = known;
    common.push(extent ?? (extents.includes(null) ? null : 1));
  }
  return common;
}

/** For each element of `shape`, where the element of a tensor of shape `from` is that meets it. */
export function places(from: Shape, shape: Shape): Uint32Array {
  const result = new Uint32Array(sizeOf(shape));
  let block = 1;
  let step = 1;
  // From the last axis on, each axis repeats what the ones behind it have.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const stride = from[axis] === 1 ? 0 : step;
    const whole = block * shape[axis];
    for (let at = block; at < whole; at++) {
      result[at] = result[at % block] + Math.floor(at / block) * stride;
    }
    step *= from[axis];
    block = whole;
  }
  return result;
}
