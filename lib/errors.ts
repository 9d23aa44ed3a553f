/**
 * The one error class of the package.
 *
 * Every mistake that a caller can make, and every failure of the machine below,
 * arrives as a {@link GlnError} with a stable {@link GlnErrorCode}: programs
 * branch on the code, people read the message.
 */

/**
 * Stable identifiers of everything that can go wrong.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_GLN_OPTION` | an option has the wrong type or is out of range |
 * | `ERR_GLN_SHAPE` | an array has the wrong length, or is detached or out of bounds |
 * | `ERR_GLN_TYPE` | an argument is of the wrong type |
 * | `ERR_GLN_VALUE` | a number inside an array is NaN, infinite or outside its range |
 * | `ERR_GLN_LABEL` | a target is no class of the model |
 * | `ERR_GLN_DECISION` | a decision of a bandit is unknown, rewarded already, forgotten or expired |
 * | `ERR_GLN_DISPOSED` | the model was disposed |
 * | `ERR_GLN_BUSY` | the model is in use by a call that has not finished |
 * | `ERR_GLN_ABORTED` | an asynchronous call was stopped by its signal |
 * | `ERR_GLN_MEMORY` | memory could not be had |
 * | `ERR_GLN_FORMAT` | a file or buffer is not what it should be |
 * | `ERR_GLN_IO` | a file could not be read or written |
 * | `ERR_GLN_SOURCE` | a stream of rows failed |
 * | `ERR_GLN_DEPENDENCY` | an optional package is not installed |
 * | `ERR_GLN_ADDON` | the native addon could not be loaded |
 * | `ERR_GLN_ISA` | the instruction set asked for by `GLN_ISA` is unknown or not available |
 */
export type GlnErrorCode =
  | 'ERR_GLN_OPTION'
  | 'ERR_GLN_SHAPE'
  | 'ERR_GLN_TYPE'
  | 'ERR_GLN_VALUE'
  | 'ERR_GLN_LABEL'
  | 'ERR_GLN_DECISION'
  | 'ERR_GLN_DISPOSED'
  | 'ERR_GLN_BUSY'
  | 'ERR_GLN_ABORTED'
  | 'ERR_GLN_MEMORY'
  | 'ERR_GLN_FORMAT'
  | 'ERR_GLN_IO'
  | 'ERR_GLN_SOURCE'
  | 'ERR_GLN_DEPENDENCY'
  | 'ERR_GLN_ADDON'
  | 'ERR_GLN_ISA';

/** An error of this package: a stable `code` and a message for people. */
export class GlnError extends Error {
  /** What went wrong, for programs. */
  readonly code: GlnErrorCode;

  /**
   * An error of that code.
   *
   * @param message names the argument, what was expected, and what came
   */
  constructor(code: GlnErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GlnError';
    this.code = code;
  }
}

/**
 * Ends an asynchronous call that its `signal` stopped: code `ERR_GLN_ABORTED`, the
 * signal's reason as `cause`, and as `name` that of all such errors.
 */
export class GlnAbortError extends GlnError {
  /**
   * Rows of the call that were finished: learned, in a call that learns. Going on
   * from this row gives the same model, bit for bit, as if nothing had happened.
   */
  readonly rowsDone: number;

  /**
   * An error of code `ERR_GLN_ABORTED`.
   *
   * @param rowsDone rows that were learned before the call was stopped
   */
  constructor(message: string, rowsDone: number, options?: { cause?: unknown }) {
    super('ERR_GLN_ABORTED', message, options);
    this.name = 'AbortError';
    this.rowsDone = rowsDone;
  }
}

/**
 * Names a value in an error message: short, safe for any value (also proxies
 * and objects without a prototype), and never longer than a line.
 */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (ArrayBuffer.isView(value)) {
    const name = Object.prototype.toString.call(value).slice(8, -1);
    const length = (value as { length?: number }).length;
    return length === undefined ? name : `${name}(${length})`;
  }
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    default:
      break;
  }
  try {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  } catch {
    return 'an object';
  }
}
