/**
 * The layer by itself: 32 rows of 16 values become 32 rows of 8.
 *
 *     npx ts-node --transpile-only examples/glu/quick-start.ts
 */
import { GatedLinearUnit, randomNormal, setRandomSeed } from 'gated-linear-networks/layers';
import { formatTable } from '../../lib/terminal/table';

/** @param print takes the lines; replaced in the test */
export function main(print: (text: string) => void = console.log): void {
  setRandomSeed(1);
  const x = randomNormal([32, 16]);

  const glu = new GatedLinearUnit({ units: 8 });
  const output = glu.apply(x);

  const rows = [
    ['input', x.shape.join(' x ')],
    ['output', output.shape.join(' x ')],
    ...[...glu.weights].map(([path, { shape }]) => [path, shape.join(' x ')]),
  ];
  print(formatTable(['tensor', 'shape'], rows));
}

if (require.main === module) main();
