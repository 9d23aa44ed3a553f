/**
 * The folder of one comparison: rows, parameters and results of the processes, and
 * the Node program as plain JavaScript, so that no compiler is in the memory that
 * is measured. It lies in the checkout, where the program finds its packages.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GLN } from 'gated-linear-networks';
import ts from 'typescript';
import type { Dataset } from './datasets';
import { writeArrays } from './files';
import type { Job } from './protocol';

const BENCH = join(__dirname, '..');
const RESULTS = join(BENCH, 'results');

/** What of a job the data set decides. */
export type DatasetJob = Omit<Job, 'model' | 'threads' | 'out'>;

export class Workspace {
  readonly folder: string;
  /** The Node program. */
  readonly program: string;

  constructor() {
    mkdirSync(RESULTS, { recursive: true });
    this.folder = mkdtempSync(join(RESULTS, 'peers-'));
    this.program = this.#compile();
  }

  /** Writes a data set's rows, and the parameters that all GLNs start from. */
  prepare(dataset: Dataset, seed: number): DatasetJob {
    const { name, learn, test, inputSize, numClasses, network, rates, preset } = dataset;
    const file = (ending: string) => join(this.folder, `${name}.${ending}`);
    const files = { rows: file('f32'), labels: file('u8') };
    writeArrays(files.rows, [learn.rows, test.rows]);
    writeArrays(files.labels, [learn.labels, test.labels]);
    const model = new GLN({ inputSize, numClasses, seed, ...network });
    const parameters = file('network');
    const layers = model.parameters();
    writeArrays(
      parameters,
      layers.flatMap(({ weights, hyperplanes, hyperplaneBias }) => {
        return [weights, hyperplanes, hyperplaneBias];
      }),
    );
    model.dispose();
    const counts = { learn: learn.labels.length, test: test.labels.length };
    return { seed, inputSize, numClasses, counts, files, network, parameters, rates, preset };
  }

  /** An empty folder for the results of one process. */
  results(): string {
    return mkdtempSync(join(this.folder, 'out-'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #compile(): string {
    const sources = [
      ...readdirSync(join(BENCH, 'peers', 'node')).map((name) => join('peers', 'node', name)),
      ...['files.ts', 'protocol.ts'].map((name) => join('peers', name)),
      ...['random.ts', 'tensorflow-runtime.ts'],
    ];
    for (const source of sources) {
      const { outputText } = ts.transpileModule(readFileSync(join(BENCH, source), 'utf8'), {
        compilerOptions: {
          module: ts.ModuleKind.CommonJS,
          target: ts.ScriptTarget.ES2022,
          esModuleInterop: true,
        },
      });
      const target = join(this.folder, source.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
    return join(this.folder, 'peers', 'node', 'program.js');
  }
}
