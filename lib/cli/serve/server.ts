/**
 * A model behind HTTP: predictions, and learning from rows with a target, by the
 * names of columns. It has no encryption and asks nobody who they are: it stands on
 * this machine alone, or behind something that does.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GlnError } from '../../errors';
import type { GLN } from '../../gln';
import { RunningMetrics } from '../../metrics/running';
import { namedAnswers, type Predictions } from '../answers';
import type { Schema } from '../data/schema';
import { HttpError, readJson, send } from './http';
import { RowReader } from './rows';

export interface ServeOptions {
  model: GLN;
  schema: Schema;
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

type Handler = (request: IncomingMessage) => Promise<{ body: string; type?: string }>;

/** A running server. */
export class ModelServer {
  readonly #server: Server;
  readonly #reader: RowReader;
  readonly #metrics: RunningMetrics;
  readonly #started = Date.now();
  #learned = 0;
  #predicted = 0;
  #requests = 0;
  #failures = 0;

  constructor(private readonly options: ServeOptions) {
    this.#reader = new RowReader(options.schema);
    this.#metrics = new RunningMetrics(options.schema.target.classes.length);
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.requestTimeout = REQUEST_MILLISECONDS;
    this.#server.headersTimeout = REQUEST_MILLISECONDS;
  }

  /** Rows learned since the start. */
  get learned(): number {
    return this.#learned;
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
    const { model, schema, mostBytes } = this.options;
    const { rows } = this.#reader.read(await readJson(request, mostBytes), false);
    const outClasses = new Uint32Array(rows.length / schema.inputs.length);
    const probabilities = await model.predictAsync(rows, { returnProbs: true, outClasses });
    this.#predicted += outClasses.length;
    return { body: this.#predictions(namedAnswers(schema, outClasses, probabilities)) };
  }

  async #learn(request: IncomingMessage): Promise<{ body: string }> {
    const { model, schema, mostBytes, learns } = this.options;
    if (!learns) throw new HttpError(403, 'learn: the server was started with --read-only');
    const { rows, labels } = this.#reader.read(await readJson(request, mostBytes), true);
    const outClasses = new Uint32Array(labels.length);
    const options = { returnProbs: true, outClasses } as const;
    const probabilities = await model.learnAsync(rows, labels, options);
    this.#learned += labels.length;
    this.#metrics.updateBatch({ labels, probabilities, classes: outClasses });
    return { body: this.#predictions(namedAnswers(schema, outClasses, probabilities)) };
  }

  #predictions({ classes, probabilities }: Predictions): string {
    const names = this.options.schema.target.classes;
    const predictions = classes.map((prediction, row) => ({
      prediction,
      probabilities: Object.fromEntries(names.map((name, i) => [name, probabilities[row][i]])),
    }));
    return JSON.stringify({ predictions, rowsSeen: this.options.model.rowsSeen });
  }

  #health(): object {
    const { model, schema, learns } = this.options;
    return {
      status: 'ok',
      target: schema.target.name,
      classes: schema.target.classes,
      columns: schema.inputs.map(({ name }) => name),
      learns,
      rowsSeen: model.rowsSeen,
      seconds: (Date.now() - this.#started) / 1000,
    };
  }

  /** Prometheus' text format. */
  #exposition(): string {
    const { recent } = this.#metrics;
    const lines: [name: string, type: 'counter' | 'gauge', help: string, value: number][] = [
      ['gln_requests_total', 'counter', 'Requests.', this.#requests],
      ['gln_failures_total', 'counter', 'Requests answered with an error.', this.#failures],
      ['gln_rows_predicted_total', 'counter', 'Rows predicted.', this.#predicted],
      ['gln_rows_learned_total', 'counter', 'Rows learned.', this.#learned],
      [
        'gln_model_rows_seen',
        'gauge',
        'Rows that the model ever learned.',
        this.options.model.rowsSeen,
      ],
      ['gln_model_memory_bytes', 'gauge', 'Native memory.', this.options.model.memory],
      ['gln_recent_accuracy', 'gauge', 'Of the latest rows, before learning.', recent.accuracy],
      ['gln_recent_log_loss', 'gauge', 'Of the latest rows, before learning.', recent.logLoss],
    ];
    const texts = lines.map(
      ([name, type, help, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    );
    return texts.join('');
  }
}
