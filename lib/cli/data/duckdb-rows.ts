/**
 * DuckDB's chunks as rows of floats: what `rowExpressions` asks for is copied as it
 * lies, without a JavaScript value for each cell.
 */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { InputColumn } from './schema';
import type { RawChunk, ReadPlan } from './source';
import { CategoryNumbers, newTargets, type Targets, targetReader } from './values';

interface NumberVector {
  readonly items: Float32Array | Float64Array;
  readonly validity: { itemValid(index: number): boolean };
}

interface ListVector {
  readonly childVector: { readonly items: Float32Array };
  getEntryOffset(row: number): number;
}

/** Chunks to rows; what it gives is its own memory, used again for the next chunk. */
export class ChunkDecoder {
  readonly #inputs: readonly InputColumn[];
  /** Places in a row of what is hashed, and the numbers of their texts. */
  readonly #hashed: readonly { place: number; numbers: CategoryNumbers }[];
  readonly #targetOf: (value: unknown) => number;
  #rows = new Float32Array(0);
  #targets: Targets;
  #weights = new Float64Array(0);

  constructor(private readonly plan: ReadPlan) {
    this.#inputs = plan.schema.inputs;
    this.#hashed = [...this.#inputs.keys()]
      .filter((place) => this.#inputs[place].kind === 'hash')
      .map((place) => ({ place, numbers: new CategoryNumbers() }));
    this.#targetOf = targetReader(plan.schema.target);
    this.#targets = newTargets(plan.schema.target, 0);
  }

  decode(chunk: DuckDBDataChunk): Pick<RawChunk, 'rows' | 'targets' | 'weights' | 'kept'> {
    const count = chunk.rowCount;
    const width = this.#inputs.length;
    this.#decodeFloats(chunk, count, width);
    for (let i = 0; i < this.#hashed.length; i++) this.#decodeTexts(chunk, i, count);
    const { labelled, keep } = this.plan;
    const weighted = labelled && this.plan.schema.weight !== undefined;
    const target = 1 + this.#hashed.length;
    if (labelled) this.#decodeTargets(chunk, target, count);
    if (weighted) this.#decodeWeights(chunk, target + 1, count);
    const firstKept = target + Number(labelled) + Number(weighted);
    const texts = keep.map((_, i) => chunk.getColumnValues(firstKept + i));
    const kept =
      keep.length === 0
        ? []
        : Array.from({ length: count }, (_, row) =>
            texts.map((column) => String(column[row] ?? '')),
          );
    return {
      rows: this.#rows.subarray(0, count * width),
      targets: this.#targets.subarray(0, labelled ? count : 0),
      ...(weighted && { weights: this.#weights.subarray(0, count) }),
      kept,
    };
  }

  /** The lists lie one behind the other, unless DuckDB has one that is the same for several rows. */
  #decodeFloats(chunk: DuckDBDataChunk, count: number, width: number): void {
    if (this.#rows.length < count * width) this.#rows = new Float32Array(count * width);
    const lists = chunk.getColumnVector(0) as unknown as ListVector;
    const { items } = lists.childVector;
    const start = lists.getEntryOffset(0);
    let row = 1;
    while (row < count && lists.getEntryOffset(row) === start + row * width) row++;
    // Not a view: the memory is the chunk's, and ends with it.
    this.#rows.set(items.subarray(start, start + row * width));
    for (; row < count; row++) {
      const offset = lists.getEntryOffset(row);
      this.#rows.set(items.subarray(offset, offset + width), row * width);
    }
  }

  #decodeTexts(chunk: DuckDBDataChunk, hashed: number, count: number): void {
    const width = this.#inputs.length;
    const { place, numbers } = this.#hashed[hashed];
    const texts = chunk.getColumnVector(1 + hashed);
    for (let row = 0, at = place; row < count; row++, at += width) {
      const name = texts.getItem(row);
      this.#rows[at] = name === null ? Number.NaN : numbers.of(String(name));
    }
  }

  #decodeTargets(chunk: DuckDBDataChunk, column: number, count: number): void {
    const { target } = this.plan.schema;
    if (this.#targets.length < count) this.#targets = newTargets(target, count);
    const { items, validity } = chunk.getColumnVector(column) as unknown as NumberVector;
    for (let row = 0; row < count; row++) {
      if (!target.numeric) this.#targets[row] = items[row];
      else this.#targets[row] = this.#targetOf(validity.itemValid(row) ? items[row] : null);
    }
  }

  #decodeWeights(chunk: DuckDBDataChunk, column: number, count: number): void {
    if (this.#weights.length < count) this.#weights = new Float64Array(count);
    const { items } = chunk.getColumnVector(column) as unknown as NumberVector;
    this.#weights.set(items.subarray(0, count));
  }
}
