/**
 * DuckDB's chunks as rows of floats: what `rowExpressions` asks for is copied as it
 * lies, without a JavaScript value for each cell.
 */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { InputColumn } from './schema';
import type { RawChunk, ReadPlan } from './source';
import { CategoryNumbers, classReader } from './values';

interface NumberVector {
  readonly items: Float32Array | Float64Array;
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
  readonly #classOf: (value: unknown) => number;
  #rows = new Float32Array(0);
  #labels = new Uint32Array(0);

  constructor(private readonly plan: ReadPlan) {
    this.#inputs = plan.schema.inputs;
    this.#hashed = [...this.#inputs.keys()]
      .filter((place) => this.#inputs[place].kind === 'hash')
      .map((place) => ({ place, numbers: new CategoryNumbers() }));
    this.#classOf = classReader(plan.schema.target);
  }

  decode(chunk: DuckDBDataChunk): Pick<RawChunk, 'rows' | 'labels' | 'kept'> {
    const count = chunk.rowCount;
    const width = this.#inputs.length;
    this.#decodeFloats(chunk, count, width);
    for (let i = 0; i < this.#hashed.length; i++) this.#decodeTexts(chunk, i, count);
    const { labelled, keep } = this.plan;
    const labels = 1 + this.#hashed.length;
    if (labelled) this.#decodeLabels(chunk, labels, count);
    const firstKept = labels + Number(labelled);
    const texts = keep.map((_, i) => chunk.getColumnValues(firstKept + i));
    const kept =
      keep.length === 0
        ? []
        : Array.from({ length: count }, (_, row) =>
            texts.map((column) => String(column[row] ?? '')),
          );
    return {
      rows: this.#rows.subarray(0, count * width),
      labels: labelled ? this.#labels.subarray(0, count) : new Uint32Array(0),
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

  #decodeLabels(chunk: DuckDBDataChunk, column: number, count: number): void {
    if (this.#labels.length < count) this.#labels = new Uint32Array(count);
    const { items } = chunk.getColumnVector(column) as unknown as NumberVector;
    const { numeric } = this.plan.schema.target;
    for (let row = 0; row < count; row++) {
      this.#labels[row] = numeric ? this.#classOf(items[row]) : items[row];
    }
  }
}
