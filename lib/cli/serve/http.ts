/** What the server needs of HTTP: bodies within limits, answers, and errors with a status. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error with the HTTP status that it is answered with. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Where in the request, for programs. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

/** @throws HttpError 413 as soon as there is too much, 400 for what is no JSON */
export async function readJson(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  const tooMuch = (): HttpError =>
    new HttpError(413, `body: expected at most ${mostBytes} bytes`, { mostBytes });
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooMuch();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > mostBytes) throw tooMuch();
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new HttpError(400, `body: expected JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Answers, unless that was done. */
export function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // After a body that was not read to its end the connection is of no more use.
    ...(status === 413 && { connection: 'close' }),
  });
  response.end(body);
}
