/**
 * What digits look like: `npm run example:density`.
 *
 * A density model of binarised MNIST, one Gated Linear Network a pixel, learns from
 * one pass over the training images. Its log-likelihood comes from before each image
 * is learned. The picture shows digits that it draws, and lower halves that it finds
 * for the upper halves of test digits.
 */

import {
  AutoregressiveDensity,
  GlnError,
  type ImageGridPlot,
  loadMnist,
  savePlot,
  withProgress,
} from 'gated-linear-networks';
import { CONSOLE, type Output, runAsProgram } from '../support/program';
import { type Flags, parseFlags } from './flags';
import { type BinaryImages, binarise } from './images';

/** Digits a line of the picture. */
const COLUMNS = 10;
/** Lines of digits that are drawn from nothing. */
const DRAWN_LINES = 3;
/** The tone of pixels that were given. */
const GIVEN_TONE = 0.45;

/** What a run found out; log-likelihoods are means, in nats an image. */
interface Summary {
  rows: number;
  testRows: number;
  /** Of the training images, each from before it was learned. */
  online: number;
  /** The same, over the last tenth of them. */
  onlineAtTheEnd: number;
  /** Of the test images, nothing being learned. */
  test: number;
  /** Of the test images, each being learned after. */
  testOnline: number;
  seconds: number;
  memoryMiB: number;
  picture: string;
}

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
  try {
    const summary = await run(flags);
    output.stdout(flags.json ? `${JSON.stringify(summary)}\n` : describe(summary));
    return 0;
  } catch (error) {
    if (!(error instanceof GlnError)) throw error;
    output.stderr(`error: ${error.message}\n`);
    return error.code === 'ERR_GLN_OPTION' ? 2 : 1;
  }
}

async function run(flags: Flags): Promise<Summary> {
  const data = await loadMnist(flags.data === undefined ? {} : { path: flags.data });
  const { shrink, binarise: how, seed } = flags;
  const train = binarise(data.train, { rows: flags.rows, shrink, how, seed });
  const test = binarise(data.test, { rows: flags.testRows, shrink, how, seed: seed + 1 });
  const model = new AutoregressiveDensity({
    size: train.side ** 2,
    width: train.side,
    inputBits: Math.min(flags.inputBits, train.side ** 2),
    gateBits: Math.min(flags.gateBits, flags.inputBits, train.side ** 2),
    layerSizes: flags.layers,
    contextMapSize: flags.halfspaces,
    seed,
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  });
  const begin = process.hrtime.bigint();
  const online = await learn(model, train, !flags.json);
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const frozen = mean(await model.logLikelihoodAsync(test.bits));
  await savePlot(flags.out, picture(model, test, seed, frozen));
  return {
    rows: train.count,
    testRows: test.count,
    online: mean(online),
    onlineAtTheEnd: mean(online.subarray(Math.floor(0.9 * online.length))),
    test: frozen,
    testOnline: mean(await model.learnAsync(test.bits)),
    seconds,
    memoryMiB: model.memory / 2 ** 20,
    picture: flags.out,
  };
}

function learn(
  model: AutoregressiveDensity,
  { bits, count }: BinaryImages,
  enabled: boolean,
): Promise<Float64Array> {
  return withProgress({ total: count, label: 'images', enabled, always: true }, (progress) =>
    model.learnAsync(bits, {
      onProgress: ({ rows, meanLogLikelihood }) =>
        progress.update(rows, { nats: meanLogLikelihood.toFixed(2) }),
    }),
  );
}

/** Drawn digits; test digits; their upper halves, twice completed. */
function picture(
  model: AutoregressiveDensity,
  test: BinaryImages,
  seed: number,
  nats: number,
): ImageGridPlot {
  const pixels = test.side ** 2;
  const half = test.side * Math.floor(test.side / 2);
  const cut = (bits: Uint8Array) =>
    Array.from({ length: bits.length / pixels }, (_, i) =>
      bits.subarray(i * pixels, (i + 1) * pixels),
    );
  const drawn = cut(model.sample(DRAWN_LINES * COLUMNS, { seed }));
  const given = cut(test.bits).slice(0, COLUMNS);
  const completed = given.map((image, i) =>
    cut(model.sample(2, { seed: seed + i, prefix: image.subarray(0, half) })),
  );
  const tinted = (image: Uint8Array) =>
    Array.from(image, (bit, i) => (i < half ? GIVEN_TONE * bit : bit));
  const line = (title: string, images: readonly ArrayLike<number>[]) =>
    images.map((values, i) => ({ title: i === 0 ? title : '', values }));
  return {
    type: 'imageGrid',
    title: 'What digits look like',
    subtitle:
      `after ${model.rowsSeen} images; ln p of a test image is ${nats.toFixed(1)} nats; ` +
      'pale pixels were given',
    imageWidth: test.side,
    imageHeight: test.side,
    gridColumns: COLUMNS,
    images: [
      ...Array.from({ length: DRAWN_LINES }, (_, i) =>
        line(i === 0 ? 'Drawn' : '', drawn.slice(i * COLUMNS, (i + 1) * COLUMNS)),
      ).flat(),
      ...line('Test digits', given),
      ...[0, 1].flatMap((k) =>
        line(
          k === 0 ? 'Completed' : '',
          completed.map((pair) => tinted(pair[k])),
        ),
      ),
    ],
    limit: 1,
    colours: 'sequential',
    valueName: 'ink',
  };
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function describe(summary: Summary): string {
  const { rows, testRows, seconds } = summary;
  return (
    `ln p, nats an image\n` +
    `  online, ${rows} training images: ${summary.online.toFixed(2)}\n` +
    `  online, the last tenth of them: ${summary.onlineAtTheEnd.toFixed(2)}\n` +
    `  ${testRows} test images, nothing learned: ${summary.test.toFixed(2)}\n` +
    `  ${testRows} test images, online: ${summary.testOnline.toFixed(2)}\n` +
    `learned in ${seconds.toFixed(1)} s, ${((1000 * seconds) / rows).toFixed(2)} ms an image; ` +
    `${summary.memoryMiB.toFixed(0)} MiB; wrote ${summary.picture}\n`
  );
}

if (require.main === module) runAsProgram(main);
