/**
 * What all models have in common that learn row after row in native code: counting,
 * saving and disposal.
 */
import { checkKeys, native } from './calls';
import { encodeTensors, writeTensorFile } from './format/tensor-file';
import type { TensorFile } from './format/tensors';
import type { SaveOptions } from './saving/options';

const SAVE_KEYS = new Set(['extra', 'signal']);
const BUFFER_KEYS = new Set(['extra']);

/** What is asked of the inside of a model. @internal */
export interface ModelParts {
  readonly native: { readonly rowsSeen: number; readonly memory: number; dispose(): void };
  /** Everything that the model is, copied, at one moment. */
  encode(extra: unknown): TensorFile;
  /** Waits until no asynchronous call is left. */
  idle(): Promise<void>;
}

/** A model that learns online and can be saved. */
export abstract class OnlineModel {
  readonly #parts: ModelParts;
  readonly #extra: unknown;

  /** @internal */
  protected constructor(parts: ModelParts, extra: unknown) {
    this.#parts = parts;
    this.#extra = extra;
  }

  /** Rows learned so far: the t of learning-rate schedules. */
  get rowsSeen(): number {
    return native(() => this.#parts.native.rowsSeen);
  }

  /** Bytes of native memory that the model holds; 0 once disposed. */
  get memory(): number {
    return this.#parts.native.memory;
  }

  /** What was given to {@link save} as `extra`, in a model that was loaded. */
  get extra(): unknown {
    return this.#extra;
  }

  /**
   * Writes everything that the model is to a file in the safetensors format
   * (docs/format.md), in one step: whatever happens, there is the old file or the
   * new one, whole. The state is that of the moment of the call (of a running
   * `learnAsync`, after its present block), copied before this returns.
   *
   * @param options `extra`: anything that JSON can hold, kept in the file and given
   *   back as {@link extra}, such as a position in a stream; `signal`: stops writing.
   * @throws GlnError `ERR_GLN_IO` where the file cannot be written, `ERR_GLN_TYPE`.
   */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    checkKeys(options, SAVE_KEYS);
    const { extra, signal } = options;
    const file = this.#parts.encode(extra);
    await writeTensorFile(path, file, signal === undefined ? {} : { signal });
  }

  /** The bytes of a file that {@link save} would write. */
  toBuffer(options: Pick<SaveOptions, 'extra'> = {}): Buffer {
    checkKeys(options, BUFFER_KEYS);
    return encodeTensors(this.#parts.encode(options.extra));
  }

  /**
   * Frees the native memory now. Every later use throws `ERR_GLN_DISPOSED`;
   * asynchronous calls end after the present block and reject with it.
   */
  dispose(): void {
    this.#parts.native.dispose();
  }

  /** {@link dispose} at the end of a `using` declaration's block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Waits for all asynchronous calls, and disposes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.idle();
    this.dispose();
  }
}
