/**
 * What a command has to do with the world: streams, signals, and the one result it
 * prints. Tests give it streams of their own.
 */
import type { Readable, Writable } from 'node:stream';

/** A stream to write to; `isTTY` where somebody watches. */
export type CliOutput = Writable & { isTTY?: boolean; columns?: number };

/** What a command may use. */
export interface CliContext {
  stdin: Readable;
  stdout: CliOutput;
  stderr: CliOutput;
  /** Where signals come from; `process`, but in tests. */
  signals: NodeJS.EventEmitter;
  /** Ends the process at once; for the second Ctrl-C. */
  kill(status: number): void;
}

/** The process itself. */
export function processContext(): CliContext {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signals: process,
    kill: (status) => process.exit(status),
  };
}

/** What every command can be told about its output. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/**
 * The result of a command, once: one JSON document on stdout, or text for people.
 * With `--json` the text is not lost on those who watch, but goes to stderr.
 */
export function printResult(
  { stdout, stderr }: CliContext,
  { json, quiet }: OutputOptions,
  result: unknown,
  text: () => string,
): void {
  if (json === true) {
    stdout.write(`${JSON.stringify(result, jsonValue)}\n`);
    if (stderr.isTTY === true && quiet !== true) stderr.write(`${text()}\n`);
  } else {
    stdout.write(`${text()}\n`);
  }
}

/** A remark for people, on stderr. */
export function note({ stderr }: CliContext, { quiet }: OutputOptions, text: string): void {
  if (quiet !== true) stderr.write(`${text}\n`);
}

/** Typed arrays as arrays; JSON itself would make objects of them. */
function jsonValue(_: string, value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return value;
  return Array.from(value as unknown as ArrayLike<number>);
}
