/**
 * Trains a Gated Linear Network on MNIST: `npm start` in a fresh clone.
 *
 * One pass over the 60,000 shuffled training images, each predicted before it
 * is learned, then the 10,000 test images. The settings are PyGLN's, so that the
 * result can be compared with its own example.
 */

import { CONSOLE, type Output, runAsProgram } from '../support/program';
import { parseFlags } from './options';

/**
 * Runs the example.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the exit code: 0 for success, 2 for a bad flag, 1 for anything else
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const flags = parseFlags(args, output);
  if (typeof flags === 'number') return flags;
  // The addon chooses its kernels when it is loaded, so the choice comes before that.
  if (flags.isa !== 'auto') process.env.GLN_ISA = flags.isa;
  try {
    const { buildInfo, evaluateMnist, formatReport, GLN, loadMnist } =
      require('gated-linear-networks') as typeof import('gated-linear-networks');
    const data = await loadMnist({
      deskew: flags.deskew,
      ...(flags.data === undefined ? {} : { path: flags.data }),
    });
    const model = new GLN({
      inputSize: data.inputSize,
      numClasses: data.numClasses,
      layerSizes: flags.layers,
      contextMapSize: flags.halfspaces,
      // Pixels are probabilities already: min-max scaling would only stretch pale images.
      basePredictor: 'probabilities',
      learningRate: flags.learningRate,
      predClipping: 1e-3,
      weightClipping: 5,
      seed: flags.seed,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    });
    const result = await evaluateMnist(model, {
      data,
      numEpochs: flags.epochs,
      shuffleSeed: flags.seed,
    });
    const { accuracy, seconds, rowsPerSecond } = result;
    const { isa } = buildInfo();
    if (flags.json) {
      output.stdout(`${JSON.stringify({ accuracy, seconds, rowsPerSecond, isa })}\n`);
      return 0;
    }
    const speed = `${Math.round(rowsPerSecond)} rows/s, ${isa}`;
    output.stdout(
      `test set: ${formatReport(result.report)}\n\n` +
        `learned ${result.rowsLearned} rows in ${seconds.toFixed(2)} s (${speed})\n`,
    );
    return 0;
  } catch (error) {
    // By its code: the class is not at hand when loading the package itself failed.
    const code: unknown = error instanceof Error && Reflect.get(error, 'code');
    if (!(error instanceof Error) || !String(code).startsWith('ERR_GLN_')) throw error;
    output.stderr(`error: ${error.message}\n`);
    return code === 'ERR_GLN_OPTION' || code === 'ERR_GLN_ISA' ? 2 : 1;
  }
}

if (require.main === module) runAsProgram(main);
