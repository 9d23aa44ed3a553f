/** Learns plans in one process, on the instruction set that it was told to use. */
import { buildInfo, GaussianGLN } from '../../lib';
import { answer } from '../support/child';
import { friedman } from './boston';

export interface BitsRun {
  isa: string;
  /** Of one thread in one call, two threads, and row by row: all must be equal. */
  files: string[][];
}

function learned(threads: number, rowsOfCall: number, aggregation: 'last' | 'switching'): string {
  const data = friedman(300, 7);
  const model = new GaussianGLN({
    ...{ inputSize: data.inputSize, layerSizes: [90, 17], seed: 5 },
    ...{ threads, aggregation, learningRate: { type: 'inverse', numerator: 10, maximum: 0.1 } },
  });
  for (let first = 0; first < data.targets.length; first += rowsOfCall) {
    const last = first + rowsOfCall;
    model.learn(
      data.rows.subarray(first * data.inputSize, last * data.inputSize),
      data.targets.subarray(first, last),
    );
  }
  const { means, variances } = model.predict(data.rows);
  const numbers = Buffer.from(Float64Array.of(...means, ...variances).buffer);
  return Buffer.concat([numbers, model.toBuffer()]).toString('base64');
}

answer<BitsRun>(() => ({
  isa: buildInfo().isa,
  files: (['last', 'switching'] as const).map((aggregation) => [
    learned(1, 300, aggregation),
    learned(2, 300, aggregation),
    learned(1, 1, aggregation),
    learned(2, 77, aggregation),
  ]),
}));
