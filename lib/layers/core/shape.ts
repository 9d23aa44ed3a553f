/**
 * Shapes of tensors: their arithmetic and how messages write them.
 */

/** Lengths of all axes, the batch first. */
export type Shape = readonly number[];

/** A shape before there are rows: `null` where any length will do, as for the batch. */
export type SymbolicShape = readonly (number | null)[];

/** Elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Length of the last axis. */
export function widthOf(shape: Shape): number {
  return shape[shape.length - 1] ?? 1;
}

/** Rows of the matrix that a tensor is when all axes but the last count as one. */
export function rowsOf(shape: Shape): number {
  return sizeOf(shape.slice(0, -1));
}

/** A shape as messages write it: `[batch, 20]`. */
export function shown(shape: SymbolicShape): string {
  return `[${shape.map((extent, axis) => extent ?? (axis === 0 ? 'batch' : 'any')).join(', ')}]`;
}

/** Whether a tensor of shape `actual` may stand where `expected` is asked for. */
export function fits(actual: SymbolicShape, expected: SymbolicShape): boolean {
  return (
    actual.length === expected.length &&
    expected.every(
      (extent, axis) => extent === null || actual[axis] === null || extent === actual[axis],
    )
  );
}

/** Whether a value is a length that an axis may have. */
export function isExtent(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < 2 ** 31;
}

/** Whether a value is a list of lengths, `null` standing for any. */
export function isSymbolicShape(value: unknown): value is SymbolicShape {
  return (
    Array.isArray(value) &&
    value.length <= MOST_AXES &&
    value.every((extent) => extent === null || isExtent(extent))
  );
}

/** As many axes as files can hold. */
export const MOST_AXES = 32;
