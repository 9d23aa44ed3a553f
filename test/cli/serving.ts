/** A server of the command line inside this process, and requests to it. */
import { request } from 'node:http';
import { start } from './support';

/** What came back. */
export interface Answer {
  status: number;
  body: string;
}

let listening = 0;

/** Where the server listens that runs now. */
export const port = (): number => listening;

/** Asks the server that runs now. */
export function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listening, path, method, agent: false };
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on('error', reject);
    sent.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}

/** Serves a model while `body` asks, and ends in order. */
export async function serving(
  model: string,
  flags: string[],
  body: () => Promise<void>,
): Promise<void> {
  const server = start(['serve', '-m', model, '--port', '0', ...flags]);
  try {
    for (let i = 0; !server.stderr().includes('http://') && i < 500; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    listening = Number(/127\.0\.0\.1:(\d+)/.exec(server.stderr())?.[1]);
    await body();
  } finally {
    server.signals.emit('SIGTERM');
  }
  expect((await server.done).status).toBe(0);
}
