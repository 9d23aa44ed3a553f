/** A model's answers with the names of classes, as predictions and services give them. */
import type { GLN } from '../gln';
import type { Schema } from './data/schema';

/** Predictions for some rows. */
export interface Predictions {
  /** One name a row. */
  classes: string[];
  /** Row by row, a probability for each class, which add up to 1. */
  probabilities: number[][];
}

/** One-vs-all probabilities need not add up to 1; where all are 0 all classes are alike. */
function normalized(values: Float32Array): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return Array.from(values, (value) => (sum > 0 ? value / sum : 1 / values.length));
}

/** Names and probabilities out of what `predict` and `learn` give. */
export function namedAnswers(
  { target }: Schema,
  classes: Uint32Array,
  probabilities: Float32Array,
): Predictions {
  const width = probabilities.length / classes.length;
  const rows = Array.from(classes.keys(), (row) => {
    const own = probabilities.subarray(row * width, (row + 1) * width);
    return width === 1 ? [1 - own[0], own[0]] : normalized(own);
  });
  return { classes: Array.from(classes, (label) => target.classes[label]), probabilities: rows };
}

/** Predicts rows that are whole. */
export function predictNamed(model: GLN, schema: Schema, rows: Float32Array): Predictions {
  const outClasses = new Uint32Array(rows.length / schema.inputs.length);
  const probabilities = model.predict(rows, undefined, { returnProbs: true, outClasses });
  return namedAnswers(schema, outClasses, probabilities);
}
