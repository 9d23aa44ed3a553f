/**
 * Which of the bits before a bit are nearest to it.
 */

/**
 * The nearest `count` of the bits before `bit`, or all where they are fewer: the
 * nearest first; of those as near, the latest first. Near means late, or with
 * `width`, near in the plane of pictures with such lines.
 */
export function nearestBefore(bit: number, count: number, width: number | undefined): Uint32Array {
  const most = Math.min(bit, count);
  if (width === undefined) return Uint32Array.from({ length: most }, (_, i) => bit - 1 - i);
  const line = Math.floor(bit / width);
  const column = bit % width;
  // Whatever lies farther away than the radius is no nearer than what lies within.
  for (let radius = 1; ; radius *= 2) {
    const within: { other: number; distance: number }[] = [];
    for (let down = 0; down <= Math.min(radius, line); down++) {
      const first = Math.max(0, column - radius);
      const last = down === 0 ? column - 1 : Math.min(width - 1, column + radius);
      for (let to = first; to <= last; to++) {
        const distance = down ** 2 + (column - to) ** 2;
        const other = (line - down) * width + to;
        if (distance <= radius ** 2) within.push({ other, distance });
      }
    }
    if (within.length < most) continue;
    within.sort((a, b) => a.distance - b.distance || b.other - a.other);
    return Uint32Array.from(within.slice(0, most), ({ other }) => other);
  }
}
