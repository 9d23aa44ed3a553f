/**
 * What batch and layer normalisation share: groups of values are brought to mean 0
 * and variance 1, and the way back through that.
 */

/** Where the values of one group are: from `start`, `count` of them, every `stride`. */
export interface Group {
  readonly start: number;
  readonly count: number;
  readonly stride: number;
}

/** Mean and variance of a group, the variance by the count itself (not by one less). */
export function momentsOf(
  values: Float32Array,
  { start, count, stride }: Group,
): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) sum += values[at];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) squares += (values[at] - mean) ** 2;
  return { mean, variance: squares / count };
}

/** x̂ = (x - mean) · scale for one group. */
export function normalizeGroup(
  values: Float32Array,
  { start, count, stride }: Group,
  mean: number,
  scale: number,
  normalized: Float32Array,
): void {
  for (let i = 0, at = start; i < count; i++, at += stride) {
    normalized[at] = (values[at] - mean) * scale;
  }
}

/**
 * The way back where mean and variance are the group's own: with g the gradient of
 * x̂, (g - mean(g) - x̂ · mean(g ⊙ x̂)) · scale.
 *
 * @param gradient g
 */
export function backwardGroup(
  normalized: Float32Array,
  { start, count, stride }: Group,
  scale: number,
  gradient: Float32Array,
  target: Float32Array,
): void {
  let sum = 0;
  let product = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) {
    sum += gradient[at];
    product += gradient[at] * normalized[at];
  }
  const mean = sum / count;
  const slope = product / count;
  for (let i = 0, at = start; i < count; i++, at += stride) {
    target[at] = (gradient[at] - mean - normalized[at] * slope) * scale;
  }
}
