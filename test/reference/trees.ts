/**
 * Parameters come flat from the engine and nested from JSON files; the reference
 * and the tests want both as one flat array, and the shape of the nested ones.
 */

export type NumberTree = number | ArrayLike<number> | readonly NumberTree[];

/** All numbers of a tree in order, as a new array. */
export function flatten(tree: NumberTree): Float64Array {
  const values: number[] = [];
  collect(tree, values);
  return Float64Array.from(values);
}

/** The lengths along the first branch; of a flat array its length alone. */
export function shapeOf(tree: NumberTree): number[] {
  if (typeof tree === 'number') return [];
  return tree.length === 0 ? [0] : [tree.length, ...shapeOf(tree[0])];
}

function collect(tree: NumberTree, values: number[]): void {
  if (typeof tree === 'number') {
    values.push(tree);
    return;
  }
  for (let index = 0; index < tree.length; index++) collect(tree[index], values);
}
