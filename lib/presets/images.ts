/**
 * Presets for small square images of one channel, found on MNIST
 * (docs/accuracy.md says how, and what each piece brings).
 */
import { checkedInteger, fail } from '../checks';
import type { Rows } from '../classifier';
import type { GLNOptions } from '../options';
import { preprocess } from '../preprocessing/preprocess';
import { fitProjection } from '../preprocessing/projection';
import type { LinearStage, PreprocessingStage } from '../preprocessing/stages';
import type { LearningRate } from '../schedules';
import { composed, cosineStage } from './cosine';

/** What an image preset needs to know. */
export interface ImagePresetOptions {
  /** Values a row: width · width, from 12 · 12 to 256 · 256. */
  inputSize: number;
  /** Classes; 2 or more. */
  numClasses: number;
  /** Rows that will be learned, where that is known: the rate then falls to the end. */
  rows?: number;
}

/** What `mnist` needs to know. */
export interface UnlabelledImagePresetOptions extends ImagePresetOptions {
  /** Training images without labels, for the statistics; a thousand or more. */
  unlabelled: Rows;
}

const SMALLEST_WIDTH = 12;
/** Beyond it the transform's matrix alone would take gigabytes. */
const LARGEST_WIDTH = 256;

/** Every image by its own mean and deviation: how bright and how strong it is says nothing. */
const NORMALIZE: PreprocessingStage = { type: 'normalizeRow' };

/**
 * Added to the variance of each direction before whitening, and what whitened
 * values are multiplied by. Stronger whitening blows up noise; larger base logits
 * learn faster at the same rate.
 */
const REGULARIZATION = 3;
const BASE_FACTOR = 4;
/** Directions that the base keeps: more change nothing. */
const BASE_DIRECTIONS = 79;
/** Directions that the gates look at: more make contexts that depend on details. */
const GATE_DIRECTIONS = 20;
/** Waves that are kept before all else: they lose nothing that can be measured. */
const WAVES = 12;
/** The gates of the online preset look at slow waves instead of directions of variance. */
const GATE_WAVES = 9;

/** Where it stays: twice as much no longer settles, a quarter learns too slowly. */
const RATE = 0.02;
/** Where it falls to a hundredth, it may begin higher. */
const FIRST_RATE = 0.03;

function rateOf(rows: number | undefined): LearningRate {
  if (rows === undefined) return RATE;
  checkedInteger('rows', rows, 1, Number.MAX_SAFE_INTEGER);
  return { type: 'linear', initial: FIRST_RATE, final: FIRST_RATE / 100, rows };
}

/** What both image presets share. */
function network({ numClasses, rows }: ImagePresetOptions): Omit<GLNOptions, 'inputSize'> {
  return {
    numClasses,
    layerSizes: [50, 25],
    contextMapSize: 8,
    shareContexts: true,
    learningRate: rateOf(rows),
    // Deeper layers see many large and alike inputs.
    layerRates: [1, 0.3, 0.3],
    // Makes up for a rate that does not fall.
    aggregation: 'average',
    predClipping: 1e-4,
  };
}

function widthOf(inputSize: unknown): number {
  const size = checkedInteger('inputSize', inputSize, SMALLEST_WIDTH ** 2, LARGEST_WIDTH ** 2);
  const width = Math.sqrt(size);
  if (!Number.isInteger(width)) fail('inputSize', 'the square of an image’s width', inputSize);
  return width;
}

function lowWaves(width: number): LinearStage {
  return cosineStage(width, (x, y) => x < WAVES && y < WAVES);
}

/**
 * `mnist`: statistics of unlabelled images are taken before the first label.
 *
 * Base logits: images normalised, on the directions of largest variance, whitened.
 * Gates: the same directions, the first twenty, not whitened: halfspaces then go
 * through the middle of the data and cut it where it is widest.
 */
export function imagePreset(options: UnlabelledImagePresetOptions): GLNOptions {
  const { inputSize, unlabelled } = options;
  const width = widthOf(inputSize);
  if (unlabelled === undefined) {
    fail('unlabelled', 'rows to take statistics from; mnist-online needs none', unlabelled);
  }
  const waves = lowWaves(width);
  const size = WAVES ** 2;
  const rows = preprocess(unlabelled, inputSize, [NORMALIZE, waves]);
  const base = fitProjection(rows, {
    inputSize: size,
    components: BASE_DIRECTIONS,
    whiten: true,
    regularization: REGULARIZATION,
    factor: BASE_FACTOR,
  });
  const gates = fitProjection(rows, { inputSize: size, components: GATE_DIRECTIONS });
  return {
    ...network(options),
    inputSize,
    basePredictor: [NORMALIZE, composed(waves, base, inputSize)],
    sideInfo: [NORMALIZE, composed(waves, gates, inputSize)],
  };
}

/** `mnist-online`: all statistics are those of the rows learned so far. */
export function onlineImagePreset(options: ImagePresetOptions): GLNOptions {
  const { inputSize } = options;
  const width = widthOf(inputSize);
  return {
    ...network(options),
    inputSize,
    basePredictor: [
      NORMALIZE,
      lowWaves(width),
      {
        type: 'whiten',
        standardized: false,
        regularization: REGULARIZATION,
        limit: 1e3,
        factor: BASE_FACTOR,
      },
    ],
    sideInfo: [
      NORMALIZE,
      cosineStage(width, (x, y) => x + y > 0 && x + y < GATE_WAVES),
      { type: 'center' },
    ],
  };
}
