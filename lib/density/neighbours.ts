/**
 * Which of the bits before a bit are nearest to it.
 */

/**
 * The bits before `bit`, the nearest first; of those as near, the latest first.
 * Near means late, or with `width`, near in the plane of pictures with such lines.
 */
export function bitsBefore(bit: number, width: number | undefined): Uint32Array {
  const before = Uint32Array.from({ length: bit }, (_, i) => bit - 1 - i);
  if (width === undefined) return before;
  const distance = (other: number): number => {
    const down = Math.floor(bit / width) - Math.floor(other / width);
    const across = (bit % width) - (other % width);
    return down ** 2 + across ** 2;
  };
  return before.sort((a, b) => distance(a) - distance(b) || b - a);
}
