/**
 * A model behind HTTP: predictions, and learning from rows with a target, by the
 * names of columns. It has no encryption and asks nobody who they are: it stands on
 * this machine alone, or behind something that does.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GlnError } from '../../errors';
import type { CliTask, RunMetrics } from '../tasks/task';
import { HttpError, readJson, send } from './http';
import { RowReader } from './rows';

export interface ServeOptions {
  task: CliTask;
  /** Of rows that were learned while serving before; a state of the task's metrics. */
  served: unknown;
  host: string;
  /** 0 for any that is free. */
  port: number;
  mostBytes: number;
  /** Whether rows with a target may be learned. */
  learns: boolean;
}

/** Time for requests that are being answered when the server is told to stop. */
const GRACE_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 30_000;

/** One figure for a monitor. */
type Line = [name: string, type: 'counter' | 'gauge', help: string, value: number];

type Handler = (request: IncomingMessage) => Promise<{ body: string; type?: string }>;

/** A running server. */
export class ModelServer {
  readonly #server: Server;
  readonly #reader: RowReader;
  readonly #metrics: RunMetrics<unknown>;
  readonly #started = Date.now();
  #learned = 0;
  #predicted = 0;
  #requests = 0;
  #failures = 0;

  constructor(private readonly options: ServeOptions) {
    const { task, served } = options;
    this.#reader = new RowReader(task.schema);
    this.#metrics = task.metrics(served);
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.requestTimeout = REQUEST_MILLISECONDS;
    this.#server.headersTimeout = REQUEST_MILLISECONDS;
  }

  /** Rows learned since the start. */
  get learned(): number {
    return this.#learned;
  }

  /** How all rows went that were ever learned while serving. */
  get metrics(): RunMetrics<unknown> {
    return this.#metrics;
  }

  /** @returns where it listens. @throws GlnError `ERR_GLN_IO` where it cannot */
  async listen(): Promise<AddressInfo> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => {
        const message = `could not listen at ${host}:${port}: ${cause.message}`;
        reject(new GlnError('ERR_GLN_IO', `serve: ${message}`, { cause }));
      });
      this.#server.listen(port, host, resolve);
    });
    return this.#server.address() as AddressInfo;
  }

  /** Takes no more requests, and waits for those that are being answered. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), GRACE_MILLISECONDS);
    await closed;
    clearTimeout(timer);
  }

  readonly #routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    '/predict': { POST: (request) => this.#predict(request) },
    '/learn': { POST: (request) => this.#learn(request) },
    '/health': { GET: async () => ({ body: JSON.stringify(this.#health()) }) },
    '/metrics': { GET: async () => ({ body: this.#exposition(), type: 'text/plain' }) },
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requests += 1;
    try {
      const path = (request.url ?? '/').split('?', 1)[0];
      const methods = Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
      if (methods === undefined) {
        throw new HttpError(404, `expected one of ${Object.keys(this.#routes).join(', ')}`);
      }
      const handler = methods[request.method ?? ''];
      if (handler === undefined) {
        const allowed = Object.keys(methods).join(', ');
        response.setHeader('allow', allowed);
        throw new HttpError(405, `${path}: expected ${allowed}, got ${request.method}`);
      }
      const { body, type } = await handler(request);
      send(response, 200, body, type);
    } catch (error) {
      this.#failures += 1;
      const status = error instanceof HttpError ? error.status : 500;
      const details = error instanceof HttpError ? error.details : {};
      const message = error instanceof Error ? error.message : String(error);
      send(response, status, JSON.stringify({ error: message, ...details }));
    }
  }

  async #predict(request: IncomingMessage): Promise<{ body: string }> {
    const { task, mostBytes } = this.options;
    const { rows } = this.#reader.read(await readJson(request, mostBytes), false);
    const answers = await task.predictAsync(rows);
    const count = rows.length / task.schema.inputs.length;
    this.#predicted += count;
    return { body: this.#predictions(answers, count) };
  }

  async #learn(request: IncomingMessage): Promise<{ body: string }> {
    const { task, mostBytes, learns } = this.options;
    if (!learns) throw new HttpError(403, 'learn: the server was started with --read-only');
    const given = this.#reader.read(await readJson(request, mostBytes), true);
    const answers = await task.learnAsync(given);
    const count = given.targets.length;
    this.#learned += count;
    this.#metrics.count(given, answers);
    return { body: this.#predictions(answers, count) };
  }

  #predictions(answers: unknown, count: number): string {
    const { task } = this.options;
    const predictions = Array.from({ length: count }, (_, row) => task.answerJson(answers, row));
    return JSON.stringify({ predictions, rowsSeen: task.model.rowsSeen });
  }

  #health(): object {
    const { task, learns } = this.options;
    const { inputs, target } = task.schema;
    return {
      status: 'ok',
      target: target.name,
      task: target.task,
      classes: target.classes,
      columns: inputs.map(({ name }) => name),
      learns,
      rowsSeen: task.model.rowsSeen,
      seconds: (Date.now() - this.#started) / 1000,
    };
  }

  /** Prometheus' text format. */
  #exposition(): string {
    const { model } = this.options.task;
    const lines: Line[] = [
      ['gln_requests_total', 'counter', 'Requests.', this.#requests],
      ['gln_failures_total', 'counter', 'Requests answered with an error.', this.#failures],
      ['gln_rows_predicted_total', 'counter', 'Rows predicted.', this.#predicted],
      ['gln_rows_learned_total', 'counter', 'Rows learned.', this.#learned],
      ['gln_model_rows_seen', 'gauge', 'Rows that the model ever learned.', model.rowsSeen],
      ['gln_model_memory_bytes', 'gauge', 'Native memory.', model.memory],
      ...this.#metrics.gauges().map(([name, help, value]): Line => [name, 'gauge', help, value]),
    ];
    const texts = lines.map(
      ([name, type, help, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    );
    return texts.join('');
  }
}
