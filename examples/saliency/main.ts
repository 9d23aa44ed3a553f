/**
 * What speaks for each digit: `npm run example:saliency`.
 *
 * With its gates fixed, a Gated Linear Network is linear in its base logits, so
 * one weight for each pixel says exactly what it did with a row. The picture shows
 * these weights, averaged over test rows of each class: where ink speaks for the
 * digit, and where it speaks against it.
 */

import { Command } from 'commander';
import {
  evaluate,
  GLN,
  GlnError,
  gatherLabels,
  gatherRows,
  type ImageGridPlot,
  loadMnist,
  type MnistData,
  savePlot,
  shuffledIndices,
} from 'gated-linear-networks';
import { CONSOLE, integer, type Output, readFlags, runAsProgram } from '../support/program';

interface Flags {
  out: string;
  rows: number;
  seed: number;
  quick: boolean;
  json: boolean;
  data?: string;
}

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Base logits are the pixels less their mean, this many times as large. */
const SCALE = 4;

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
  const command = new Command('npm run example:saliency --')
    .description('Draws what speaks for each digit in a trained network.')
    .option('--out <file>', 'the picture, .svg or .png', 'saliency.png')
    .option('--rows <number>', 'test rows of each digit to average over', integer(1), 100)
    .option('--seed <number>', 'seed of the weights and of the order of rows', integer(0), 1)
    .option('--quick', 'learn 3,000 rows only', false)
    .option('--json', 'print one line of JSON', false)
    .option('--data <folder>', 'folder with four IDX files, such as Fashion-MNIST');
  const flags = readFlags<Flags>(command, args, output);
  if (typeof flags === 'number') return flags;
  try {
    await run(flags, output);
    return 0;
  } catch (error) {
    if (!(error instanceof GlnError)) throw error;
    output.stderr(`error: ${error.message}\n`);
    return error.code === 'ERR_GLN_OPTION' ? 2 : 1;
  }
}

async function run(flags: Flags, output: Output): Promise<void> {
  const data = await loadMnist({
    deskew: true,
    ...(flags.data === undefined ? {} : { path: flags.data }),
    ...(flags.quick ? { limit: 3000 } : {}),
  });
  const mean = meanImage(data.train.images);
  centre(data.train.images, mean);
  centre(data.test.images, mean);
  const model = train(data, flags.seed);
  const { accuracy } = evaluate(model, data.test.images, data.test.labels);
  const plot = saliencyPlot(model, data, flags.rows, accuracy);
  await savePlot(flags.out, plot);
  const summary = { accuracy, rowsPerClass: flags.rows, picture: flags.out };
  output.stdout(
    flags.json
      ? `${JSON.stringify(summary)}\n`
      : `test accuracy ${(100 * accuracy).toFixed(2)} %; wrote ${flags.out}\n`,
  );
}

function train({ train: part, numClasses }: MnistData, seed: number): GLN {
  const model = new GLN({
    inputSize: PIXELS,
    numClasses,
    layerSizes: [32, 16],
    basePredictor: 'logits',
    learningRate: { type: 'inverse', numerator: 100, maximum: 0.01 },
    predClipping: 1e-4,
    seed,
  });
  const order = shuffledIndices(part.size, seed);
  for (let row = 0; row < part.size; row += 1000) {
    const rows = order.subarray(row, row + 1000);
    model.learn(gatherRows(part.images, PIXELS, rows), gatherLabels(part.labels, rows));
  }
  return model;
}

function saliencyPlot(
  model: GLN,
  { test, numClasses }: MnistData,
  rowsPerClass: number,
  accuracy: number,
): ImageGridPlot {
  const images = Array.from({ length: numClasses }, (_, target) => {
    const sums = new Float64Array(PIXELS);
    let used = 0;
    for (let row = 0; row < test.size && used < rowsPerClass; row++) {
      if (test.labels[row] !== target) continue;
      const pixels = test.images.subarray(row * PIXELS, (row + 1) * PIXELS);
      const { weights } = model.explain(pixels, { target });
      for (let pixel = 0; pixel < PIXELS; pixel++) sums[pixel] += weights[pixel];
      used += 1;
    }
    return { title: `${target}`, values: sums.map((sum) => (SCALE * sum) / Math.max(1, used)) };
  });
  return {
    type: 'imageGrid',
    title: 'What speaks for each digit',
    subtitle:
      `change of the digit's logit for a pixel of ink, mean over ${rowsPerClass} test rows each; ` +
      `test accuracy ${(100 * accuracy).toFixed(1)} %`,
    imageWidth: SIDE,
    imageHeight: SIDE,
    images,
    limit: commonLimit(images),
    valueName: 'logit',
  };
}

/** The 99.5th percentile of the magnitudes: a few extreme pixels must not make the rest pale. */
function commonLimit(images: readonly { values: Float64Array }[]): number {
  const magnitudes = images.flatMap(({ values }) => Array.from(values, Math.abs));
  magnitudes.sort((one, other) => one - other);
  return magnitudes[Math.floor(0.995 * (magnitudes.length - 1))] || 1;
}

function meanImage(images: Float32Array): Float64Array {
  const sums = new Float64Array(PIXELS);
  for (let position = 0; position < images.length; position++) {
    sums[position % PIXELS] += images[position];
  }
  return sums.map((sum) => (sum * PIXELS) / images.length);
}

function centre(images: Float32Array, mean: Float64Array): void {
  for (let position = 0; position < images.length; position++) {
    images[position] = SCALE * (images[position] - mean[position % PIXELS]);
  }
}

if (require.main === module) runAsProgram(main);
