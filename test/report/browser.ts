/**
 * A browser of the machine, without a window, through the pipe of its developer
 * tools: pages are opened as a user opens them, and what they ask of the network or
 * complain about is written down. No package is needed for it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

/** The path of a Chromium, the one in GLN_TEST_BROWSER first; undefined where there is none. */
export function findBrowser(): string | undefined {
  const { GLN_TEST_BROWSER: named, PATH = '' } = process.env;
  if (named !== undefined) return named;
  const folders = PATH.split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** How a page is looked at. */
export interface View {
  width: number;
  scheme?: 'light' | 'dark';
  media?: 'screen' | 'print';
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/** A browser with one page. */
export class Browser {
  /** Addresses that pages have asked for, the pages' own too, and those that were forbidden. */
  readonly requests: string[] = [];
  /** What the browser's console was told: errors, and requests that a policy forbade. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #waiting = new Map<string, () => void>();
  #session: string | undefined;
  #calls = 0;

  private constructor(path: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'gln-browser-'));
    const flags = [
      ...['--headless=new', '--disable-gpu', '--remote-debugging-pipe', '--no-first-run'],
      // Pages are our own; and in containers there is no sandbox to be had.
      '--no-sandbox',
      // Nothing of the world is there, whatever a page asks for.
      ...['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND'],
      `--user-data-dir=${this.#profile}`,
    ];
    this.#process = spawn(path, [...flags, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let text = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (part: string) => {
      const messages = (text + part).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
  }

  static async start(path: string): Promise<Browser> {
    const browser = new Browser(path);
    const target = await browser.#send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    });
    const attached = await browser.#send<{ sessionId: string }>('Target.attachToTarget', {
      ...target,
      flatten: true,
    });
    browser.#session = attached.sessionId;
    for (const domain of ['Page', 'Network', 'Log', 'Runtime']) {
      await browser.#send(`${domain}.enable`);
    }
    return browser;
  }

  /** Opens a file, to the end of loading. */
  async open(file: string, { width, scheme = 'light', media = 'screen' }: View): Promise<void> {
    const size = { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#send('Emulation.setDeviceMetricsOverride', size);
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#send('Emulation.setEmulatedMedia', { media, features });
    const loaded = new Promise<void>((resolve) =>
      this.#waiting.set('Page.loadEventFired', resolve),
    );
    await this.#send('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
  }

  /** What an expression gives in the page; what it gives must be JSON. */
  async evaluate<Result>(expression: string): Promise<Result> {
    const answer = await this.#send<{
      result: { value: Result };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, returnByValue: true });
    const { exceptionDetails, result } = answer;
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? 'the expression failed');
    }
    return result.value;
  }

  /** Waits for a complaint. */
  async complaint(pattern: RegExp): Promise<void> {
    while (!this.complaints.some((text) => pattern.test(text))) await setTimeout(20);
  }

  /** The page on paper. */
  async pdf(): Promise<Buffer> {
    // What `open` asked for would hold on paper too.
    await this.#send('Emulation.setEmulatedMedia', { media: '' });
    const { data } = await this.#send<{ data: string }>('Page.printToPDF', {
      printBackground: true,
    });
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
    // Its helpers may still be writing there.
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #send<Result>(method: string, params: object = {}): Promise<Result> {
    this.#calls += 1;
    const id = this.#calls;
    const message = JSON.stringify({ id, method, params, sessionId: this.#session });
    (this.#process.stdio[3] as Writable).write(`${message}\0`);
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as Result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  #receive(message: Message): void {
    if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
      return;
    }
    const { method = '', params } = message;
    if (method === 'Network.requestWillBeSent') {
      this.requests.push((params as { request: { url: string } }).request.url);
    } else if (method === 'Log.entryAdded') {
      this.complaints.push((params as { entry: { text: string } }).entry.text);
    } else if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown') {
      this.complaints.push(JSON.stringify(params));
    }
    this.#waiting.get(method)?.();
  }
}
